/// The nodes in the snapshot's order with their total scores for one shape, kept so that the best ones are found
/// without looking at all of them.
///
/// Nodes are taken in blocks of 64: a word says which of them passed the filters, a number what the best of them has.
struct ShapeRanking {
    /// The order of the nodes that this belongs to; 0 when it is out of date as a whole.
    private(set) var version: UInt64 = 0
    /// How many nodes passed the filters.
    private(set) var feasible = 0
    /// By number of the rejection.
    private(set) var counts: [Int] = []
    /// The highest raw score among the nodes that passed, at least 0, per normalised score.
    private(set) var maxima: [Int64]
    /// How many nodes have it.
    private var holders: [Int]
    /// By place; the lowest number there is where the node did not pass. Written at every change of a node: behind a
    /// pointer, which the memo frees.
    private(set) var totals: UnsafeMutablePointer<Int64>
    private var blocks = 0
    /// How often it was built.
    private(set) var builds: UInt64 = 0
    /// The places whose totals changed since it was built.
    private(set) var moves = ChangeLog(lengthMax: 2)
    /// A bit for each node that passed the filters.
    private(set) var words: [UInt64] = []
    private var bests: UnsafeMutablePointer<Int64>
    /// Blocks whose best has to be looked for.
    private var isStale: UnsafeMutablePointer<Bool>

    /// Creates a ranking with so many normalised scores.
    init(columns: Int) {
        maxima = Array(repeating: 0, count: columns)
        holders = maxima.map { _ in 0 }
        totals = .allocate(capacity: 0)
        bests = .allocate(capacity: 0)
        isStale = .allocate(capacity: 0)
    }

    func deallocate() {
        totals.deallocate()
        bests.deallocate()
        isStale.deallocate()
    }

    /// Gives up what is known: the next search builds it anew.
    mutating func invalidate() { version = 0 }

    // MARK: - Building

    /// Begins anew for `count` nodes in an order of this version.
    mutating func reset(version: UInt64, count: Int) {
        self.version = version
        builds += 1
        feasible = 0
        for id in counts.indices { counts[id] = 0 }
        for column in maxima.indices { (maxima[column], holders[column]) = (0, 0) }
        let blocks = (count + 63) / 64
        if blocks != self.blocks {
            deallocate()
            totals = .allocate(capacity: blocks * 64)
            bests = .allocate(capacity: blocks)
            isStale = .allocate(capacity: blocks)
            self.blocks = blocks
        }
        totals.initialize(repeating: Int64.min, count: blocks * 64)
        bests.initialize(repeating: Int64.min, count: blocks)
        isStale.initialize(repeating: false, count: blocks)
        words = Array(repeating: 0, count: blocks)
        moves.removeAll(lengthMax: 2 * count + 64)
    }

    /// Counts a raw score of a node that passed, when all nodes are looked at anew.
    mutating func include(_ raw: Int64, column: Int) {
        if raw > maxima[column] {
            (maxima[column], holders[column]) = (raw, 1)
        } else if raw == maxima[column] {
            holders[column] += 1
        }
    }

    /// The total of the node at `place`; the lowest number there is when it did not pass.
    func total(_ place: Int) -> Int64 { totals[place] }

    // MARK: - Changes

    /// A node that passed is at `place`.
    mutating func enter(_ place: Int, total: Int64) {
        feasible += 1
        words[place >> 6] |= 1 << UInt64(place & 63)
        totals[place] = total
        bests[place >> 6] = max(bests[place >> 6], total)
        moves.append(Int32(place))
    }

    /// The node at `place` passes no longer.
    mutating func leave(_ place: Int) {
        feasible -= 1
        words[place >> 6] &= ~(1 << UInt64(place & 63))
        if totals[place] == bests[place >> 6] { isStale[place >> 6] = true }
        totals[place] = Int64.min
        moves.append(Int32(place))
    }

    /// The node at `place`, which passed and passes, has this total now.
    @inline(__always)
    mutating func set(_ place: Int, total: Int64) {
        let old = totals[place]
        if old == total { return }
        totals[place] = total
        moves.append(Int32(place))
        let block = place >> 6
        if total >= bests[block] {
            bests[block] = total
        } else if old == bests[block] {
            isStale[block] = true
        }
    }

    /// The node has been refused with this rejection.
    mutating func count(_ id: Int32, _ change: Int) {
        while counts.count <= Int(id) { counts.append(0) }
        counts[Int(id)] += change
    }

    /// A node with this raw score passes, or no longer does; a new maximum makes the whole out of date.
    mutating func count(_ raw: Int64, column: Int, _ change: Int) {
        if raw > maxima[column] {
            version = 0
        } else if raw == maxima[column] {
            holders[column] += change
            if holders[column] == 0 && raw > 0 { version = 0 }
        }
    }

    // MARK: - The best

    /// The node with the highest total.
    struct Best {
        var place: Int
        var total: Int64
        /// How many nodes have the same.
        var tieCount: Int
    }

    /// Returns the node that `chooser` takes among those with the highest total; nil when none passed.
    mutating func best(_ chooser: Chooser) -> Best? {
        guard feasible > 0 else { return nil }
        for block in 0..<blocks where isStale[block] {
            isStale[block] = false
            var best = Int64.min
            for place in block << 6..<(block + 1) << 6 { best = max(best, totals[place]) }
            bests[block] = best
        }
        var top = Int64.min
        for block in 0..<blocks { top = max(top, bests[block]) }
        switch chooser.tieBreak {
        case .upstream136: return first(top)
        case .seeded:
            let count = tieCount(top)
            let wanted = TieBreaker.seededIndex(of: count, draw: chooser.draw)
            return Best(place: place(of: wanted, top), total: top, tieCount: count)
        case .first: return Best(place: place(of: 0, top), total: top, tieCount: tieCount(top))
        }
    }

    /// The one among the best that upstream's heap brings up; see `TieBreaker`.
    private func first(_ top: Int64) -> Best {
        var found = Best(place: 0, total: top, tieCount: 0)
        var lowest = UInt64.max
        var before = 0
        for block in words.indices {
            let word = words[block]
            defer { before += word.nonzeroBitCount }
            guard bests[block] == top else { continue }
            var hits = hits(block, top)
            while hits != 0 {
                let bit = UInt64(hits.trailingZeroBitCount)
                hits &= hits - 1
                found.tieCount += 1
                let position = before + (word & (1 << bit - 1)).nonzeroBitCount
                // Positions ascend, so of equal paths the first is the shortest.
                let path = TieBreaker.path(position)
                if path < lowest || found.tieCount == 1 { (lowest, found.place) = (path, block << 6 + Int(bit)) }
            }
        }
        return found
    }

    /// Returns a bit for each node of the block that has this total.
    private func hits(_ block: Int, _ total: Int64) -> UInt64 {
        let bytes = UnsafeRawPointer(totals)
        let wanted = SIMD8<Int64>(repeating: total)
        var hits: UInt64 = 0
        for part in 0..<8 {
            let values = bytes.loadUnaligned(fromByteOffset: (block << 6 + part << 3) << 3, as: SIMD8<Int64>.self)
            let isHit = values .== wanted
            guard any(isHit) else { continue }
            for lane in 0..<8 where isHit[lane] { hits |= 1 << UInt64(part << 3 + lane) }
        }
        return hits
    }

    private func tieCount(_ top: Int64) -> Int {
        var count = 0
        for block in 0..<blocks where bests[block] == top {
            for place in block << 6..<(block + 1) << 6 where totals[place] == top { count += 1 }
        }
        return count
    }

    private func place(of wanted: Int, _ top: Int64) -> Int {
        var left = wanted
        for block in 0..<blocks where bests[block] == top {
            for place in block << 6..<(block + 1) << 6 where totals[place] == top {
                if left == 0 { return place }
                left -= 1
            }
        }
        preconditionFailure("the drawn number is below the number of ties")
    }
}
