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
        fileprivate var hash: Int
        var first: Int64
        var last: Int64
        var count: Int64

        /// Whether it is a warning that came after `time`.
        fileprivate func isKept(after time: Int64) -> Bool { key.isWarning && last > time }
    }

    /// How long an event is kept after it came last (`--event-ttl` of the API server): an equal one after that is new.
    private static let timeToLive: Int64 = 3_600_000_000_000
    /// How long a warning is kept that did not come again, where there is little room: a pod that waits is tried again
    /// every five to seven minutes.
    private static let patience: Int64 = 900_000_000_000
    /// The events that are kept open when few come again: a small table stays in the cache of the processor.
    static let capacityAtFirst = 1_024
    /// The most events that are ever kept open.
    static let capacityMax = 65_536
    /// Places of the hash table for each event: a power of two, thinly settled.
    private static let placesPerEvent = 4

    private var entries: [Entry] = []
    private var capacity = Self.capacityAtFirst
    // One more than the position in `entries`; 0 for an empty place.
    private var places = [UInt32](repeating: 0, count: Self.capacityAtFirst * Self.placesPerEvent)

    /// Whether the next new event needs `makeRoom` first.
    var isFull: Bool { entries.count == capacity }

    /// Counts an event for the entry that stands for it, and tells whether there was one.
    mutating func count(_ key: Key, at time: Int64) -> Bool {
        let place = place(of: key, hash: key.hash)
        guard places[place] != 0 else { return false }
        let entry = Int(places[place]) - 1
        guard time - entries[entry].last <= Self.timeToLive else { return false }
        entries[entry].count += 1
        entries[entry].last = time
        return true
    }

    /// Opens an entry for an event that none stands for, or no longer; equal ones from now on count for this one.
    mutating func open(_ key: Key, at time: Int64) {
        precondition(!isFull, "there must be room for another event")
        let hash = key.hash
        let place = place(of: key, hash: hash)
        entries.append(Entry(key: key, hash: hash, first: time, last: time, count: 1))
        places[place] = UInt32(entries.count)
    }

    /// The place of an equal event, or the empty one where it would stand.
    private func place(of key: Key, hash: Int) -> Int {
        let mask = places.count - 1
        var place = hash & mask
        while places[place] != 0 {
            let entry = Int(places[place]) - 1
            if entries[entry].hash == hash, entries[entry].key == key { break }
            place = (place + 1) & mask
        }
        return place
    }

    /// Makes room for more events: those that tell of what goes well, which seldom comes again, and those that have not
    /// come again for a while are handed to `body`, in the order of their first events, and forgotten. When that is not
    /// enough the table grows, and at its largest the half of the events goes that came longest ago.
    mutating func makeRoom(at time: Int64, _ body: (borrowing Entry) -> Void) {
        forget(until: time - Self.patience, body)
        if entries.count > capacity / 2 {
            if capacity < Self.capacityMax {
                capacity *= 2
            } else {
                forget(until: entries.map(\.last).sorted()[entries.count / 2], body)
            }
        }
        places = [UInt32](repeating: 0, count: capacity * Self.placesPerEvent)
        // Of equal ones the last stands in its place.
        for entry in entries.indices {
            places[place(of: entries[entry].key, hash: entries[entry].hash)] = UInt32(entry + 1)
        }
    }

    /// Hands over what goes well and what came last at `time` or before; `places` is stale afterwards.
    private mutating func forget(until time: Int64, _ body: (borrowing Entry) -> Void) {
        for entry in entries where !entry.isKept(after: time) { body(entry) }
        entries.removeAll { !$0.isKept(after: time) }
    }

    /// Calls `body` with the open entries in the order of their first events, and forgets them.
    mutating func drain(_ body: (borrowing Entry) -> Void) {
        if entries.isEmpty { return }
        for place in entries.indices { body(entries[place]) }
        if capacity == Self.capacityAtFirst {
            entries.removeAll(keepingCapacity: true)
            for place in places.indices { places[place] = 0 }
        } else {
            self = EventCounter()
        }
    }
}
