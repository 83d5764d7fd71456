import Chronology
import Faults
import KubernetesAPI

/// The faults of a run: their schedules, and what is broken now.
struct FaultDesk {
    /// A strike that has not healed.
    struct Open {
        let fault: Int
        let target: Int32
        let number: Int
        let strike: FaultStrike
        let row: Int32
        let from: Instant
        var cause: CauseLink?
    }

    /// A fault that waits for something to come true.
    struct Watch {
        let fault: Int
        let trigger: FaultTrigger
        /// Whether it has been false since it was last true.
        var isArmed = true
        /// Whether a strike is on its way.
        var isDue = false
    }

    var schedules: [FaultSchedule] = []
    var open = Slab<Open>()
    // Strikes so far, by fault, or by fault and node where each node has its own clock.
    var numbers: [[Int]] = []
    /// Names of the clocks of zones, racks and regions that go, by fault; only looked up.
    var clocks: [Set<String>] = []
    var rows: Int32 = 0
    /// Names of faults that have struck, and of those that have healed; only looked up.
    var struck: Set<String> = []
    var healed: Set<String> = []
    /// When a fault first came due and found nothing that it could strike, by fault; only looked up.
    var missed: [Int: Instant] = [:]
    /// When what a fault waits for would have let it strike first, after the end, by fault; only looked up.
    var tooLate: [Int: Instant] = [:]
    // What is open, in order of striking, for the end of the run.
    var openSlots: [Int32] = []
    // Faults that strike no more, since a branch took them out.
    var ended: [Int] = []
    // First strikes beyond the horizon, in case that a branch moves it.
    var beyond: [(fault: Int, target: Int32, at: Instant)] = []
    /// Faults that wait for pods or rollouts.
    var watches: [Watch] = []
    /// How many machines and the API server do not hear of each other.
    var cutNodes = 0
    /// Strikes that make launches hard, by slot.
    var launchTroubles: [Int32] = []
    /// Machines that wait until the cloud has one, in the order in which they were asked for.
    var waitingLaunches: [Int32] = []
    /// How many machines each pool launched beside its first ones.
    var replacements: [Int] = []
    var waves: [MaintenanceWave] = []
    var badRevisions: [BadRevisionRecord] = []
    /// The bad revision that a ReplicaSet is of, by place from 1, or 0; only looked up.
    var variants: [UID: Int32] = [:]

    /// Returns whether a trouble of launches concerns a machine: by its selector, or by the zone, rack or region that a
    /// strike keeps dark.
    func isTrouble(_ open: Open, for candidate: FaultCandidate) -> Bool {
        let spec = schedules[open.fault].spec
        guard let domain = spec.kind.scope.domain else { return spec.targets.matches(candidate) }
        return open.strike.chosen.contains(domain.name(of: candidate))
    }

    /// Returns whether a strike of a fault has not healed.
    func isOpen(_ fault: Int) -> Bool { openSlots.contains { open[$0].fault == fault } }
}
