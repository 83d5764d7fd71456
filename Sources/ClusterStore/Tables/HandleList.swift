/// Handles in order of creation, in chunks: insertion and removal anywhere cost a search and one short move.
struct HandleList: Sendable {
    static let chunkMax = 256

    // No chunk is empty. Most lists are one short chunk.
    private var chunks: [[OrderedHandle]] = []
    private(set) var count = 0

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

    /// Calls `body` with each handle in order.
    @inline(__always)
    func forEach(_ body: (ObjectHandle) -> Void) {
        for chunk in chunks { for entry in chunk { body(entry.handle) } }
    }

    /// All entries, in order.
    var entries: [OrderedHandle] {
        var all: [OrderedHandle] = []
        all.reserveCapacity(count)
        for chunk in chunks { all.append(contentsOf: chunk) }
        return all
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
        if lists.values[place].count == 1 {
            lists.values[place].remove(entry)
            lists.remove(at: place)
        } else {
            lists.values[place].remove(entry)
        }
    }

    subscript(key: Key) -> HandleList? { lists[key] }
}
