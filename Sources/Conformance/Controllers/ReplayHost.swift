import Chronology
import ControlPlane
import Controllers
import KubernetesAPI

/// One controller of a replay with its work queue.
final class ReplayHost {
    let name: String
    var reconciler: any Reconciler
    let interest: ChangeInterest
    let settings: ReconcilerSettings
    var queue: WorkQueue
    var busy = 0
    // When the last request is answered.
    private var lastRequest = Instant(nanoseconds: Int64.min / 4)
    /// Keys that wait for a time, with the earliest of the times asked for.
    private var delayed: [ObjectKey: Instant] = [:]

    init(_ descriptor: ControllerDescriptor) {
        name = descriptor.name
        reconciler = descriptor.make()
        interest = descriptor.interest
        settings = descriptor.settings
        queue = WorkQueue(backoffMax: settings.backoffMax)
    }

    /// Returns when a request that is sent now is done: the client sends one at a time.
    func nextRequest(_ now: Instant, _ length: Duration) -> Instant {
        lastRequest = max(lastRequest, now) + length
        return lastRequest
    }

    /// Notes that `key` is to be added at `due`; false when an earlier time stands.
    func delay(_ key: ObjectKey, until due: Instant) -> Bool {
        if let standing = delayed[key], standing <= due { return false }
        delayed[key] = due
        return true
    }

    /// Adds the key unless its delay was replaced by an earlier one.
    func delayEnded(_ key: ObjectKey, now: Instant) {
        guard let due = delayed[key], due <= now else { return }
        delayed[key] = nil
        queue.add(key)
    }
}

/// What happens later in a replay: in order of time, then as planned.
struct ReplayAgenda {
    private struct Entry {
        var due: Instant
        var number: Int
        var body: () -> Void
    }

    // A binary heap.
    private var entries: [Entry] = []
    private var count = 0

    var nextDue: Instant? { entries.first?.due }

    mutating func add(at due: Instant, _ body: @escaping () -> Void) {
        count += 1
        entries.append(Entry(due: due, number: count, body: body))
        var child = entries.count - 1
        while child > 0, Self.precedes(entries[child], entries[(child - 1) / 2]) {
            entries.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func take() -> (due: Instant, body: () -> Void)? {
        guard let first = entries.first else { return nil }
        entries.swapAt(0, entries.count - 1)
        entries.removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < entries.count && Self.precedes(entries[child], entries[least]) {
                least = child
            }
            if least == parent { break }
            entries.swapAt(parent, least)
            parent = least
        }
        return (first.due, first.body)
    }

    private static func precedes(_ left: Entry, _ right: Entry) -> Bool {
        left.due != right.due ? left.due < right.due : left.number < right.number
    }
}
