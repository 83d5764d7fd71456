import Chronology
import VirtualTime

/// The API server takes longer over each request, and brings changes to those who watch later.
package enum APIServerSlow: FaultKind {
    package static let name = "APIServerSlow"
    package static let scope = FaultScope.controlPlane
    package static let defaultDuration = FaultDuration.lasting(.lognormal(median: 300, p95: 3_600))
    package static let options: [FaultOption] = [.delay]
    package static let defaults = FaultSettings { $0.delay = .milliseconds(500) }

    package static func effect(_ settings: FaultSettings) -> FaultEffect {
        .slowAPIServer(delay: settings.delay ?? .zero)
    }
}
