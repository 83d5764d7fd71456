/// One container of a pod: what matters to scheduling and running it (`v1.Container`).
@usableFromInline
package struct Container: Hashable, Sendable {
    @usableFromInline
    package enum PullPolicy: String, Hashable, Sendable, CaseIterable {
        case always = "Always"
        case ifNotPresent = "IfNotPresent"
        case never = "Never"
    }

    package var name: String
    package var image: String
    package var requests: ResourceList = [:]
    package var limits: ResourceList = [:]
    package var ports: [ContainerPort] = []
    package var imagePullPolicy: PullPolicy?
    /// Set to `always` on an init container, it makes a sidecar; elsewhere it stands above the pod's.
    package var restartPolicy: RestartPolicy?
    /// Exit codes after which it is restarted whatever its policy says; the first that matches counts.
    package var restartPolicyRules: [RestartRule] = []
    package var startupProbe: Probe?
    package var readinessProbe: Probe?
    package var livenessProbe: Probe?
    package var hasPostStart = false
    /// The length of a postStart hook that sleeps.
    package var postStartSleepSeconds: Int64?
    package var preStop: PreStop?

    /// What a preStop hook does with time: a `sleep` action has a length, other actions have a modelled one.
    @usableFromInline
    package enum PreStop: Hashable, Sendable {
        case sleep(seconds: Int64)
        case hook
    }

    package init(name: String, image: String = "") {
        self.name = name
        self.image = image
    }

    /// Whether this init container keeps running beside the main ones.
    package var isSidecar: Bool { restartPolicy == .always }
}

/// A port that a container opens (`v1.ContainerPort`).
@usableFromInline
package struct ContainerPort: Hashable, Sendable {
    package var name: String = ""
    package var containerPort: Int32
    /// 0 when no port of the node is taken.
    package var hostPort: Int32 = 0
    package var hostIP: String = ""
    package var `protocol`: String = "TCP"

    package init(containerPort: Int32, hostPort: Int32 = 0, hostIP: String = "", protocol: String = "TCP") {
        self.containerPort = containerPort
        self.hostPort = hostPort
        self.hostIP = hostIP
        self.protocol = `protocol`
    }
}

/// When a container that ended is started again (`v1.RestartPolicy`).
@usableFromInline
package enum RestartPolicy: String, Hashable, Sendable, CaseIterable {
    case always = "Always"
    case onFailure = "OnFailure"
    case never = "Never"
}

/// Exit codes after which a container is restarted (`v1.ContainerRestartRule`).
@usableFromInline
package struct RestartRule: Hashable, Sendable {
    /// What is done when the rule matches.
    @usableFromInline
    package enum Action: String, Hashable, Sendable, CaseIterable {
        case restart = "Restart"
        case restartAllContainers = "RestartAllContainers"
    }

    /// Whether the codes are those that match, or those that do not.
    @usableFromInline
    package enum Operator: String, Hashable, Sendable, CaseIterable {
        case `in` = "In"
        case notIn = "NotIn"
    }

    package var action: Action
    package var `operator`: Operator
    package var exitCodes: [Int32]

    package init(action: Action = .restart, operator: Operator, exitCodes: [Int32]) {
        self.action = action
        self.operator = `operator`
        self.exitCodes = exitCodes
    }

    /// Returns whether the rule is about a run that ended with `exitCode`.
    package func matches(_ exitCode: Int32) -> Bool { exitCodes.contains(exitCode) == (`operator` == .in) }
}

/// The timing of a probe (`v1.Probe`); what it would find is the scenario's business.
@usableFromInline
package struct Probe: Hashable, Sendable {
    package var initialDelaySeconds: Int64 = 0
    package var periodSeconds: Int64 = 10
    package var timeoutSeconds: Int64 = 1
    package var successThreshold: Int64 = 1
    package var failureThreshold: Int64 = 3
    package var terminationGracePeriodSeconds: Int64?

    package init() {}
}
