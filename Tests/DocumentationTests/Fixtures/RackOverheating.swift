// The fault that WriteAFault.md writes, but for its imports; a test compares them.
package import Faults
import VirtualTime

/// The cooling of a rack fails: all of its machines lower their clocks.
///
/// The default duration is an assumption: until somebody has replaced the fan.
package enum RackOverheating: FaultKind {
    package static let name = "RackOverheating"
    package static let scope = FaultScope.racks
    package static let defaultDuration = FaultDuration.lasting(.lognormal(median: 3_600, p95: 14_400))
    package static let options: [FaultOption] = [.speed]
    package static let defaults = FaultSettings { $0.speed = 500 }

    package static func effect(_ settings: FaultSettings) -> FaultEffect {
        .slowMachines(permille: settings.speed ?? 1_000)
    }
}
