// How the best nodes are found among all.
extension TopologyGroups {
    /// The group of the node at `place`; nil when it does not fit by itself.
    func group(at place: Int) -> Int? { keys[place] < 0 ? nil : Int(keys[place] >> Self.totalBits) }

    /// By place, the group, or -1.
    var placeGroups: [Int32] { (0..<places).map { keys[$0] < 0 ? -1 : keys[$0] >> Self.totalBits } }

    /// Returns the first place, in order, whose key is among `winners` and that `isWanted`.
    func firstPlace(of winners: [Int32], _ isWanted: (Int) -> Bool) -> Int? {
        var found: Int?
        forEachPlace(of: winners) { place in
            guard isWanted(place) else { return true }
            found = place
            return false
        }
        return found
    }

    /// Calls `body` with the places whose key is among `winners`, in order, until it returns false.
    private func forEachPlace(of winners: [Int32], _ body: (Int) -> Bool) {
        guard let first = winners.first else { return }
        let second = winners.count > 1 ? winners[1] : first
        let isFew = winners.count <= 2
        typealias Block = SIMD16<Int32>
        let firsts = Block(repeating: first)
        let seconds = Block(repeating: second)
        var place = 0
        while isFew && place + 16 <= places {
            let block = UnsafeRawPointer(keys + place).loadUnaligned(as: Block.self)
            let hits = (block .== firsts) .| (block .== seconds)
            if any(hits) {
                for lane in 0..<16 where hits[lane] && !body(place + lane) { return }
            }
            place += 16
        }
        while place < places {
            if winners.contains(keys[place]) && !body(place) { return }
            place += 1
        }
    }

    /// Returns the place, among those whose key is among `winners`, that upstream's heap brings up; see `TieBreaker`.
    ///
    /// `words` has a bit for each node that fits by itself; `fits` tells of each group whether its nodes fit, or is nil
    /// when all do.
    func topOfHeap(_ winners: [Int32], ties: Int, words: [UInt64], fits: [Bool]?) -> Int? {
        var found: Int?
        var lowest = UInt64.max
        var left = ties
        // The position of `next` among the nodes that fit.
        var position = 0
        var next = 0
        forEachPlace(of: winners) { place in
            position += fits.map { count(from: next, to: place, $0) } ?? Self.count(from: next, to: place, words)
            next = place
            let path = TieBreaker.path(position)
            if path < lowest || found == nil { (lowest, found) = (path, place) }
            left -= 1
            return left > 0
        }
        return found
    }

    private func count(from start: Int, to end: Int, _ fits: [Bool]) -> Int {
        var count = 0
        for place in start..<end where keys[place] >= 0 && fits[Int(keys[place] >> Self.totalBits)] { count += 1 }
        return count
    }

    private static func count(from start: Int, to end: Int, _ words: [UInt64]) -> Int {
        if start == end { return 0 }
        let first = start >> 6
        let last = end >> 6
        let head: UInt64 = ~0 << UInt64(start & 63)
        let tail: UInt64 = 1 << UInt64(end & 63) - 1
        if first == last { return (words[first] & head & tail).nonzeroBitCount }
        var count = (words[first] & head).nonzeroBitCount
        for index in first + 1..<last { count += words[index].nonzeroBitCount }
        if tail != 0 { count += (words[last] & tail).nonzeroBitCount }
        return count
    }
}
