import Testing

@testable import Scheduler

@Suite struct TieBreakTests {
    /// Go's container/heap, literally: Init, then the root.
    private static func heapTop(_ scores: [Int]) -> Int {
        var heap = Array(scores.enumerated())
        var start = heap.count / 2
        while start > 0 {
            start -= 1
            var parent = start
            while true {
                var child = 2 * parent + 1
                guard child < heap.count else { break }
                if child + 1 < heap.count, heap[child + 1].element > heap[child].element { child += 1 }
                guard heap[child].element > heap[parent].element else { break }
                heap.swapAt(parent, child)
                parent = child
            }
        }
        return heap[0].offset
    }

    @Test("the choice among equals is the top of upstream's heap")
    func agreesWithHeap() {
        var state: UInt64 = 9
        for _ in 0..<3_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1
            let count = Int((state >> 40) % 40) + 1
            let scores = (0..<count).map { index in Int((state >> UInt64(index % 30 + 5)) % 3) }
            let best = scores.max() ?? 0
            let ties = scores.indices.filter { scores[$0] == best }.map { Int32($0) }
            #expect(Int(TieBreaker.upstream136(ties)) == Self.heapTop(scores))
        }
    }

    @Test("a draw falls on each of the equals")
    func seeded() {
        #expect(TieBreaker.seeded([3, 5, 8], draw: 0) == 3)
        #expect(TieBreaker.seeded([3, 5, 8], draw: UInt64.max / 2) == 5)
        #expect(TieBreaker.seeded([3, 5, 8], draw: UInt64.max) == 8)
    }
}
