// Kubernetes counterpart: plugins/tainttoleration (v1.36). Deliberate differences: none.

import KubernetesAPI

/// Keeps pods off nodes with taints that they do not tolerate, and away from PreferNoSchedule taints.
package struct TaintToleration: SchedulerPlugin {
    package static let name: PluginName = "TaintToleration"
    static let reason = "node(s) had untolerated taint(s)"

    package init() {}

    private static let rejection = Verdict.unresolvable(reason)
}

// MARK: - Filter

extension TaintToleration: FilterPlugin {
    package var filterScope: PluginScope { .nodeObject }

    package func filter(_ pod: PodInfo, on node: NodeInfo, state: CycleState) -> Verdict {
        if node.taints.isEmpty { return .success }
        return Self.isKeptOff(by: node.taints, pod.spec.tolerations) ? Self.rejection : .success
    }
}

// MARK: - Score

extension TaintToleration: ScorePlugin {
    package var scoreScope: PluginScope { .nodeObject }
    package var normalization: ScoreNormalization { .byMaximum(reversed: true) }

    /// Returns the number of PreferNoSchedule taints that the pod does not tolerate.
    package func score(_ pod: PodInfo, on node: NodeInfo, in snapshot: Snapshot, state: CycleState) -> Int64 {
        var count: Int64 = 0
        for taint in node.taints where taint.effect == .preferNoSchedule {
            if !Self.isTolerated(taint, by: pod.shape.softTolerations) { count += 1 }
        }
        return count
    }
}

// MARK: - Requeue

extension TaintToleration: RequeueHinting {
    package static let wakeEvents: [EventInterest] = [
        EventInterest(.node, [.add, .nodeTaint]), EventInterest(.unscheduledPod, .podToleration),
    ]

    package func hint(_ pod: PodInfo, after change: ClusterChange) -> QueueingHint {
        if let updated = change.newPod { return updated.metadata.uid == pod.uid ? .queue : .skip }
        guard let node = change.newNode else { return .skip }
        let tolerations = pod.spec.tolerations
        let wasKeptOff = change.oldNode.map { Self.isKeptOff(by: $0.spec.taints, tolerations) } ?? true
        return wasKeptOff && !Self.isKeptOff(by: node.spec.taints, tolerations) ? .queue : .skip
    }
}

// MARK: - The rule

extension TaintToleration {
    /// Returns whether one of `taints` forbids scheduling and is not tolerated.
    static func isKeptOff(by taints: [Taint], _ tolerations: [Toleration]) -> Bool {
        for taint in taints where taint.effect != .preferNoSchedule {
            if !isTolerated(taint, by: tolerations) { return true }
        }
        return false
    }

    static func isTolerated(_ taint: Taint, by tolerations: [Toleration]) -> Bool {
        for toleration in tolerations where toleration.tolerates(taint) { return true }
        return false
    }
}
