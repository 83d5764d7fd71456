// Kubernetes counterpart: plugins/interpodaffinity (v1.36).
// Deliberate differences: none; selectors that cannot be parsed are refused when the pod is read.

import KubernetesAPI

/// Brings pods into the same topology domain as others, or keeps them out of it, by rules of either side.
package struct InterPodAffinity: SchedulerPlugin {
    /// The plugin's arguments (`InterPodAffinityArgs`).
    package struct Arguments: Hashable, Sendable {
        /// 0 to 100; what a required affinity of a pod on a node counts in the score.
        package var hardPodAffinityWeight: Int64 = 1
        /// Whether pods without preferences of their own are scored without those of the pods on the nodes.
        package var ignoresPreferredTermsOfExistingPods = false

        package init() {}
    }

    package static let name: PluginName = "InterPodAffinity"
    package let arguments: Arguments

    package init(arguments: Arguments = Arguments()) { self.arguments = arguments }

    static let missingCounts = Verdict(
        .error, reasons: ["error reading \"PreFilterInterPodAffinity\" from cycleState: not found"])

    /// Said when the pod's required affinity is not met; no eviction brings pods into a domain.
    package static let affinityRejection = Verdict.unresolvable("node(s) didn't match pod affinity rules")
    /// Said when the pod's required anti-affinity is not met.
    package static let antiAffinityRejection = Verdict.unschedulable("node(s) didn't match pod anti-affinity rules")
    /// Said when a pod in the node's domain has an anti-affinity against the pod.
    package static let existingRejection = Verdict.unschedulable(
        "node(s) didn't satisfy existing pods anti-affinity rules")
}

// MARK: - The rules

extension InterPodAffinity {
    /// The check of a pod's required affinity against one node, term by term.
    @usableFromInline
    package struct AffinityCheck: Sendable {
        @usableFromInline var hasKeys = true
        @usableFromInline var hasPods = true

        @inlinable
        package init() {}

        /// Takes in one term: how many pods match all terms in the node's domain, or nil when it has no such label.
        @inlinable
        package mutating func see(_ count: Int64?) {
            guard let count else {
                hasKeys = false
                return
            }
            if count <= 0 { hasPods = false }
        }

        /// Whether the node will do. `isFirst` tells that no pod of the cluster matches all terms in a domain of theirs,
        /// and that the pod itself does: the first of a group that wants to be together may go anywhere.
        @inlinable
        package func passes(isFirst: Bool) -> Bool { hasKeys && (hasPods || isFirst) }
    }

    /// Returns what is said of a node, given the three checks; the first that fails speaks.
    package static func verdict(
        meetsAffinity: Bool, meetsAntiAffinity: Bool, meetsExistingAntiAffinity: Bool
    ) -> Verdict {
        if !meetsAffinity { return affinityRejection }
        if !meetsAntiAffinity { return antiAffinityRejection }
        return meetsExistingAntiAffinity ? .success : existingRejection
    }

    /// Returns the score, 0 to 100, of a node whose sum of weights is `raw`, given the bounds over all feasible nodes.
    ///
    /// In floating point, because upstream's results are those of its roundings.
    @inlinable
    package static func normalized(_ raw: Int64, minimum: Int64, maximum: Int64) -> Int64 {
        guard maximum > minimum else { return 0 }
        return Int64(100 * (Double(raw - minimum) / Double(maximum - minimum)))
    }
}
