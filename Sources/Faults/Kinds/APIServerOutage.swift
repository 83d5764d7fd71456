import VirtualTime

/// The API server answers no request: nothing changes, and whoever asked backs off. What runs goes on running.
package enum APIServerOutage: FaultKind {
    package static let name = "APIServerOutage"
    package static let scope = FaultScope.controlPlane
    package static let defaultDuration = FaultDuration.lasting(.lognormal(median: 120, p95: 1_200))

    package static func effect(_ settings: FaultSettings) -> FaultEffect {
        .outageOfAPIServer
    }
}
