// Kubernetes counterpart: newSortedNodeScores, nodeScoreHeap in schedule_one.go (v1.36).

/// Picks one among nodes of equal score.
enum TieBreaker {
    /// Returns the member of `ties`, which are ascending positions in the list of scored nodes, that comes to the top
    /// when upstream makes a heap of the whole list.
    ///
    /// A parent keeps its place unless a child is strictly better, and of two children the left one wins ties. So among
    /// the best it is the one that a walk of the heap's tree in pre-order meets first.
    static func upstream136(_ ties: [Int32]) -> Int32 {
        guard var best = ties.first else { return 0 }
        var lowest = path(Int(best))
        for candidate in ties.dropFirst() {
            // Positions ascend: of equal paths the earlier is the shorter, and goes first.
            let path = path(Int(candidate))
            if path < lowest { (lowest, best) = (path, candidate) }
        }
        return best
    }

    /// Returns the member of `ties` that `draw`, a uniform number, falls on.
    static func seeded(_ ties: [Int32], draw: UInt64) -> Int32 {
        ties.isEmpty ? 0 : ties[seededIndex(of: ties.count, draw: draw)]
    }

    /// Returns which of `count` ties `draw` falls on.
    static func seededIndex(of count: Int, draw: UInt64) -> Int {
        Int(draw.multipliedFullWidth(by: UInt64(count)).high)
    }

    /// The way from the root to a position of the heap as bits, left-aligned.
    static func path(_ position: Int) -> UInt64 {
        let number = UInt64(position) + 1
        return number << UInt64(number.leadingZeroBitCount)
    }
}
