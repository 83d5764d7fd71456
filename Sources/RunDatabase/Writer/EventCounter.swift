/// Folds equal events of an object into one row with a count, as Kubernetes does.
struct EventCounter {
    /// An event, its texts as numbers of the table `text` save for the message, which hardly ever comes twice.
    struct Key: Equatable {
        var object: Int64
        var reason: Int64
        var source: Int64
        var isWarning: Bool
        var message: String

        /// A hash that is the same in every process, and cheap.
        fileprivate var hash: Int {
            var hash = QuickHash(
                UInt64(bitPattern: object &* 31 &+ reason &* 17 &+ source) &* 2 | (isWarning ? 1 : 0))
            hash.add(message)
            return Int(truncatingIfNeeded: hash.value)
        }
    }

    /// An event with how often it came and when.
    struct Entry {
        var key: Key
        var first: Int64
        var last: Int64
        var count: Int64
    }

    /// How long an event is kept after it came last (`--event-ttl` of the API server): an equal one after that is new.
    private static let timeToLive: Int64 = 3_600_000_000_000
    /// The most events that are kept open.
    private static let capacity = 1_024
    /// Places of the hash table: a power of two, thinly settled.
    private static let placesMax = 4_096

    private var entries: [Entry] = []
    // One more than the position in `entries`; 0 for an empty place.
    private var places = [UInt16](repeating: 0, count: Self.placesMax)

    /// Whether the next new event needs `drain` first.
    var isFull: Bool { entries.count == Self.capacity }

    /// Counts an event for the entry that stands for it, and tells whether there was one.
    mutating func count(_ key: Key, at time: Int64) -> Bool {
        let place = place(of: key)
        guard places[place] != 0 else { return false }
        let entry = Int(places[place]) - 1
        guard time - entries[entry].last <= Self.timeToLive else { return false }
        entries[entry].count += 1
        entries[entry].last = time
        return true
    }

    /// Opens an entry for an event that none stands for, or no longer; equal ones from now on count for this one.
    mutating func open(_ key: Key, at time: Int64) {
        precondition(!isFull, "the open events must be drained first")
        let place = place(of: key)
        entries.append(Entry(key: key, first: time, last: time, count: 1))
        places[place] = UInt16(entries.count)
    }

    /// The place of an equal event, or the empty one where it would stand.
    private func place(of key: Key) -> Int {
        var place = key.hash & (Self.placesMax - 1)
        while places[place] != 0, entries[Int(places[place]) - 1].key != key {
            place = (place + 1) & (Self.placesMax - 1)
        }
        return place
    }

    /// Calls `body` with the open entries in the order of their first events, and forgets them.
    mutating func drain(_ body: (borrowing Entry) -> Void) {
        if entries.isEmpty { return }
        for place in entries.indices { body(entries[place]) }
        entries.removeAll(keepingCapacity: true)
        for place in places.indices { places[place] = 0 }
    }
}
