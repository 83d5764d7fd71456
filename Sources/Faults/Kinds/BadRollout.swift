import Chronology
import VirtualTime

/// A new revision of Deployments does not work: it never becomes ready, crashes, or leaks memory.
///
/// The default duration, until it is rolled back, is an assumption: within an hour, as teams with high performance
/// report (DORA). The revision stays bad for ever.
package enum BadRollout: FaultKind {
    package static let name = "BadRollout"
    package static let scope = FaultScope.deployments
    package static let defaultDuration = FaultDuration.lasting(.lognormal(median: 1_800, p95: 14_400))
    package static let options: [FaultOption] = [.trouble, .revision, .delay, .leakPerHour]
    package static let defaults = FaultSettings {
        $0.trouble = .unready
        $0.rollsOut = true
        $0.delay = .seconds(10)
        $0.leakPerHour = 512 << 20
    }

    package static func effect(_ settings: FaultSettings) -> FaultEffect {
        .badRollout(
            BadRevision(
                trouble: settings.trouble ?? .unready, rollsOut: settings.rollsOut ?? true,
                delay: settings.delay ?? .zero, leakPerHour: settings.leakPerHour ?? 0))
    }
}
