import KubernetesAPI

// MARK: - PreFilter

extension InterPodAffinity: PreFilterPlugin {
    package var preFilterScope: PluginScope { .cluster }

    package func preFilter(_ pod: PodInfo, in snapshot: Snapshot, state: CycleState) -> PreFilterOutcome {
        let counts = Counts(pod, in: snapshot)
        if counts.existing.isEmpty && !pod.shape.podAffinity.hasRequired { return .skip }
        state[Self.name] = Cycle(counts: counts)
        return .success
    }

    package func podAdded(_ other: PodInfo, to node: NodeInfo, whenFiltering pod: PodInfo, state: CycleState) {
        (state[Self.name] as? Cycle)?.counts?.count(other, on: node.labels, sign: 1)
    }

    package func podRemoved(_ other: PodInfo, from node: NodeInfo, whenFiltering pod: PodInfo, state: CycleState) {
        (state[Self.name] as? Cycle)?.counts?.count(other, on: node.labels, sign: -1)
    }
}

// MARK: - Filter

extension InterPodAffinity: FilterPlugin {
    package var filterScope: PluginScope { .cluster }

    package func filter(_ pod: PodInfo, on node: NodeInfo, state: CycleState) -> Verdict {
        // A profile may switch the pre-filter off and leave the filter on.
        (state[Self.name] as? Cycle)?.counts?.verdict(on: node.labels) ?? Self.missingCounts
    }
}

// MARK: - State

extension InterPodAffinity {
    /// What the plugin keeps during one cycle.
    final class Cycle: CycleData {
        /// nil when the filter has nothing to do.
        var counts: Counts?
        /// The weights for and against a node, by topology domain.
        var weights = DomainCounts()

        init(counts: Counts? = nil, weights: DomainCounts = DomainCounts()) {
            self.counts = counts
            self.weights = weights
        }

        func copied() -> any CycleData { Cycle(counts: counts, weights: weights) }
    }
}
