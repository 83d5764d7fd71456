import KubernetesAPI
import SchedulingFramework

/// A heap of pods by the queue's order; equal ranks come out in the order in which they went in.
///
/// Entries are not removed when a pod leaves by another door: their ticket is void, and they are skipped.
struct PodLine {
    struct Entry {
        /// Compared before the rank; 0 in the active queue, the end of the back-off in the back-off queue.
        var due: Int64
        var rank: QueueRank
        var ticket: UInt64
        var uid: UID
    }

    private(set) var heap: [Entry] = []
    private let order: any QueueOrderPlugin

    init(order: any QueueOrderPlugin) { self.order = order }

    var first: Entry? { heap.first }
    var count: Int { heap.count }

    mutating func push(_ entry: Entry) {
        heap.append(entry)
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard precedes(heap[child], heap[parent]) else { break }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    @discardableResult
    mutating func pop() -> Entry? {
        guard let top = heap.first else { return nil }
        let last = heap.removeLast()
        if !heap.isEmpty {
            heap[0] = last
            sink(0)
        }
        return top
    }

    /// Drops the void entries.
    mutating func compact(_ isValid: (Entry) -> Bool) {
        heap = heap.filter(isValid)
        var place = heap.count / 2
        while place > 0 {
            place -= 1
            sink(place)
        }
    }

    private mutating func sink(_ start: Int) {
        var parent = start
        while true {
            var child = 2 * parent + 1
            guard child < heap.count else { return }
            if child + 1 < heap.count, precedes(heap[child + 1], heap[child]) { child += 1 }
            guard precedes(heap[child], heap[parent]) else { return }
            heap.swapAt(child, parent)
            parent = child
        }
    }

    private func precedes(_ left: Entry, _ right: Entry) -> Bool {
        if left.due != right.due { return left.due < right.due }
        if order.precedes(left.rank, right.rank) { return true }
        if order.precedes(right.rank, left.rank) { return false }
        return left.ticket < right.ticket
    }
}
