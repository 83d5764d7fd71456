import VirtualTime

/// A machine restarts: what runs on it dies, and it is back after its downtime.
package enum NodeReboot: FaultKind {
    package static let name = "NodeReboot"
    package static let scope = FaultScope.nodes
    package static let defaultDuration = FaultDuration.lasting(.lognormal(median: 90, p95: 240))

    package static func effect(_ settings: FaultSettings) -> FaultEffect {
        .powerLoss
    }
}
