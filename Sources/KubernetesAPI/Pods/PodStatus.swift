public import Chronology

/// Where a pod is in its life (`v1.PodPhase`).
@frozen
@usableFromInline
package enum PodPhase: String, Hashable, Sendable, CaseIterable {
    case pending = "Pending"
    case running = "Running"
    case succeeded = "Succeeded"
    case failed = "Failed"
    case unknown = "Unknown"

    /// Whether a pod in this phase never runs again.
    @inlinable
    package var isTerminal: Bool {
        switch self {
        case .succeeded, .failed: true
        case .pending, .running, .unknown: false
        }
    }

    @inlinable
    package static func == (left: PodPhase, right: PodPhase) -> Bool { left.order == right.order }

    // Spelt out, as the compiler's own comparison is not inlined into other modules.
    @inlinable
    var order: UInt8 {
        switch self {
        case .pending: 0
        case .running: 1
        case .succeeded: 2
        case .failed: 3
        case .unknown: 4
        }
    }
}

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

/// What one container does now (`v1.ContainerState`).
@usableFromInline
package enum ContainerState: Hashable, Sendable {
    case waiting(reason: String)
    case running(startedAt: Instant)
    case terminated(exitCode: Int32, reason: String, startedAt: Instant, finishedAt: Instant)
}

/// The state of one container (`v1.ContainerStatus`).
@usableFromInline
package struct ContainerStatus: Hashable, Sendable {
    package var name: String
    package var ready: Bool
    package var started: Bool
    @usableFromInline package var restartCount: Int32
    package var state: ContainerState
    package var lastTermination: ContainerState?
    /// The repository and digest of what it runs, such as `docker.io/library/nginx@sha256:…`; empty before it ran.
    package var imageID: String

    package init(name: String, state: ContainerState = .waiting(reason: "ContainerCreating")) {
        self.name = name
        self.ready = false
        self.started = false
        self.restartCount = 0
        self.imageID = ""
        self.state = state
    }
}

/// What is known of a pod (`v1.PodStatus`): a value whose copies share their storage until one of them is changed.
///
/// A status goes from the kubelet over the wire into the store and to all who watch; with its parts in place each of
/// these copies would cost a dozen references.
@usableFromInline
package struct PodStatus: Sendable {
    @usableFromInline
    package enum QOSClass: String, Hashable, Sendable, CaseIterable {
        case guaranteed = "Guaranteed"
        case burstable = "Burstable"
        case bestEffort = "BestEffort"
    }

    @usableFromInline
    final class Storage: @unchecked Sendable {
        @usableFromInline var phase: PodPhase = .pending
        @usableFromInline var reason: String = ""
        @usableFromInline var message: String = ""
        @usableFromInline var conditions: [Condition] = []
        @usableFromInline var startTime: Instant?
        @usableFromInline var nominatedNodeName: String?
        @usableFromInline var qosClass: QOSClass?
        @usableFromInline var containerStatuses: [ContainerStatus] = []
        @usableFromInline var initContainerStatuses: [ContainerStatus] = []

        init() {}

        init(copying other: Storage) {
            phase = other.phase
            reason = other.reason
            message = other.message
            conditions = other.conditions
            startTime = other.startTime
            nominatedNodeName = other.nominatedNodeName
            qosClass = other.qosClass
            containerStatuses = other.containerStatuses
            initContainerStatuses = other.initContainerStatuses
        }

        /// What every new status shares.
        static let empty = Storage()
    }

    // Written only after `makeUnique`.
    @usableFromInline var storage: Storage

    package init() { storage = .empty }

    @usableFromInline
    mutating func makeUnique() {
        if !isKnownUniquelyReferenced(&storage) { storage = Storage(copying: storage) }
    }

    /// Whether both values are the same copy: a cheap proof that nothing differs.
    @inlinable
    package func isIdentical(to other: PodStatus) -> Bool { storage === other.storage }
}

// MARK: - Parts

extension PodStatus {
    @inlinable
    package var phase: PodPhase {
        _read { yield storage.phase }
        _modify {
            makeUnique()
            yield &storage.phase
        }
    }

    @inlinable
    package var reason: String {
        _read { yield storage.reason }
        _modify {
            makeUnique()
            yield &storage.reason
        }
    }

    @inlinable
    package var message: String {
        _read { yield storage.message }
        _modify {
            makeUnique()
            yield &storage.message
        }
    }

    @inlinable
    package var conditions: [Condition] {
        _read { yield storage.conditions }
        _modify {
            makeUnique()
            yield &storage.conditions
        }
    }

    @inlinable
    package var startTime: Instant? {
        _read { yield storage.startTime }
        _modify {
            makeUnique()
            yield &storage.startTime
        }
    }

    @inlinable
    package var nominatedNodeName: String? {
        _read { yield storage.nominatedNodeName }
        _modify {
            makeUnique()
            yield &storage.nominatedNodeName
        }
    }

    @inlinable
    package var qosClass: QOSClass? {
        _read { yield storage.qosClass }
        _modify {
            makeUnique()
            yield &storage.qosClass
        }
    }

    @inlinable
    package var containerStatuses: [ContainerStatus] {
        _read { yield storage.containerStatuses }
        _modify {
            makeUnique()
            yield &storage.containerStatuses
        }
    }

    @inlinable
    package var initContainerStatuses: [ContainerStatus] {
        _read { yield storage.initContainerStatuses }
        _modify {
            makeUnique()
            yield &storage.initContainerStatuses
        }
    }
}

extension PodStatus: Hashable {
    @usableFromInline
    package static func == (left: PodStatus, right: PodStatus) -> Bool {
        let (left, right) = (left.storage, right.storage)
        return left === right
            || left.phase == right.phase && left.reason == right.reason && left.message == right.message
                && left.conditions == right.conditions && left.startTime == right.startTime
                && left.nominatedNodeName == right.nominatedNodeName && left.qosClass == right.qosClass
                && left.containerStatuses == right.containerStatuses
                && left.initContainerStatuses == right.initContainerStatuses
    }

    @usableFromInline
    package func hash(into hasher: inout Hasher) {
        hasher.combine(phase)
        hasher.combine(reason)
        hasher.combine(message)
        hasher.combine(conditions)
        hasher.combine(containerStatuses)
    }
}

// MARK: - Conditions

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
