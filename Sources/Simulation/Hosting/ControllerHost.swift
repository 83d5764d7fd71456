import Chronology
import ControlPlane
import KubernetesAPI

/// One controller with its work queue, its workers and its client.
///
/// A class, because the world calls it for every change and must not copy it to do so.
final class ControllerHost {
    /// The requests of one call, on their way group by group.
    struct Batch {
        /// What follows from an answer.
        enum Progress { case waits, goesOn, isOver }

        let key: ObjectKey
        let result: ReconcileResult
        /// What the call went by; kept only where invariants are checked.
        var basis = DecisionBasis()
        private(set) var hasFailed = false
        /// When the controller crashed: what had left by then arrives, and nobody hears the answer.
        private(set) var orphanedAt: Instant?
        // Where the group under way begins and ends, how large it is, and how many of it are not answered.
        private var start = 0
        private var end = 0
        private var size = 0
        private var left = 0
        // When the client lets each request of the group go.
        private var departures: [Instant] = []

        init(key: ObjectKey, result: ReconcileResult) {
            self.key = key
            self.result = result
        }

        /// Begins the next group and returns its places.
        mutating func open() -> Range<Int> {
            start = end
            size = RequestGroup.size(of: result.actions, from: start, after: size)
            left = size
            end = start + size
            departures.removeAll(keepingCapacity: true)
            return start..<end
        }

        /// Notes when the next request of the group leaves.
        mutating func leaves(at instant: Instant) { departures.append(instant) }

        /// Notes an answer.
        mutating func answered(failed: Bool) -> Progress {
            if failed { hasFailed = true }
            left -= 1
            if left > 0 { return .waits }
            return hasFailed || end == result.actions.count ? .isOver : .goesOn
        }

        /// The controller crashes.
        mutating func orphan(at now: Instant) {
            if orphanedAt == nil { orphanedAt = now }
        }

        /// Whether the request at `place` was on its way before the controller crashed, if it did.
        func hasLeft(_ place: Int) -> Bool { orphanedAt.map { departures[place - start] <= $0 } ?? true }
    }

    let name: String
    var reconciler: any Reconciler
    var queue: WorkQueue
    var limiter: RateLimiter
    let workers: Int
    /// How often a failing key is tried again, nil for ever.
    let retries: Int?
    var busy = 0
    var batches = Slab<Batch>()
    /// Keys that wait for a time, with the earliest of the times asked for.
    var delayed: [ObjectKey: Instant] = [:]
    var delayedKeys = Slab<ObjectKey>()
    /// Calls so far, for the metrics.
    var calls: Int64 = 0
    /// Requests that were refused because they were made from an older state.
    var conflicts: Int64 = 0
    /// What is amiss with it.
    var condition = ControllerCondition()
    private var freshLimiter: RateLimiter

    init(name: String, reconciler: any Reconciler, settings: ReconcilerSettings, limiter: RateLimiter) {
        self.name = name
        self.reconciler = reconciler
        workers = settings.workers
        retries = settings.retries
        queue = WorkQueue(backoffMax: settings.backoffMax)
        self.limiter = limiter
        freshLimiter = limiter
    }

    /// Puts the keys that a change concerns in line; returns whether there were any.
    func hear(_ change: WatchEvent, in view: any ClusterView) -> Bool {
        let keys = reconciler.keys(for: change, in: view)
        for key in keys { queue.add(key) }
        return !keys.isEmpty
    }

    /// Loses everything that the controller had in memory; requests that have left are on their way.
    func crash(now: Instant) {
        queue.removeAll()
        delayed = [:]
        limiter = freshLimiter
        busy = 0
        batches.changeEach { $0.orphan(at: now) }
    }

    /// Gives its client another limit, with all its burst to spend.
    func replaceLimiter(_ limiter: RateLimiter) {
        self.limiter = limiter
        freshLimiter = limiter
    }

    /// Whether nothing is queued, delayed or under way.
    var isIdle: Bool { queue.count == 0 && busy == 0 && delayed.isEmpty }

    /// Notes that `key` is to be added at `due`; returns the slot for the event, or nil when an earlier one stands.
    func delay(_ key: ObjectKey, until due: Instant) -> Int32? {
        if let standing = delayed[key], standing <= due { return nil }
        delayed[key] = due
        return delayedKeys.insert(key)
    }

    /// Adds the key under `slot` unless its delay was replaced by an earlier one.
    func delayEnded(_ slot: Int32, now: Instant) {
        let key = delayedKeys.remove(slot)
        guard let due = delayed[key], due <= now else { return }
        delayed[key] = nil
        queue.add(key)
    }
}
