import Chronology
import KubernetesAPI

/// Work that is under way or waits for a successor, as far as containers save it in checkpoints.
///
/// A task belongs to a seat of its owner: a completion index of a Job, an ordinal of a StatefulSet, or, where pods are
/// alike, any place. Whoever takes the seat after an interruption goes on with the task. Tasks that end are forgotten,
/// and with an owner all its tasks.
struct WorkDesk {
    /// A piece of work with what is safe of it.
    struct Piece {
        /// The pod that works, or worked last, on it.
        var pod: UID
        let total: Duration
        var saved: Duration
    }

    /// Where a task is done.
    struct Seat: Hashable {
        /// The controller of the pod, or the pod itself.
        let owner: UID
        /// Empty where pods are alike.
        let index: String
        let container: Int32
    }

    private struct Place: Hashable {
        let pod: UID
        let container: Int32
    }

    private struct Run {
        let seat: Seat
        var task: Piece
    }

    private var runs: [Place: Run] = [:]
    // By owner, so that its end can be noted; each list in the order of interruption.
    private var waiting: [UID: [Seat: [Piece]]] = [:]
    /// Runs that were cut short.
    var interruptions: Int64 = 0
    /// Work that has to be done again.
    var lost = Duration.zero
    /// Work that successors took over out of checkpoints.
    var restored = Duration.zero
    /// Time that went into writing and reading checkpoints.
    var overhead = Duration.zero

    /// Whether nothing is saved by anybody.
    var isEmpty: Bool { runs.isEmpty && waiting.isEmpty }

    /// Takes the task that waits at a seat for `pod`: one of its own, else the first whose pod `isOver`.
    mutating func takeWaiting(at seat: Seat, for pod: UID, isOver: (UID) -> Bool) -> Piece? {
        guard let tasks = waiting[seat.owner]?[seat] else { return nil }
        let place = tasks.firstIndex { $0.pod == pod } ?? tasks.firstIndex { isOver($0.pod) }
        guard let place else { return nil }
        let task = waiting[seat.owner]?[seat]?.remove(at: place)
        if tasks.count == 1 { waiting[seat.owner]?[seat] = nil }
        if waiting[seat.owner]?.isEmpty == true { waiting[seat.owner] = nil }
        return task
    }

    /// Notes that a pod has begun, or is about to begin, with a task.
    mutating func begin(_ task: Piece, at seat: Seat) {
        runs[Place(pod: task.pod, container: seat.container)] = Run(seat: seat, task: task)
    }

    /// Ends a run and returns its task with its seat, or nil when it saves nothing.
    mutating func end(pod: UID, container: Int32) -> (seat: Seat, task: Piece)? {
        runs.removeValue(forKey: Place(pod: pod, container: container)).map { ($0.seat, $0.task) }
    }

    /// Lets a task wait for who goes on with it.
    mutating func wait(_ task: Piece, at seat: Seat) {
        waiting[seat.owner, default: [:]][seat, default: []].append(task)
    }

    /// Forgets what waits for an owner that is gone.
    mutating func forget(owner: UID) { waiting[owner] = nil }
}
