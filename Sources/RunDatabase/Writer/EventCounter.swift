/// Folds equal events of an object into one row with a count, as Kubernetes does.
struct EventCounter {
    /// An event in numbers of the table `text`.
    struct Key: Hashable {
        var object: Int64
        var reason: Int64
        var message: Int64
        var source: Int64
        var isWarning: Bool
    }

    /// An event with how often it came and when.
    struct Entry {
        var key: Key
        var first: Int64
        var last: Int64
        var count: Int64
    }

    /// The most events that are kept open.
    private static let capacity = 1_024

    private var entries: [Entry] = []
    private var places: [Key: Int] = [:]

    /// Whether the next new event needs `drain` first.
    var isFull: Bool { entries.count == Self.capacity }

    /// Counts an event that an open entry stands for, and tells whether there was one.
    mutating func count(_ key: Key, at time: Int64) -> Bool {
        guard let place = places[key] else { return false }
        entries[place].count += 1
        entries[place].last = time
        return true
    }

    /// Opens an entry for an event that none stands for.
    mutating func open(_ key: Key, at time: Int64) {
        precondition(!isFull, "the open events must be drained first")
        places[key] = entries.count
        entries.append(Entry(key: key, first: time, last: time, count: 1))
    }

    /// Returns the open entries in the order of their first events, and forgets them.
    mutating func drain() -> [Entry] {
        defer {
            entries.removeAll(keepingCapacity: true)
            places.removeAll(keepingCapacity: true)
        }
        return entries
    }
}
