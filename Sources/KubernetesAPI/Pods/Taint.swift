public import Chronology

/// What a taint does to pods that do not tolerate it (`v1.TaintEffect`).
@usableFromInline
package enum TaintEffect: String, Hashable, Sendable, CaseIterable {
    case noSchedule = "NoSchedule"
    case preferNoSchedule = "PreferNoSchedule"
    case noExecute = "NoExecute"
}

/// A mark on a node that keeps pods away (`v1.Taint`).
@usableFromInline
package struct Taint: Hashable, Sendable {
    package var key: String
    package var value: String
    package var effect: TaintEffect
    /// When it was set, as far as an export says; tells no taint from another.
    package var timeAdded: Instant?

    package init(key: String, value: String = "", effect: TaintEffect, timeAdded: Instant? = nil) {
        self.key = key
        self.value = value
        self.effect = effect
        self.timeAdded = timeAdded
    }

    @usableFromInline
    package static func == (left: Taint, right: Taint) -> Bool {
        left.effect == right.effect && left.key == right.key && left.value == right.value
    }

    @usableFromInline
    package func hash(into hasher: inout Hasher) {
        hasher.combine(key)
        hasher.combine(value)
        hasher.combine(effect)
    }
}

/// Leave for a pod to ignore certain taints (`v1.Toleration`).
@usableFromInline
package struct Toleration: Hashable, Sendable {
    @usableFromInline
    package enum Operator: String, Hashable, Sendable, CaseIterable {
        case equal = "Equal"
        case exists = "Exists"
        /// Behind the gate TaintTolerationComparisonOperators, which is off: such a toleration tolerates nothing.
        case lessThan = "Lt"
        case greaterThan = "Gt"
    }

    /// Empty with `exists` matches every key.
    package var key: String
    package var `operator`: Operator
    package var value: String
    /// nil matches every effect.
    package var effect: TaintEffect?
    package var tolerationSeconds: Int64?

    package init(
        key: String = "", operator: Operator = .equal, value: String = "", effect: TaintEffect? = nil,
        tolerationSeconds: Int64? = nil
    ) {
        self.key = key
        self.operator = `operator`
        self.value = value
        self.effect = effect
        self.tolerationSeconds = tolerationSeconds
    }

    /// Returns whether this toleration matches `taint` (`Toleration.ToleratesTaint`).
    package func tolerates(_ taint: Taint) -> Bool {
        if let effect, effect != taint.effect { return false }
        if !key.isEmpty, key != taint.key { return false }
        switch `operator` {
        case .equal: return value == taint.value
        case .exists: return true
        case .lessThan, .greaterThan: return false
        }
    }
}
