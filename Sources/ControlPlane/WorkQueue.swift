package import Chronology
package import KubernetesAPI

/// The waiting room of one controller: each key at most once, none twice at a time, with per-key back-off.
///
/// Mirrors client-go's rate-limited work queue: exponential 5 ms to 1000 s per failing key. The overall bucket
/// (10/s, burst 100) that upstream adds for failing keys is kept as well. A value type without a clock of its own.
package struct WorkQueue: Sendable {
    /// Where a key stands.
    private struct Entry {
        var failures: Int32 = 0
        var isQueued = false
        var isProcessing = false
        var isDirty = false

        var isIdle: Bool { failures == 0 && !isQueued && !isProcessing }

        /// Notes that the key is wanted; returns whether it is to stand in line now.
        mutating func joins() -> Bool {
            if isProcessing {
                isDirty = true
                return false
            }
            if isQueued { return false }
            isQueued = true
            return true
        }

        mutating func begin() {
            isQueued = false
            isProcessing = true
        }

        /// Notes the end of a service; returns whether the key is to stand in line again.
        mutating func ends() -> Bool {
            isProcessing = false
            guard isDirty else { return false }
            isDirty = false
            isQueued = true
            return true
        }
    }

    /// The wait after a key's first failure.
    package static let backoffInitial = Duration.milliseconds(5)
    /// The longest wait of a failing key, unless its controller has another.
    package static let backoffMax = Duration.seconds(1000)
    /// Failing keys per second that the bucket lets through.
    package static let bucketRate: Int64 = 10
    /// Failing keys that the bucket lets through at once.
    package static let bucketBurst: Int64 = 100

    private var entries: [ObjectKey: Entry] = [:]
    // A ring would do; an array with a moving head is as quick and copies as a value.
    private var line: [ObjectKey] = []
    private var head = 0
    private var bucketNext = Instant(nanoseconds: Int64.min / 2)
    private let backoffMax: Duration

    /// Creates an empty queue.
    package init(backoffMax: Duration = WorkQueue.backoffMax) { self.backoffMax = backoffMax }

    /// The number of keys that wait to be served.
    package var count: Int { line.count - head }

    /// Puts `key` in line unless it waits already; one that is being served is served once more afterwards.
    package mutating func add(_ key: ObjectKey) {
        if entries[key, default: Entry()].joins() { line.append(key) }
    }

    /// Takes the next key for service.
    package mutating func take() -> ObjectKey? {
        guard head < line.count else { return nil }
        let key = line[head]
        head += 1
        if head == line.count {
            line.removeAll(keepingCapacity: true)
            head = 0
        } else if head > 4096, head * 2 > line.count {
            line.removeSubrange(0..<head)
            head = 0
        }
        entries[key, default: Entry()].begin()
        return key
    }

    /// Ends the service of `key`; `forgets` clears its failures as well (`Forget`).
    package mutating func finish(_ key: ObjectKey, forgets: Bool = false) {
        guard let place = entries.index(forKey: key) else { return }
        if forgets { entries.values[place].failures = 0 }
        if entries.values[place].ends() { line.append(key) }
        if entries.values[place].isIdle { entries.remove(at: place) }
    }

    /// Clears the failures of `key` (`Forget`).
    package mutating func forget(_ key: ObjectKey) {
        entries[key]?.failures = 0
    }

    /// Whether `key` has failed as often as it may, which with nil is never (`NumRequeues`).
    package func hasFailed(_ key: ObjectKey, times: Int?) -> Bool {
        guard let times else { return false }
        return Int(entries[key]?.failures ?? 0) >= times
    }

    /// Counts a failure of `key` and returns when it should be added again (`AddRateLimited`).
    package mutating func retryDelay(_ key: ObjectKey, now: Instant) -> Duration {
        let failures = entries[key, default: Entry()].failures
        entries[key, default: Entry()].failures = failures + 1
        let backoff =
            failures >= 28
            ? backoffMax
            : min(backoffMax, Duration(nanoseconds: Self.backoffInitial.nanoseconds << Int64(failures)))
        let step = Duration(nanoseconds: 1_000_000_000 / Self.bucketRate)
        // A bucket of `burst` tokens: time may run ahead of `now` by the burst before anybody waits.
        let earliest = now - step * Self.bucketBurst
        if bucketNext < earliest { bucketNext = earliest }
        bucketNext = bucketNext + step
        let bucket = bucketNext > now ? bucketNext - now : .zero
        return max(backoff, bucket)
    }

    /// Forgets everything, as a restarted controller has.
    package mutating func removeAll() {
        self = WorkQueue(backoffMax: backoffMax)
    }
}
