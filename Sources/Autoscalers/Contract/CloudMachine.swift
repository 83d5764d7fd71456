package import Chronology

/// A machine that was ordered from a cloud, as the cloud's own interface shows it.
package struct CloudMachine: Sendable {
    /// How far it is.
    package enum State: Hashable, Sendable {
        /// The cloud makes it, or it boots; its kubelet has not registered yet.
        case launching
        /// The cloud does not give it, for a reason such as `InsufficientCapacity`; it costs nothing and never comes.
        case failed(reason: String)
        /// Its kubelet has registered.
        case registered
    }

    /// The name of the machine and, once there is one, of its node.
    package let name: String
    /// The group of which it is one, or the pool for which it was bought.
    package let group: String
    package let zone: String
    package let launchedAt: Instant
    package var state: State
    /// Whether the cloud has said that it takes the machine back shortly.
    package var isInterrupted: Bool

    /// Creates a machine.
    package init(
        name: String, group: String, zone: String, launchedAt: Instant, state: State, isInterrupted: Bool = false
    ) {
        self.name = name
        self.group = group
        self.zone = zone
        self.launchedAt = launchedAt
        self.state = state
        self.isInterrupted = isInterrupted
    }
}
