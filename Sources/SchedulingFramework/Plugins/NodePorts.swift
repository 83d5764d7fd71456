// Kubernetes counterpart: plugins/nodeports (v1.36). Deliberate differences: none.

import KubernetesAPI

/// Keeps pods off nodes on which a host port they want is taken.
package struct NodePorts: SchedulerPlugin {
    package static let name: PluginName = "NodePorts"
    static let reason = "node(s) didn't have free ports for the requested pod ports"

    package init() {}

    private static let rejection = Verdict.unschedulable(reason)
}

// MARK: - Filter

extension NodePorts: PreFilterPlugin, FilterPlugin {
    package var preFilterScope: PluginScope { .nodeObject }
    package var filterScope: PluginScope { .nodeUsage }

    package func preFilter(_ pod: PodInfo, in snapshot: Snapshot, state: CycleState) -> PreFilterOutcome {
        pod.shape.hostPorts.isEmpty ? .skip : .success
    }

    package func filter(_ pod: PodInfo, on node: NodeInfo, state: CycleState) -> Verdict {
        Self.areFree(pod.shape.hostPorts, among: node.usedPorts) ? .success : Self.rejection
    }
}

// MARK: - Requeue

extension NodePorts: RequeueHinting {
    package static let wakeEvents: [EventInterest] = [
        EventInterest(.assignedPod, .delete), EventInterest(.unscheduledPod, .delete), EventInterest(.node, .add),
    ]

    package func hint(_ pod: PodInfo, after change: ClusterChange) -> QueueingHint {
        guard let deleted = change.oldPod, change.new == nil else { return .queue }
        if deleted.nodeName == nil && deleted.status.nominatedNodeName == nil { return .skip }
        let freed = HostPort.all(of: deleted.spec)
        return Self.areFree(pod.shape.hostPorts, among: freed) ? .skip : .queue
    }
}

// MARK: - The rule

extension NodePorts {
    /// Returns whether none of `wanted` conflicts with one of `taken`.
    static func areFree(_ wanted: [HostPort], among taken: [HostPort]) -> Bool {
        if taken.isEmpty { return true }
        for port in wanted {
            for other in taken where port.conflicts(with: other) { return false }
        }
        return true
    }
}
