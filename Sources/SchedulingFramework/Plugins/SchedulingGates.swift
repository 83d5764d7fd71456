// Kubernetes counterpart: plugins/schedulinggates (v1.36). Deliberate differences: none.

import KubernetesAPI

/// Keeps pods with scheduling gates out of the queue.
package struct SchedulingGates: PreEnqueuePlugin {
    package static let name: PluginName = "SchedulingGates"

    package init() {}

    package func preEnqueue(_ pod: PodInfo, facts: EnqueueFacts) -> Verdict {
        let gates = pod.spec.schedulingGates
        if gates.isEmpty { return .success }
        return .unresolvable("waiting for scheduling gates: [\(gates.joined(separator: " "))]")
    }
}

// MARK: - Requeue

extension SchedulingGates: RequeueHinting {
    package static let wakeEvents: [EventInterest] = [EventInterest(.unscheduledPod, .podGatesEliminated)]

    package func hint(_ pod: PodInfo, after change: ClusterChange) -> QueueingHint {
        change.newPod?.metadata.uid == pod.uid ? .queue : .skip
    }
}
