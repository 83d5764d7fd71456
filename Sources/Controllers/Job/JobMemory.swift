import Chronology
import KubernetesAPI

/// What the job controller remembers of one job between its calls.
struct JobMemory: Sendable {
    /// The wait after a request of a job failed, doubling with each failure in a row (`DefaultJobApiBackOff`).
    static let requestBackoff = Duration.seconds(1)
    /// The longest such wait (`MaxJobApiBackOff`).
    static let requestBackoffMax = Duration.minutes(1)

    /// What a call is for.
    enum Turn: Hashable, Sendable {
        case wait(Duration)
        /// Only the status is brought up to date: creating pods failed a moment ago.
        case report
        case synchronise
    }

    var uid: UID
    var backoff = JobBackoff()
    /// The back-off of the step under way, to keep once its status is written.
    var backoffPlanned: JobBackoff?
    /// Pods whose finalizer was taken off.
    var releasing: Set<UID> = []
    /// A request of the last step failed.
    var hasFailed = false
    /// The request that failed was to create a pod.
    var creationFailed = false
    /// When gathered changes are due.
    private(set) var due: Instant?
    /// When a timer of the last step is due.
    var timer: Instant?
    private var generation: Int64 = -1
    private var isDeleting = false
    private var failures: Int64 = 0
    private var hasSynchronised = false

    init(uid: UID) { self.uid = uid }

    /// Returns what to do in this call.
    ///
    /// A change of the job itself is looked at at once; changes of pods and of the status are gathered for the batch
    /// period, and after a failed request the job waits.
    mutating func turn(for job: Job, now: Instant) -> Turn {
        let mustReport = settleRequests(now: now)
        let isImmediate = generation != job.metadata.generation || isDeleting != job.metadata.isDeleting
        generation = job.metadata.generation
        isDeleting = job.metadata.isDeleting
        let isDue = due.map { $0 <= now } ?? false
        let isTime = timer.map { $0 <= now } ?? false
        if isDue || isTime { due = nil }
        if isImmediate || isDue || isTime {
            timer = nil
            hasSynchronised = true
            return .synchronise
        }
        if mustReport { return .report }
        let next = due ?? now + JobReconciler.batchPeriod
        due = next
        return .wait(min(next, timer ?? next) - now)
    }

    /// Returns how long to wait for whatever is due next, or nil when nothing is.
    func wait(now: Instant) -> Duration? {
        guard let due else { return timer.map { $0 - now } }
        return min(due, timer ?? due) - now
    }

    /// Takes note of how the requests of the last step went; returns whether pods are missing in the status for it.
    private mutating func settleRequests(now: Instant) -> Bool {
        defer {
            hasFailed = false
            creationFailed = false
        }
        guard hasFailed else {
            if hasSynchronised { failures = 0 }
            hasSynchronised = false
            return false
        }
        hasSynchronised = false
        let wait = min(Self.requestBackoffMax, Self.requestBackoff * (1 << min(failures, 6)))
        failures += 1
        due = min(due ?? now + wait, now + wait)
        return creationFailed
    }
}
