package import Chronology
import VirtualTime

/// A registry stops answering: what is not on a machine's disk cannot be pulled.
package enum RegistryOutage: FaultKind {
    package static let name = "RegistryOutage"
    package static let scope = FaultScope.registries
    package static let defaultDuration = FaultDuration.lasting(.lognormal(median: 1_800, p95: 10_800))

    package static func effect(on chosen: [String], nodes: [String], healAfter: Duration?) -> FaultEffect {
        .outageOfRegistries(chosen, healAfter: healAfter)
    }
}
