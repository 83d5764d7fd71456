import Chronology
import ControlPlane
import KubernetesAPI

/// One controller with its work queue, its workers and its client.
///
/// A class, because the world calls it for every change and must not copy it to do so.
final class ControllerHost {
    /// The requests of one call, on their way one after the other.
    struct Batch {
        let key: ObjectKey
        let result: ReconcileResult
        var next = 0
        /// When the client lets the next request go.
        var leaves = Instant.start
        /// Whether the controller crashed since: what has left arrives, and nobody hears the answer.
        var isOrphan = false
        /// Whether the next request had not left by then.
        var isLost = false
    }

    let name: String
    var reconciler: any Reconciler
    var queue = WorkQueue()
    var limiter: RateLimiter
    let workers: Int
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
    private let freshLimiter: RateLimiter

    init(name: String, reconciler: any Reconciler, settings: ReconcilerSettings, limiter: RateLimiter) {
        self.name = name
        self.reconciler = reconciler
        self.workers = settings.workers
        self.limiter = limiter
        freshLimiter = limiter
    }

    /// Loses everything that the controller had in memory; requests that have left are on their way.
    func crash(now: Instant) {
        queue.removeAll()
        delayed = [:]
        limiter = freshLimiter
        busy = 0
        batches.changeEach { batch in
            if batch.isOrphan { return }
            batch.isOrphan = true
            batch.isLost = batch.leaves > now
        }
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
