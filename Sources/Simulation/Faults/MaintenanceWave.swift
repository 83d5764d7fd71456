import Chronology
import Faults

/// Machines that are being upgraded, some at a time.
struct MaintenanceWave {
    enum Stage {
        case waiting
        /// A new machine is on its way.
        case surging
        case draining
        /// It restarts.
        case restarting
        case done
    }

    struct Machine {
        let node: Int32
        var stage = Stage.waiting
        /// The machine that comes in its place; -1 for none.
        var replacement: Int32 = -1
    }

    /// The strike that it is.
    let slot: Int32
    /// The fault's name, and which of its strikes, for draws.
    let name: String
    let plan: MaintenancePlan
    /// How long until a machine that does not become ready is repaired; nil for never.
    let repair: Duration?
    var machines: [Machine]
    /// Machines that came back and are not ready.
    var broken: [Int32] = []
    /// Whether it waits for the API server.
    var isHeldUp = false

    var active: Int { machines.count { $0.stage != .waiting && $0.stage != .done } }
    var isOver: Bool { broken.isEmpty && machines.allSatisfy { $0.stage == .done } }
}
