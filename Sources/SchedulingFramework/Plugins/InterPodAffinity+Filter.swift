import KubernetesAPI

// MARK: - PreFilter

extension InterPodAffinity: PreFilterPlugin {
    package var preFilterScope: PluginScope { .cluster }

    package func preFilter(_ pod: PodInfo, in snapshot: Snapshot, state: CycleState) -> PreFilterOutcome {
        let counts = AffinityCounts(pod, in: snapshot)
        if counts.existing.isEmpty && !pod.shape.podAffinity.hasRequired { return .skip }
        state[Self.name] = InterPodAffinityCycle(counts: counts)
        return .success
    }

    package func podAdded(_ other: PodInfo, to node: NodeInfo, whenFiltering pod: PodInfo, state: CycleState) {
        (state[Self.name] as? InterPodAffinityCycle)?.counts?.count(other, on: node.labels, sign: 1)
    }

    package func podRemoved(_ other: PodInfo, from node: NodeInfo, whenFiltering pod: PodInfo, state: CycleState) {
        (state[Self.name] as? InterPodAffinityCycle)?.counts?.count(other, on: node.labels, sign: -1)
    }
}

// MARK: - Filter

extension InterPodAffinity: FilterPlugin {
    package var filterScope: PluginScope { .cluster }

    package func filter(_ pod: PodInfo, on node: NodeInfo, state: CycleState) -> Verdict {
        guard let cycle = state[Self.name] as? InterPodAffinityCycle, cycle.counts != nil else {
            preconditionFailure("InterPodAffinity filters without having pre-filtered")
        }
        return cycle.counts?.verdict(on: node.labels) ?? .success
    }
}
