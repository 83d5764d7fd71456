import VirtualTime

/// A machine works at a part of its speed: its processors, its unpacking and its network link.
///
/// The default duration is an assumption; fail-slow hardware is found after hours to weeks (Gunawi et al., FAST '18).
package enum NodeSlow: FaultKind {
    package static let name = "NodeSlow"
    package static let scope = FaultScope.nodes
    package static let defaultDuration = FaultDuration.lasting(.lognormal(median: 7_200, p95: 86_400))
    package static let options: [FaultOption] = [.speed]
    package static let defaults = FaultSettings { $0.speed = 300 }

    package static func effect(_ settings: FaultSettings) -> FaultEffect {
        .slowMachines(permille: settings.speed ?? 1_000)
    }
}
