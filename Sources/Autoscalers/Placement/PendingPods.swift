package import ControlPlane
package import KubernetesAPI

// Kubernetes counterpart: ScheduledAndUnschedulableAndSchedulerUnprocessed (cluster-autoscaler/utils/kubernetes/listers.go).

/// Which pods wait for a node that the scheduler did not find.
package enum PendingPods {
    /// Returns the pods that the scheduler looked at and found no node for, in creation order.
    package static func unschedulable(_ view: any ClusterView) -> [Pod] {
        view.pods(inPhase: .pending).filter(isUnschedulable)
    }

    /// Whether the scheduler found no node for `pod`, which still wants one.
    package static func isUnschedulable(_ pod: Pod) -> Bool {
        guard pod.nodeName == nil, !pod.isTerminating, !pod.status.phase.isTerminal,
            let condition = pod.status.conditions.named(Condition.podScheduled)
        else { return false }
        return condition.status == .false && condition.reason == "Unschedulable"
    }

    /// Whether evictions make room for `pod` on a node already.
    package static func isNominated(_ pod: Pod) -> Bool { pod.status.nominatedNodeName != nil }
}

/// Taints that say nothing of what a node will be once it has started.
package enum PassingTaints {
    /// Set by the node's life alone, and gone once it is ready.
    private static let conditions: Set<String> = [
        "node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable", "node.kubernetes.io/disk-pressure",
        "node.kubernetes.io/memory-pressure", "node.kubernetes.io/pid-pressure",
        "node.kubernetes.io/network-unavailable", "node.kubernetes.io/unschedulable",
        "node.cloudprovider.kubernetes.io/uninitialized", "node.cloudprovider.kubernetes.io/shutdown",
    ]
    private static let startupPrefixes = [
        "startup-taint.cluster-autoscaler.kubernetes.io/", "ignore-taint.cluster-autoscaler.kubernetes.io/",
    ]

    /// Whether the state of a node sets the taint.
    package static func isCondition(_ taint: Taint) -> Bool { conditions.contains(taint.key) }

    /// Whether the taint goes once the node has started (`--startup-taint`).
    package static func isStartup(_ taint: Taint, named names: [String] = []) -> Bool {
        names.contains(taint.key) || startupPrefixes.contains { taint.key.hasPrefix($0) }
    }
}
