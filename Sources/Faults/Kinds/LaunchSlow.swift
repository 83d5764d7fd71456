import Chronology
import VirtualTime

/// Machines take longer to boot.
///
/// The default duration and delay are assumptions.
package enum LaunchSlow: FaultKind {
    package static let name = "LaunchSlow"
    package static let scope = FaultScope.launches
    package static let defaultDuration = FaultDuration.lasting(.lognormal(median: 3_600, p95: 14_400))
    package static let options: [FaultOption] = [.delay]
    package static let defaults = FaultSettings { $0.delay = .minutes(5) }

    package static func effect(_ settings: FaultSettings) -> FaultEffect {
        .slowLaunch(delay: settings.delay ?? .zero)
    }
}
