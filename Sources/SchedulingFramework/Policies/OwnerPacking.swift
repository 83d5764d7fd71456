// Kubernetes counterpart: none; the example of the guide WriteYourOwnPolicy.

import KubernetesAPI

/// Prefers nodes that already run pods of the same controller: the replicas of a workload end up on few nodes.
///
/// Good for caches that siblings share and for emptying nodes; bad for surviving the loss of one.
package struct OwnerPacking: SchedulerPlugin {
    package static let name: PluginName = "OwnerPacking"

    package init() {}
}

// MARK: - Score

extension OwnerPacking: PreScorePlugin, ScorePlugin {
    /// Whether the pod has a controller is not part of its spec, so that nothing can be remembered for its shape.
    package var preScoreScope: PluginScope { .cluster }
    /// The pods of a node decide, each with its owner.
    package var scoreScope: PluginScope { .cluster }
    /// The node with most siblings gets 100, the others in proportion.
    package var normalization: ScoreNormalization { .byMaximum(reversed: false) }

    /// Skips pods that nobody controls: they have no siblings.
    package func preScore(_ pod: PodInfo, nodes: [NodeInfo], in snapshot: Snapshot, state: CycleState) -> Verdict {
        Self.controller(of: pod) == nil ? .skip : .success
    }

    /// Returns the number of siblings on the node.
    package func score(_ pod: PodInfo, on node: NodeInfo, in snapshot: Snapshot, state: CycleState) -> Int64 {
        guard let controller = Self.controller(of: pod) else { return 0 }
        return Self.siblings(of: controller, among: node.pods)
    }
}

// MARK: - The rule

extension OwnerPacking {
    /// Returns how many of `pods` the owner with identity `controller` controls.
    static func siblings(of controller: UID, among pods: [PodInfo]) -> Int64 {
        var count: Int64 = 0
        for pod in pods where Self.controller(of: pod) == controller { count += 1 }
        return count
    }

    /// Returns the identity of the pod's controller, or nil.
    static func controller(of pod: PodInfo) -> UID? {
        for owner in pod.pod.metadata.ownerReferences where owner.controller { return owner.uid }
        return nil
    }
}
