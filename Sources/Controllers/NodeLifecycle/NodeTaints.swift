package import Chronology
package import KubernetesAPI

/// Taints to set on a node and to take off.
package struct TaintPatch: Hashable, Sendable {
    /// Taints to set.
    package var add: [Taint] = []
    /// Taints to take off.
    package var remove: [Taint] = []

    /// Creates a patch that changes nothing.
    package init() {}

    /// Whether nothing changes.
    package var isEmpty: Bool { add.isEmpty && remove.isEmpty }
}

/// Which taints follow from a node's conditions.
package enum NodeTaints {
    /// The taint of a node whose kubelet says that it is not ready.
    package static let notReady = "node.kubernetes.io/not-ready"
    /// The taint of a node that is not heard of.
    package static let unreachable = "node.kubernetes.io/unreachable"
    /// The taint of a cordoned node.
    package static let unschedulable = "node.kubernetes.io/unschedulable"

    // The condition, the status that taints, and the taint.
    private static let byCondition: [(type: ConditionType, status: ConditionStatus, key: String)] = [
        (Condition.ready, .false, notReady),
        (Condition.ready, .unknown, unreachable),
        ("MemoryPressure", .true, "node.kubernetes.io/memory-pressure"),
        ("DiskPressure", .true, "node.kubernetes.io/disk-pressure"),
        ("NetworkUnavailable", .true, "node.kubernetes.io/network-unavailable"),
        ("PIDPressure", .true, "node.kubernetes.io/pid-pressure"),
    ]

    /// Whether `taint` is one of the two that drive pods off a lost node.
    static func isLifecycle(_ taint: Taint) -> Bool {
        taint.effect == .noExecute && (taint.key == notReady || taint.key == unreachable)
    }

    /// Returns the NoExecute taint that a node in this condition gets, or nil for a ready one.
    package static func noExecute(_ conditions: [Condition]) -> Taint? {
        switch conditions.named(Condition.ready)?.status {
        case .false: Taint(key: notReady, effect: .noExecute)
        case .unknown: Taint(key: unreachable, effect: .noExecute)
        case .true, nil: nil
        }
    }

    /// Returns the NoSchedule taints that follow from conditions and cordoning, in a fixed order.
    package static func noSchedule(_ node: Node) -> [Taint] {
        var taints: [Taint] = []
        for rule in byCondition where node.status.conditions.named(rule.type)?.status == rule.status {
            taints.append(Taint(key: rule.key, effect: .noSchedule))
        }
        if node.spec.unschedulable { taints.append(Taint(key: unschedulable, effect: .noSchedule)) }
        return taints
    }

    /// Whether the controller sets and removes NoSchedule taints with this key.
    static func isOwn(_ key: String) -> Bool { key == unschedulable || byCondition.contains { $0.key == key } }
}

extension NodeLifecycleReconciler {
    /// Returns what brings the node's NoSchedule taints in line with its conditions.
    package static func scheduleTaints(_ node: Node) -> TaintPatch {
        let wanted = NodeTaints.noSchedule(node)
        let present = node.spec.taints.filter { $0.effect == .noSchedule && NodeTaints.isOwn($0.key) }
        var patch = TaintPatch()
        patch.add = wanted.filter { taint in !present.contains { $0.key == taint.key } }
        patch.remove = present.filter { taint in !wanted.contains { $0.key == taint.key } }
        return patch
    }

    /// Returns the conditions to set on a node that is no longer heard of; empty when they stand.
    package static func unknownConditions(_ conditions: [Condition], now: Instant) -> [Condition] {
        [Condition.ready, "MemoryPressure", "DiskPressure", "PIDPressure"].compactMap { type in
            let present = conditions.named(type)
            if present?.status == .unknown { return nil }
            return present == nil
                ? Condition(
                    type, .unknown, reason: "NodeStatusNeverUpdated", message: "Kubelet never posted node status.",
                    at: now.wholeSecond)
                : Condition(
                    type, .unknown, reason: "NodeStatusUnknown", message: "Kubelet stopped posting node status.",
                    at: now.wholeSecond)
        }
    }
}
