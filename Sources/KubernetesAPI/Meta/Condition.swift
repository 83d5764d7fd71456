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
///
/// A status carries half a dozen of them from hand to hand, mostly in the same few words: these are shared.
@usableFromInline
package struct Condition: Sendable {
    /// What a condition says beside its truth: all of it text, and never changed once it is made.
    @usableFromInline
    package final class Words: Sendable {
        @usableFromInline package let type: ConditionType
        @usableFromInline let reason: String
        @usableFromInline let message: String

        /// Puts what a condition says into words, to be shared by conditions that say the same.
        @usableFromInline
        package init(_ type: ConditionType, reason: String = "", message: String = "") {
            self.type = type
            self.reason = reason
            self.message = message
        }

        // By the number of the type.
        private static let known = ConditionType.known.map { Words($0) }

        /// The type and nothing else, as most conditions that are true say.
        package static func bare(_ type: ConditionType) -> Words {
            type.number > 0 ? known[Int(type.number) - 1] : Words(type)
        }

        fileprivate static func areEqual(_ left: Words, _ right: Words) -> Bool {
            left === right
                || left.type == right.type && left.reason == right.reason && left.message == right.message
        }
    }

    @usableFromInline var words: Words
    // The number of the type, so that looking for one reads no further than the list.
    @usableFromInline var number: UInt8
    @usableFromInline package var status: ConditionStatus
    @usableFromInline package var lastTransitionTime: Instant
    /// Used by workload conditions only (`DeploymentCondition.LastUpdateTime`).
    @usableFromInline package var lastUpdateTime: Instant

    package init(
        _ type: ConditionType, _ status: ConditionStatus, reason: String = "", message: String = "", at time: Instant
    ) {
        let isBare = reason.isEmpty && message.isEmpty
        self.init(isBare ? .bare(type) : Words(type, reason: reason, message: message), status, at: time)
    }

    /// Creates a condition that says what others say as well.
    package init(_ words: Words, _ status: ConditionStatus, at time: Instant) {
        self.words = words
        number = words.type.number
        self.status = status
        lastTransitionTime = time
        lastUpdateTime = time
    }

    package var type: ConditionType { words.type }

    @inlinable
    package var reason: String {
        get { words.reason }
        set { words = Words(words.type, reason: newValue, message: words.message) }
    }

    @inlinable
    package var message: String {
        get { words.message }
        set { words = Words(words.type, reason: words.reason, message: newValue) }
    }

    /// Whether this is the condition of a type.
    @inlinable
    package func isOf(_ type: ConditionType) -> Bool {
        number == type.number && (number != 0 || words.type.name == type.name)
    }

    /// Whether the kubelet alone decides conditions of this type.
    @inlinable
    package var isOfKubelet: Bool { ConditionType.numbersOfKubelet ~= number }

    /// Whether it says exactly this.
    package func says(_ status: ConditionStatus, _ words: Words) -> Bool {
        self.status == status && Words.areEqual(self.words, words)
    }

    /// Changes what the condition says; the transition time moves only when the status does.
    package mutating func set(_ status: ConditionStatus, _ words: Words, at time: Instant) {
        if self.status != status { lastTransitionTime = time }
        self.status = status
        self.words = words
        lastUpdateTime = time
    }

    @inlinable package static var podScheduled: ConditionType { .podScheduled }
    @inlinable package static var podReadyToStartContainers: ConditionType { .podReadyToStartContainers }
    @inlinable package static var initialized: ConditionType { .initialized }
    @inlinable package static var containersReady: ConditionType { .containersReady }
    @inlinable package static var ready: ConditionType { .ready }
    @inlinable package static var disruptionTarget: ConditionType { .disruptionTarget }
}

extension Condition: Hashable {
    @usableFromInline
    package static func == (left: Condition, right: Condition) -> Bool {
        left.number == right.number && left.status == right.status
            && left.lastTransitionTime == right.lastTransitionTime && left.lastUpdateTime == right.lastUpdateTime
            && Words.areEqual(left.words, right.words)
    }

    @usableFromInline
    package func hash(into hasher: inout Hasher) {
        hasher.combine(type.name)
        hasher.combine(status)
        hasher.combine(reason)
        hasher.combine(message)
    }
}

// MARK: - In lists

extension [Condition] {
    /// The condition named `type`, or nil.
    @inlinable
    package func named(_ type: ConditionType) -> Condition? {
        for place in indices where self[place].isOf(type) { return self[place] }
        return nil
    }

    /// Whether the condition named `type` is there and true; in place, without a copy.
    @inlinable
    package func isTrue(_ type: ConditionType) -> Bool {
        for place in indices where self[place].isOf(type) { return self[place].status == .true }
        return false
    }

    private func firstPlace(of type: ConditionType) -> Int? {
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
