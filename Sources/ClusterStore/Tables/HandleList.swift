/// Handles in order of creation, in chunks: insertion and removal anywhere cost a search and one short move.
///
/// What leaves with its object stays in the list until half of it is stale, and whoever reads skips it: searching for
/// it would read far more memory than the rest of a deletion.
struct HandleList: Sendable {
    static let chunkMax = 256
    /// So many stale entries are kept in any case.
    static let staleMin = 32

    // No chunk is empty. Most lists are one short chunk.
    private var chunks: [[OrderedHandle]] = []
    /// How many entries are of objects that are there.
    private(set) var count = 0
    private var stale = 0

    var isEmpty: Bool { count == 0 }

    mutating func insert(_ entry: OrderedHandle) {
        count += 1
        guard let last = chunks.indices.last else {
            chunks.append([entry])
            return
        }
        // Nearly every insertion is of the newest object.
        if let newest = chunks[last].last, newest < entry {
            if chunks[last].count < Self.chunkMax {
                chunks[last].append(entry)
            } else {
                chunks.append([entry])
            }
            return
        }
        let place = chunk(for: entry)
        if chunks[place].count >= Self.chunkMax {
            let half = Self.chunkMax / 2
            chunks.insert(Array(chunks[place][half...]), at: place + 1)
            chunks[place].removeSubrange(half...)
            let target = chunks[place + 1][0] < entry ? place + 1 : place
            chunks[target].insert(entry, at: Self.position(of: entry, in: chunks[target]))
        } else {
            chunks[place].insert(entry, at: Self.position(of: entry, in: chunks[place]))
        }
    }

    mutating func remove(_ entry: OrderedHandle) {
        let place = chunk(for: entry)
        let position = Self.position(of: entry, in: chunks[place])
        precondition(
            position < chunks[place].count && chunks[place][position] == entry, "an index has lost an object")
        count -= 1
        if chunks[place].count == 1 {
            chunks.remove(at: place)
        } else {
            chunks[place].remove(at: position)
        }
    }

    /// Notes that the object of one of the entries is gone; `isLive` tells whether that of another still is there.
    @inline(__always)
    mutating func forgetOne(_ isLive: (OrderedHandle) -> Bool) {
        precondition(count > 0, "an index has lost an object")
        count -= 1
        stale += 1
        if stale > max(Self.staleMin, count) { self = HandleList(liveOf: self, isLive) }
    }

    private init(liveOf other: HandleList, _ isLive: (OrderedHandle) -> Bool) {
        for chunk in other.chunks { for entry in chunk where isLive(entry) { insert(entry) } }
        precondition(count == other.count, "an index has lost count")
    }

    init() {}

    /// Calls `body` with each entry that `isLive`, in order.
    @inline(__always)
    func forEach(where isLive: (OrderedHandle) -> Bool, _ body: (OrderedHandle) -> Void) {
        for chunk in chunks { for entry in chunk where stale == 0 || isLive(entry) { body(entry) } }
    }

    /// The last chunk that begins at or before `entry`, or the first.
    private func chunk(for entry: OrderedHandle) -> Int {
        var low = 0
        var high = chunks.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if entry < chunks[middle][0] { high = middle } else { low = middle }
        }
        return low
    }

    /// The first position in `chunk` whose entry is not before `entry`.
    private static func position(of entry: OrderedHandle, in chunk: [OrderedHandle]) -> Int {
        var low = 0
        var high = chunk.count
        while low < high {
            let middle = (low + high) / 2
            if chunk[middle] < entry { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// Lists of handles by a key; a key without objects takes no room.
struct HandleIndex<Key: Hashable & Sendable>: Sendable {
    private(set) var lists: [Key: HandleList] = [:]

    mutating func insert(_ entry: OrderedHandle, under key: Key) {
        lists[key, default: HandleList()].insert(entry)
    }

    mutating func remove(_ entry: OrderedHandle, under key: Key) {
        guard let place = lists.index(forKey: key) else {
            preconditionFailure("an index has lost a key")
        }
        // Removed in any case, as that checks that it is there.
        lists.values[place].remove(entry)
        if lists.values[place].isEmpty { lists.remove(at: place) }
    }

    /// Notes that the object of one of the entries under `key` is gone.
    @inline(__always)
    mutating func forgetOne(under key: Key, _ isLive: (OrderedHandle) -> Bool) {
        guard let place = lists.index(forKey: key) else {
            preconditionFailure("an index has lost a key")
        }
        if lists.values[place].count == 1 {
            lists.remove(at: place)
        } else {
            lists.values[place].forgetOne(isLive)
        }
    }

    subscript(key: Key) -> HandleList? { lists[key] }
}
