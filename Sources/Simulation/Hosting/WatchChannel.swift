import Chronology
import ControlPlane

/// The changes on their way to one group of watchers: first sent, first delivered.
struct WatchChannel {
    struct Parcel {
        fileprivate let due: Instant
        let audience: UInt32
        let change: WatchEvent
    }

    private var parcels: [Parcel] = []
    private var head = 0
    private var last = Instant(nanoseconds: Int64.min)

    /// Whether a delivery has been put into the event queue.
    var isScheduled = false

    var isEmpty: Bool { head == parcels.count }

    /// When the first parcel is due.
    var due: Instant? { isEmpty ? nil : parcels[head].due }

    /// Sends `change` to those whose bits are in `audience`; it never overtakes an earlier one.
    mutating func send(_ change: WatchEvent, audience: UInt32 = UInt32.max, due: Instant) {
        last = max(last, due)
        parcels.append(Parcel(due: last, audience: audience, change: change))
    }

    /// Loses what is on its way, and returns it.
    mutating func loseAll() -> [WatchEvent] {
        let lost = parcels[head...].map(\.change)
        parcels.removeAll()
        head = 0
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

    /// Ends the delivery of the first `count` parcels.
    mutating func drop(_ count: Int) {
        head += count
        makeRoom()
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
