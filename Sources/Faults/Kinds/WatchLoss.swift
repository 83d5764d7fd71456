import VirtualTime

/// The watch of the controllers breaks: they miss what happens until they list everything anew.
package enum WatchLoss: FaultKind {
    package static let name = "WatchLoss"
    package static let scope = FaultScope.controlPlane
    package static let defaultDuration = FaultDuration.lasting(.lognormal(median: 30, p95: 300))

    package static func effect(_ settings: FaultSettings) -> FaultEffect {
        .lossOfWatch
    }
}
