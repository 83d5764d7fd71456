package import Chronology
import VirtualTime

/// A controller takes longer over each call, so that its requests rest on what was true a while ago.
package enum ControllerSlow: FaultKind {
    package static let name = "ControllerSlow"
    package static let scope = FaultScope.controllers
    package static let defaultDuration = FaultDuration.lasting(.lognormal(median: 600, p95: 3_600))
    package static let defaultDelay: Duration? = .seconds(1)

    package static func effect(on chosen: [String], nodes: [String], healAfter: Duration?) -> FaultEffect {
        .slowControllers(chosen, delay: .seconds(1), healAfter: healAfter)
    }
}
