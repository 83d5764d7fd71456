package import Chronology

/// The future: events in order of (instant, sequence number), so that what was scheduled first is served first.
///
/// A four-ary heap of packed 16-byte keys; the events themselves stay in slots that the keys point to. Nothing is
/// allocated per event once the arrays have grown. A copy is an independent future.
///
/// What happens nearly always leads to something else soon: the key of the event popped last stays on top until the
/// next one is scheduled and takes its place, which spares the way of a late key from the end of the heap to its leaves.
///
/// Nothing is taken back: whoever changes its mind lets the event happen and sees by a generation in its arguments that
/// it means nothing any more.
package struct EventQueue: Sendable {
    /// A key as it lies in the heap; 16 bytes, so that four children fill one cache line.
    private struct PackedKey {
        let nanoseconds: Int64
        /// Sequence number (upper 40 bits) and slot (lower 24 bits); numbers are unique, so slots decide nothing.
        let word: UInt64

        var slot: Int { Int(truncatingIfNeeded: word & 0xFF_FFFF) }

        @inline(__always)
        func isBefore(_ other: PackedKey) -> Bool {
            nanoseconds == other.nanoseconds ? word < other.word : nanoseconds < other.nanoseconds
        }
    }

    private var heap: [PackedKey] = []
    private var events: [SimulationEvent] = []
    private var freeSlots: [UInt32] = []
    // Whether the key on top is of an event that has been popped.
    private var isTopTaken = false

    /// The number of events that were ever scheduled; also the next sequence number.
    package private(set) var scheduledCount: UInt64 = 0

    /// The instant of the event popped last: the present, before which nothing can be scheduled.
    package private(set) var present: Instant

    /// Creates an empty queue whose present is `present`.
    package init(present: Instant = .start) {
        self.present = present
    }

    /// The number of events that wait.
    package var count: Int { heap.count - (isTopTaken ? 1 : 0) }

    /// Whether no event waits.
    package var isEmpty: Bool { count == 0 }

    /// The instant of the next event; nil when none waits.
    package var nextInstant: Instant? {
        guard isTopTaken else { return heap.first.map { Instant(nanoseconds: $0.nanoseconds) } }
        guard heap.count > 1 else { return nil }
        return heap.withUnsafeBufferPointer {
            Instant(nanoseconds: $0[Self.earliestChild(from: 1, in: $0)].nanoseconds)
        }
    }
}

// MARK: - Schedule, pop

extension EventQueue {
    /// Adds an event that happens at `instant`, which must not lie before the present.
    package mutating func schedule(_ event: SimulationEvent, at instant: Instant) {
        precondition(instant >= present, "an event was scheduled before the present")
        precondition(scheduledCount < Limits.scheduledEvents - 1, "Limits.scheduledEvents is reached")
        let slot: Int
        if isTopTaken {
            slot = heap[0].slot
            events[slot] = event
        } else if let free = freeSlots.popLast() {
            slot = Int(free)
            events[slot] = event
        } else {
            slot = events.count
            precondition(slot < Limits.pendingEvents, "Limits.pendingEvents is reached")
            events.append(event)
        }
        let key = PackedKey(nanoseconds: instant.nanoseconds, word: scheduledCount << 24 | UInt64(slot))
        scheduledCount += 1
        if isTopTaken {
            isTopTaken = false
            sink(key)
        } else {
            heap.append(key)
            heap.withUnsafeMutableBufferPointer { Self.siftUp(key, in: $0) }
        }
    }

    /// Removes the next event, makes its instant the present, and returns it; nil when none waits.
    package mutating func pop() -> (key: EventKey, event: SimulationEvent)? {
        if isTopTaken { dropTop() }
        guard let top = heap.first else { return nil }
        isTopTaken = true
        present = Instant(nanoseconds: top.nanoseconds)
        return (EventKey(instant: present, sequence: top.word >> 24), events[top.slot])
    }

    /// Lets the last key of the heap take the place of one that was popped.
    private mutating func dropTop() {
        freeSlots.append(UInt32(truncatingIfNeeded: heap[0].slot))
        isTopTaken = false
        let last = heap.removeLast()
        if !heap.isEmpty { sink(last) }
    }
}

// MARK: - Heap

extension EventQueue {
    /// Puts `key` where it belongs on the way from the top down to a leaf.
    @inline(__always)
    private mutating func sink(_ key: PackedKey) {
        heap.withUnsafeMutableBufferPointer { heap in
            var hole = 0
            while true {
                let firstChild = hole * 4 + 1
                guard firstChild < heap.count else { break }
                let earliest = Self.earliestChild(from: firstChild, in: UnsafeBufferPointer(heap))
                guard heap[earliest].isBefore(key) else { break }
                heap[hole] = heap[earliest]
                hole = earliest
            }
            heap[hole] = key
        }
    }

    /// Puts `key` where it belongs on the way from the last place up to the top.
    @inline(__always)
    private static func siftUp(_ key: PackedKey, in heap: UnsafeMutableBufferPointer<PackedKey>) {
        var hole = heap.count - 1
        while hole > 0 {
            let parent = (hole - 1) / 4
            guard key.isBefore(heap[parent]) else { break }
            heap[hole] = heap[parent]
            hole = parent
        }
        heap[hole] = key
    }

    /// Returns the index of the least of up to four children, of which the first is at `first`.
    @inline(__always)
    private static func earliestChild(from first: Int, in heap: UnsafeBufferPointer<PackedKey>) -> Int {
        if first + 3 < heap.count {
            // A knockout of two pairs, in selections instead of branches that no processor could predict.
            let left = heap[first + 1].isBefore(heap[first]) ? first + 1 : first
            let right = heap[first + 3].isBefore(heap[first + 2]) ? first + 3 : first + 2
            return heap[right].isBefore(heap[left]) ? right : left
        }
        var earliest = first
        for child in (first + 1)..<max(first + 1, heap.count) where heap[child].isBefore(heap[earliest]) {
            earliest = child
        }
        return earliest
    }
}
