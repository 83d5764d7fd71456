// Kubernetes counterpart: plugins/nodeaffinity (v1.36). Deliberate differences: none.

package import KubernetesAPI

/// Restricts a pod to the nodes its selector and required affinity choose, and ranks those it prefers.
package struct NodeAffinity: SchedulerPlugin {
    package static let name: PluginName = "NodeAffinity"
    static let podReason = "node(s) didn't match Pod's node affinity/selector"
    static let addedReason = "node(s) didn't match scheduler-enforced node affinity"
    static let conflictReason = "pod affinity terms conflict"

    /// Laid on every pod of the profile (`NodeAffinityArgs.addedAffinity`).
    package let added: NodeAffinityRules?

    package init(added: NodeAffinityRules? = nil) { self.added = added }

    private static let podRejection = Verdict.unresolvable(podReason)
}

// MARK: - PreFilter

extension NodeAffinity: PreFilterPlugin {
    package var preFilterScope: PluginScope { .nodeObject }

    package func preFilter(_ pod: PodInfo, in snapshot: Snapshot, state: CycleState) -> PreFilterOutcome {
        guard let required = pod.shape.requiredNodes else {
            return pod.spec.nodeSelector.isEmpty && added?.required == nil ? .skip : .success
        }
        guard let names = Self.namedNodes(required.terms) else { return .success }
        return names.isEmpty
            ? PreFilterOutcome(.unresolvable(Self.conflictReason)) : PreFilterOutcome(nodeNames: names)
    }
}

// MARK: - Filter

extension NodeAffinity: FilterPlugin {
    package var filterScope: PluginScope { .nodeObject }

    package func filter(_ pod: PodInfo, on node: NodeInfo, state: CycleState) -> Verdict {
        if let required = added?.required, !required.matches(name: node.name, labels: node.labels) {
            return .unresolvable(Self.addedReason)
        }
        return Self.fits(pod.spec, name: node.name, labels: node.labels) ? .success : Self.podRejection
    }
}

// MARK: - Score

extension NodeAffinity: PreScorePlugin, ScorePlugin {
    package var preScoreScope: PluginScope { .nodeObject }
    package var scoreScope: PluginScope { .nodeObject }
    package var normalization: ScoreNormalization { .byMaximum(reversed: false) }

    package func preScore(_ pod: PodInfo, nodes: [NodeInfo], in snapshot: Snapshot, state: CycleState) -> Verdict {
        pod.shape.preferredNodes.isEmpty && (added?.preferred ?? []).isEmpty ? .skip : .success
    }

    /// Returns the sum of the weights of the preferred terms that match.
    package func score(_ pod: PodInfo, on node: NodeInfo, in snapshot: Snapshot, state: CycleState) -> Int64 {
        Self.weight(of: added?.preferred ?? [], node) + Self.weight(of: pod.shape.preferredNodes, node)
    }
}

// MARK: - Requeue

extension NodeAffinity: RequeueHinting {
    package static let wakeEvents: [EventInterest] = [EventInterest(.node, [.add, .nodeLabel])]

    package func hint(_ pod: PodInfo, after change: ClusterChange) -> QueueingHint {
        guard let node = change.newNode else { return .skip }
        let name = node.metadata.name
        if let required = added?.required, !required.matches(name: name, labels: node.metadata.labels) { return .skip }
        guard Self.fits(pod.spec, name: name, labels: node.metadata.labels) else { return .skip }
        guard let old = change.oldNode else { return .queue }
        return Self.fits(pod.spec, name: name, labels: old.metadata.labels) ? .skip : .queue
    }
}

// MARK: - The rules

extension NodeAffinity {
    /// Returns whether pods of `spec` may run on a node with this name and these labels.
    package static func fits(_ spec: PodSpec, name: String, labels: StringMap) -> Bool {
        for pair in spec.nodeSelector.pairs where labels[pair.key] != pair.value { return false }
        guard let required = spec.affinity?.nodeAffinity?.required else { return true }
        return required.matches(name: name, labels: labels)
    }

    /// Returns the only node names that `terms` can choose, in order; nil when some term names none.
    static func namedNodes(_ terms: [NodeSelectorTerm]) -> [String]? {
        guard !terms.isEmpty else { return nil }
        var names: Set<String> = []
        for term in terms {
            var termNames: Set<String>?
            for field in term.matchFields where field.key == "metadata.name" && field.operator == .in {
                let values = Set(field.values)
                termNames = termNames?.intersection(values) ?? values
            }
            guard let termNames else { return nil }
            names.formUnion(termNames)
        }
        return names.sorted()
    }

    private static func weight(of terms: [PreferredSchedulingTerm], _ node: NodeInfo) -> Int64 {
        var sum: Int64 = 0
        for term in terms where term.weight != 0 {
            if term.preference.matches(name: node.name, labels: node.labels) { sum += term.weight }
        }
        return sum
    }
}
