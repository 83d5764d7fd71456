public import Chronology

/// The truth of a condition (`metav1.ConditionStatus`).
@frozen
@usableFromInline
package enum ConditionStatus: String, Hashable, Sendable, CaseIterable {
    case `true` = "True"
    case `false` = "False"
    case unknown = "Unknown"

    @inlinable
    package static func == (left: ConditionStatus, right: ConditionStatus) -> Bool { left.order == right.order }

    // Spelt out, as the compiler's own comparison is not inlined into other modules.
    @inlinable
    var order: UInt8 {
        switch self {
        case .true: 0
        case .false: 1
        case .unknown: 2
        }
    }
}

/// A named observation about an object, with the time of its last change.
@usableFromInline
package struct Condition: Hashable, Sendable {
    @usableFromInline package var type: String
    @usableFromInline package var status: ConditionStatus
    @usableFromInline package var reason: String
    @usableFromInline package var message: String
    @usableFromInline package var lastTransitionTime: Instant
    /// Used by workload conditions only (`DeploymentCondition.LastUpdateTime`).
    @usableFromInline package var lastUpdateTime: Instant

    package init(
        _ type: String, _ status: ConditionStatus, reason: String = "", message: String = "", at time: Instant
    ) {
        self.type = type
        self.status = status
        self.reason = reason
        self.message = message
        self.lastTransitionTime = time
        self.lastUpdateTime = time
    }

    /// Whether this is the condition of a type; most types differ in length, which is far cheaper to compare.
    @inlinable
    package func isOf(_ type: String) -> Bool { self.type.utf8.count == type.utf8.count && self.type == type }

    /// Changes what the condition says; the transition time moves only when the status does.
    package mutating func set(_ status: ConditionStatus, reason: String, message: String, at time: Instant) {
        if self.status != status { lastTransitionTime = time }
        self.status = status
        self.reason = reason
        self.message = message
        lastUpdateTime = time
    }

    @inlinable package static var podScheduled: String { "PodScheduled" }
    @inlinable package static var podReadyToStartContainers: String { "PodReadyToStartContainers" }
    @inlinable package static var initialized: String { "Initialized" }
    @inlinable package static var containersReady: String { "ContainersReady" }
    @inlinable package static var ready: String { "Ready" }
    @inlinable package static var disruptionTarget: String { "DisruptionTarget" }
}

// MARK: - In lists

extension [Condition] {
    /// The condition named `type`, or nil.
    @inlinable
    package func named(_ type: String) -> Condition? {
        for place in indices where self[place].isOf(type) { return self[place] }
        return nil
    }

    /// Whether the condition named `type` is there and true; in place, as a copy costs three references.
    @inlinable
    package func isTrue(_ type: String) -> Bool {
        for place in indices where self[place].isOf(type) { return self[place].status == .true }
        return false
    }

    private func firstPlace(of type: String) -> Int? {
        for place in indices where self[place].isOf(type) { return place }
        return nil
    }

    /// Sets `condition`; the transition time moves only when the status does. Returns whether anything changed.
    @discardableResult
    package mutating func set(_ condition: Condition) -> Bool {
        guard let place = firstPlace(of: condition.type) else {
            append(condition)
            return true
        }
        var next = condition
        if self[place].status == condition.status {
            next.lastTransitionTime = self[place].lastTransitionTime
            next.lastUpdateTime = self[place].lastUpdateTime
        }
        if self[place] == next { return false }
        next.lastUpdateTime = condition.lastUpdateTime
        self[place] = next
        return true
    }
}
