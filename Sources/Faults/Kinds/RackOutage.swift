import VirtualTime

/// All machines of a rack lose power.
///
/// The default duration is what Dean (LADIS 2009) gives for racks at Google: 1 to 6 hours.
package enum RackOutage: FaultKind {
    package static let name = "RackOutage"
    package static let scope = FaultScope.racks
    package static let defaultDuration = FaultDuration.lasting(.uniform(low: 3_600, high: 21_600))

    package static func effect(_ settings: FaultSettings) -> FaultEffect {
        .powerLoss
    }
}
