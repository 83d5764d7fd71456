package import Chronology
package import ControlPlane
import KubernetesAPI

/// A component that adds and removes machines: called at its times, it reads the cluster and its cloud, and asks for the next step.
///
/// Like a reconciler it sees only what an API server and a cloud would show, keeps what it must remember in itself, and
/// touches nothing. The host applies what it asks for, in order, and tells it of refusals.
package protocol NodeAutoscaler {
    /// The component's name, which is the source of its events.
    static var name: String { get }

    /// Calls come at multiples of this alone; nil for at any time (`--scan-interval`).
    var scanInterval: Duration? { get }

    /// Returns the next step.
    mutating func step(_ view: any ClusterView, _ cloud: any CloudView) -> AutoscalerStep

    /// Tells how the API server answered a request of the last step.
    mutating func observe(_ action: Action, error: ActionError?)

    /// Tells how the cloud answered an order of the last step, unless it gives what was wanted first.
    mutating func observe(_ answer: LaunchAnswer, at now: Instant) -> LaunchReply

    /// Goes on with the settings of another of its kind, as after a restart that loses nothing.
    mutating func follow(_ other: any NodeAutoscaler)
}

extension NodeAutoscaler {
    package mutating func observe(_ action: Action, error: ActionError?) {}
    package mutating func observe(_ answer: LaunchAnswer, at now: Instant) -> LaunchReply { LaunchReply() }
    package mutating func follow(_ other: any NodeAutoscaler) {}
}

/// What one call of an autoscaler asks its host to do.
package struct AutoscalerStep: Sendable {
    /// Requests to the API server, in order; each is sent whatever became of the one before.
    package var actions: [Action] = []
    /// Requests to the cloud, in order, after those to the API server.
    package var requests: [CloudRequest] = []
    package var events: [EventRecord] = []
    /// What was decided and why, for the run's `scaling_action` table.
    package var decisions: [ScalingDecision] = []
    /// When to call again even if nothing changes; nil for not before a change.
    package var callAfter: Duration?
    /// How soon after the next change of a pod, a node or a machine to call again; nil for not before `callAfter`.
    package var callAfterChange: Duration?

    /// Creates a step that asks for nothing.
    package init() {}
}

/// One thing that an autoscaler did to the number of machines.
package struct ScalingDecision: Hashable, Sendable {
    /// Whether machines are added or taken away.
    package enum Direction: String, Hashable, Sendable {
        case up, down
    }

    package var direction: Direction
    /// One word in CamelCase, such as `ScaleUp`, `Consolidation`, `Expired`.
    package var reason: String
    /// The group or pool.
    package var group: String
    /// The machine type.
    package var machineType: String
    /// How many machines.
    package var count: Int
    /// The change of the bill in nano-dollars an hour, negative for a saving; nil where a price is not known.
    package var pricePerHour: Int64?
    /// In words: which pods, instead of what, by which expander.
    package var message: String
    /// The machine whose order it goes with: where the cloud gives something else, the reply to that says what is decided.
    package var order: String?

    /// Creates a decision.
    package init(
        _ direction: Direction, reason: String, group: String, machineType: String, count: Int, pricePerHour: Int64?,
        message: String
    ) {
        self.direction = direction
        self.reason = reason
        self.group = group
        self.machineType = machineType
        self.count = count
        self.pricePerHour = pricePerHour
        self.message = message
    }
}
