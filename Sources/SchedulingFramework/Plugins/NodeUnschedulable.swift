// Kubernetes counterpart: plugins/nodeunschedulable (v1.36). Deliberate differences: none.

import KubernetesAPI

/// Keeps pods off cordoned nodes, unless they tolerate the taint that stands for cordoning.
package struct NodeUnschedulable: SchedulerPlugin {
    package static let name: PluginName = "NodeUnschedulable"
    static let reason = "node(s) were unschedulable"
    static let taint = Taint(key: "node.kubernetes.io/unschedulable", effect: .noSchedule)

    package init() {}

    private static let rejection = Verdict.unresolvable(reason)
}

// MARK: - Filter

extension NodeUnschedulable: FilterPlugin {
    package var filterScope: PluginScope { .nodeObject }

    package func filter(_ pod: PodInfo, on node: NodeInfo, state: CycleState) -> Verdict {
        if !node.isUnschedulable || Self.tolerates(pod.spec) { return .success }
        return Self.rejection
    }
}

// MARK: - Requeue

extension NodeUnschedulable: RequeueHinting {
    package static let wakeEvents: [EventInterest] = [
        EventInterest(.node, [.add, .nodeTaint]), EventInterest(.unscheduledPod, .podToleration),
    ]

    package func hint(_ pod: PodInfo, after change: ClusterChange) -> QueueingHint {
        if let updated = change.newPod {
            return updated.metadata.uid == pod.uid && Self.tolerates(updated.spec) ? .queue : .skip
        }
        guard let node = change.newNode, !node.spec.unschedulable else { return .skip }
        return change.oldNode?.spec.unschedulable ?? true ? .queue : .skip
    }
}

// MARK: - The rule

extension NodeUnschedulable {
    /// Returns whether pods of `spec` may run on a cordoned node.
    static func tolerates(_ spec: PodSpec) -> Bool {
        for toleration in spec.tolerations where toleration.tolerates(taint) { return true }
        return false
    }
}
