import VirtualTime

/// A controller's process ends between two requests, and starts again with an empty memory.
///
/// The default duration is what a standby needs to take over: the rest of the lease of 15 s, and a try every 2 s.
package enum ControllerCrash: FaultKind {
    package static let name = "ControllerCrash"
    package static let scope = FaultScope.controllers
    package static let defaultDuration = FaultDuration.lasting(.uniform(low: 5, high: 17))

    package static func effect(_ settings: FaultSettings) -> FaultEffect {
        .controllerCrash
    }
}
