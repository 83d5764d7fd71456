import Chronology
import VirtualTime

/// A registry takes longer to answer, and sends at a part of its bandwidth.
///
/// The default duration, delay and speed are assumptions.
package enum RegistrySlow: FaultKind {
    package static let name = "RegistrySlow"
    package static let scope = FaultScope.registries
    package static let defaultDuration = FaultDuration.lasting(.lognormal(median: 1_800, p95: 10_800))
    package static let options: [FaultOption] = [.delay, .speed]
    package static let defaults = FaultSettings {
        $0.delay = .seconds(2)
        $0.speed = 100
    }

    package static func effect(_ settings: FaultSettings) -> FaultEffect {
        .slowRegistry(delay: settings.delay ?? .zero, permille: settings.speed ?? 1_000)
    }
}
