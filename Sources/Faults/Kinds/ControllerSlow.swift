import Chronology
import VirtualTime

/// A controller takes longer over each call, so that its requests rest on what was true a while ago.
package enum ControllerSlow: FaultKind {
    package static let name = "ControllerSlow"
    package static let scope = FaultScope.controllers
    package static let defaultDuration = FaultDuration.lasting(.lognormal(median: 600, p95: 3_600))
    package static let options: [FaultOption] = [.delay]
    package static let defaults = FaultSettings { $0.delay = .seconds(1) }

    package static func effect(_ settings: FaultSettings) -> FaultEffect {
        .slowControllers(delay: settings.delay ?? .zero)
    }
}
