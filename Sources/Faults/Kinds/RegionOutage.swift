import VirtualTime

/// All machines of a region lose power.
///
/// The default duration is an assumption, after the length of incidents that clouds reported: 3 to 15 hours.
package enum RegionOutage: FaultKind {
    package static let name = "RegionOutage"
    package static let scope = FaultScope.regions
    package static let defaultDuration = FaultDuration.lasting(.lognormal(median: 10_800, p95: 54_000))

    package static func effect(_ settings: FaultSettings) -> FaultEffect {
        .powerLoss
    }
}
