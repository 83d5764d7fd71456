package import Chronology

/// Where a pod is in its life (`v1.PodPhase`).
package enum PodPhase: String, Hashable, Sendable, CaseIterable {
    case pending = "Pending"
    case running = "Running"
    case succeeded = "Succeeded"
    case failed = "Failed"
    case unknown = "Unknown"

    /// Whether a pod in this phase never runs again.
    package var isTerminal: Bool { self == .succeeded || self == .failed }
}

/// The truth of a condition (`metav1.ConditionStatus`).
package enum ConditionStatus: String, Hashable, Sendable, CaseIterable {
    case `true` = "True"
    case `false` = "False"
    case unknown = "Unknown"
}

/// A named observation about an object, with the time of its last change.
package struct Condition: Hashable, Sendable {
    package var type: String
    package var status: ConditionStatus
    package var reason: String
    package var message: String
    package var lastTransitionTime: Instant
    /// Used by workload conditions only (`DeploymentCondition.LastUpdateTime`).
    package var lastUpdateTime: Instant

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

    package static let podScheduled = "PodScheduled"
    package static let podReadyToStartContainers = "PodReadyToStartContainers"
    package static let initialized = "Initialized"
    package static let containersReady = "ContainersReady"
    package static let ready = "Ready"
    package static let disruptionTarget = "DisruptionTarget"
}

/// What one container does now (`v1.ContainerState`).
package enum ContainerState: Hashable, Sendable {
    case waiting(reason: String)
    case running(startedAt: Instant)
    case terminated(exitCode: Int32, reason: String, startedAt: Instant, finishedAt: Instant)
}

/// The state of one container (`v1.ContainerStatus`).
package struct ContainerStatus: Hashable, Sendable {
    package var name: String
    package var ready: Bool
    package var started: Bool
    package var restartCount: Int32
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

/// What is known of a pod (`v1.PodStatus`).
package struct PodStatus: Hashable, Sendable {
    package enum QOSClass: String, Hashable, Sendable, CaseIterable {
        case guaranteed = "Guaranteed"
        case burstable = "Burstable"
        case bestEffort = "BestEffort"
    }

    package var phase: PodPhase = .pending
    package var reason: String = ""
    package var message: String = ""
    package var conditions: [Condition] = []
    package var startTime: Instant?
    package var nominatedNodeName: String?
    package var qosClass: QOSClass?
    package var containerStatuses: [ContainerStatus] = []
    package var initContainerStatuses: [ContainerStatus] = []

    package init() {}
}

// MARK: - Conditions

extension [Condition] {
    /// The condition named `type`, or nil.
    package func named(_ type: String) -> Condition? {
        for condition in self where condition.type == type { return condition }
        return nil
    }

    /// Sets `condition`; the transition time moves only when the status does. Returns whether anything changed.
    @discardableResult
    package mutating func set(_ condition: Condition) -> Bool {
        guard let place = firstIndex(where: { $0.type == condition.type }) else {
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
