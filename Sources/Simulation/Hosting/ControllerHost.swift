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
        private(set) var hasFailed = false
        // Where the group under way ends, how large it is, and how many of it are not answered.
        private var end = 0
        private var size = 0
        private var left = 0

        init(key: ObjectKey, result: ReconcileResult) {
            self.key = key
            self.result = result
        }

        /// Begins the next group and returns its places.
        mutating func open() -> Range<Int> {
            let start = end
            size = RequestGroup.size(of: result.actions, from: start, after: size)
            left = size
            end = start + size
            return start..<end
        }

        /// Notes an answer.
        mutating func answered(failed: Bool) -> Progress {
            if failed { hasFailed = true }
            left -= 1
            if left > 0 { return .waits }
            return hasFailed || end == result.actions.count ? .isOver : .goesOn
        }
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

    init(name: String, reconciler: any Reconciler, settings: ReconcilerSettings, limiter: RateLimiter) {
        self.name = name
        self.reconciler = reconciler
        self.workers = settings.workers
        self.limiter = limiter
    }

    /// Puts the keys that a change concerns in line; returns whether there were any.
    func hear(_ change: WatchEvent, in view: any ClusterView) -> Bool {
        let keys = reconciler.keys(for: change, in: view)
        for key in keys { queue.add(key) }
        return !keys.isEmpty
    }

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
