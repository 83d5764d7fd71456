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
