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
        for candidate in ties.dropFirst() where precedes(candidate, best) { best = candidate }
        return best
    }

    /// Returns the member of `ties` that `draw`, a uniform number, falls on.
    static func seeded(_ ties: [Int32], draw: UInt64) -> Int32 {
        if ties.isEmpty { return 0 }
        return ties[Int(draw.multipliedFullWidth(by: UInt64(ties.count)).high)]
    }

    private static func precedes(_ left: Int32, _ right: Int32) -> Bool {
        let (leftPath, leftDepth) = path(left)
        let (rightPath, rightDepth) = path(right)
        return leftPath != rightPath ? leftPath < rightPath : leftDepth < rightDepth
    }

    /// The way from the root to a place of the heap as bits, left-aligned, and its length.
    private static func path(_ place: Int32) -> (UInt64, Int) {
        let number = UInt64(place) + 1
        return (number << UInt64(number.leadingZeroBitCount), 64 - number.leadingZeroBitCount)
    }
}
