import VirtualTime

/// The scheduler's process ends, and starts again with an empty queue and cache.
///
/// The default duration is what a standby needs to take over: the rest of the lease of 15 s, and a try every 2 s.
package enum SchedulerCrash: FaultKind {
    package static let name = "SchedulerCrash"
    package static let scope = FaultScope.controlPlane
    package static let defaultDuration = FaultDuration.lasting(.uniform(low: 5, high: 17))

    package static func effect(_ settings: FaultSettings) -> FaultEffect {
        .schedulerCrash
    }
}
