import VirtualTime

/// A registry stops answering: what is not on a machine's disk cannot be pulled.
package enum RegistryOutage: FaultKind {
    package static let name = "RegistryOutage"
    package static let scope = FaultScope.registries
    package static let defaultDuration = FaultDuration.lasting(.lognormal(median: 1_800, p95: 10_800))

    package static func effect(_ settings: FaultSettings) -> FaultEffect {
        .registryOutage
    }
}
