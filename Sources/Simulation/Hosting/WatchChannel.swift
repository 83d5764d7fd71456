import Chronology
import ControlPlane

/// The changes on their way to one group of watchers: first sent, first delivered.
struct WatchChannel {
    /// Those among the watchers who hear of a change, a bit each.
    typealias Audience = UInt32

    struct Parcel {
        fileprivate let due: Instant
        fileprivate(set) var audience: Audience
        let change: WatchEvent
    }

    private var parcels: [Parcel] = []
    private var head = 0
    private var last = Instant(nanoseconds: Int64.min)

    // Whether a delivery has been put into the event queue.
    private var isScheduled = false

    private var isEmpty: Bool { head == parcels.count }

    /// When the first parcel is due.
    var due: Instant? { isEmpty ? nil : parcels[head].due }

    /// Sends `change` to those whose bits are in `audience`; it never overtakes an earlier one. Returns whether a delivery
    /// has to be scheduled for it, as none is yet.
    @discardableResult
    mutating func send(_ change: WatchEvent, audience: Audience = .max, due: Instant) -> Bool {
        last = max(last, due)
        parcels.append(Parcel(due: last, audience: audience, change: change))
        defer { isScheduled = true }
        return !isScheduled
    }

    /// Whether something is on its way to one of `watchers`.
    func hasNews(for watchers: Audience) -> Bool { parcels[head...].contains { $0.audience & watchers != 0 } }

    /// Loses what is on its way to `watchers`, and returns it.
    @discardableResult
    mutating func lose(_ watchers: Audience) -> [WatchEvent] {
        var lost: [WatchEvent] = []
        for place in head..<parcels.count where parcels[place].audience & watchers != 0 {
            lost.append(parcels[place].change)
            parcels[place].audience &= ~watchers
        }
        return lost
    }

    /// The number of parcels that are due at `now`.
    func count(dueAt now: Instant) -> Int {
        var end = head
        while end < parcels.count, parcels[end].due <= now { end += 1 }
        return end - head
    }

    /// The parcel that is delivered after `place` others.
    subscript(place: Int) -> Parcel {
        @inline(__always) _read { yield parcels[head + place] }
    }

    /// Ends the delivery of the first `count` parcels; returns when the next one has to be scheduled, if anything is left.
    @discardableResult
    mutating func drop(_ count: Int) -> Instant? {
        head += count
        makeRoom()
        isScheduled = !isEmpty
        return due
    }

    private mutating func makeRoom() {
        if head == parcels.count {
            parcels.removeAll(keepingCapacity: true)
            head = 0
        } else if head >= 1024, head * 2 >= parcels.count {
            parcels.removeSubrange(0..<head)
            head = 0
        }
    }
}
