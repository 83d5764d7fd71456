import VirtualTime

/// A whole zone loses power.
package enum ZoneOutage: FaultKind {
    package static let name = "ZoneOutage"
    package static let scope = FaultScope.zones
    package static let defaultDuration = FaultDuration.lasting(.lognormal(median: 5_400, p95: 28_800))

    package static func effect(_ settings: FaultSettings) -> FaultEffect {
        .powerLoss
    }
}
