import Chronology
import VirtualTime

/// Machines are upgraded, some at a time: drained, as budgets allow, and replaced or restarted.
///
/// The defaults are those of GKE's surge upgrades: one new machine at a time, and an hour for each drain. The duration
/// is that of the repair of a machine whose kubelet does not become ready after its upgrade; an assumption.
package enum MaintenanceWave: FaultKind {
    package static let name = "MaintenanceWave"
    package static let scope = FaultScope.nodes
    package static let defaultDuration = FaultDuration.lasting(.lognormal(median: 3_600, p95: 14_400))
    package static let options: [FaultOption] = [.atATime, .surge, .drainTimeout, .failing, .waits]
    package static let defaults = FaultSettings {
        $0.atATime = 1
        $0.surge = true
        $0.drainTimeout = .hours(1)
        $0.failing = 0
        $0.waits = true
    }

    package static func effect(_ settings: FaultSettings) -> FaultEffect {
        .maintenance(
            MaintenancePlan(
                atATime: settings.atATime ?? 1, surges: settings.surge ?? true,
                drainTimeout: settings.drainTimeout ?? .hours(1), failing: settings.failing ?? 0,
                waits: settings.waits ?? true))
    }
}
