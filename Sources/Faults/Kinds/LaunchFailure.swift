import Chronology
import VirtualTime

/// A share of the launches of machines fails, and each is tried again after a while.
///
/// The default duration, share and time to the next try are assumptions.
package enum LaunchFailure: FaultKind {
    package static let name = "LaunchFailure"
    package static let scope = FaultScope.launches
    package static let defaultDuration = FaultDuration.lasting(.lognormal(median: 3_600, p95: 14_400))
    package static let options: [FaultOption] = [.share, .retry]
    package static let defaults = FaultSettings {
        $0.share = 500_000
        $0.retry = .minutes(5)
    }

    package static func effect(_ settings: FaultSettings) -> FaultEffect {
        .launchFailure(partsPerMillion: settings.share ?? 0, retry: settings.retry ?? .zero)
    }
}
