// Kubernetes counterpart: plugins/nodename (v1.36). Deliberate differences: none.

import KubernetesAPI

/// Restricts a pod to the node named in its `spec.nodeName`.
package struct NodeName: SchedulerPlugin {
    package static let name: PluginName = "NodeName"
    static let reason = "node(s) didn't match the requested node name"

    package init() {}
}

// MARK: - Filter

extension NodeName: FilterPlugin {
    /// Not part of the pod's shape; but a pod that names a node is bound, so no queued pod ever does.
    package var filterScope: PluginScope { .nodeObject }

    package func filter(_ pod: PodInfo, on node: NodeInfo, state: CycleState) -> Verdict {
        guard let wanted = pod.pod.nodeName, !wanted.isEmpty, wanted != node.name else { return .success }
        return .unresolvable(Self.reason)
    }
}

// MARK: - Requeue

extension NodeName: RequeueHinting {
    package static let wakeEvents: [EventInterest] = [EventInterest(.node, .add)]
}
