package import Chronology

/// The future: events in order of (instant, sequence number), so that what was scheduled first is served first.
///
/// A four-ary heap of packed 16-byte keys; the events themselves stay in slots that the keys point to. Nothing is
/// allocated per event once the arrays have grown. A copy is an independent future.
///
/// Cancelling empties the slot at once and leaves the key in the heap, where it is dropped when it comes up: a slot
/// remembers the sequence number of its event, which serves as its generation. The key on top is always a live one.
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

    /// The place of one event; 32 bytes, so that an event and its generation come from memory together.
    private struct Slot {
        /// The word of the live event in this slot, or `emptyWord`.
        var word: UInt64
        var event: SimulationEvent
    }

    /// The word of a slot without an event; its slot bits are zero and its number is one that is never given out.
    private static var emptyWord: UInt64 { UInt64.max << 24 }

    private var heap: [PackedKey] = []
    private var slots: [Slot] = []
    private var freeSlots: [UInt32] = []

    /// The number of events that were ever scheduled; also the next sequence number.
    package private(set) var scheduledCount: UInt64 = 0

    /// The number of events that wait.
    package private(set) var count = 0

    /// The instant of the event popped last: the present, before which nothing can be scheduled.
    package private(set) var present: Instant

    /// Creates an empty queue whose present is `present`.
    package init(present: Instant = .start) {
        self.present = present
    }

    /// Makes room for `count` waiting events.
    package mutating func reserveCapacity(_ count: Int) {
        heap.reserveCapacity(count)
        slots.reserveCapacity(count)
        freeSlots.reserveCapacity(count)
    }

    /// Whether no event waits.
    package var isEmpty: Bool { heap.isEmpty }

    /// The instant of the next event; nil when none waits.
    package var nextInstant: Instant? {
        heap.isEmpty ? nil : Instant(nanoseconds: heap[0].nanoseconds)
    }
}

// MARK: - Schedule, pop, cancel

extension EventQueue {
    /// Adds an event that happens at `instant`, which must not lie before the present.
    @discardableResult
    package mutating func schedule(_ event: SimulationEvent, at instant: Instant) -> EventToken {
        precondition(instant >= present, "an event was scheduled before the present")
        precondition(scheduledCount < Limits.scheduledEvents - 1, "Limits.scheduledEvents is reached")
        let slot: Int
        let word: UInt64
        if let free = freeSlots.popLast() {
            slot = Int(free)
            word = scheduledCount << 24 | UInt64(free)
            slots[slot] = Slot(word: word, event: event)
        } else {
            slot = slots.count
            precondition(slot < Limits.pendingEvents, "Limits.pendingEvents is reached")
            word = scheduledCount << 24 | UInt64(slot)
            slots.append(Slot(word: word, event: event))
        }
        scheduledCount += 1
        count += 1
        let key = PackedKey(nanoseconds: instant.nanoseconds, word: word)
        heap.append(key)
        heap.withUnsafeMutableBufferPointer { Self.siftUp(key, from: $0.count - 1, in: $0) }
        return EventToken(word: word)
    }

    /// Removes the next event, makes its instant the present, and returns it; nil when none waits.
    package mutating func pop() -> (key: EventKey, event: SimulationEvent)? {
        guard let top = heap.first else { return nil }
        let event = slots[top.slot].event
        release(slot: top.slot)
        present = Instant(nanoseconds: top.nanoseconds)
        removeTop()
        dropStaleTop()
        return (EventKey(instant: present, sequence: top.word >> 24), event)
    }

    /// Takes back an event; returns false when it has happened or was cancelled before.
    @discardableResult
    package mutating func cancel(_ token: EventToken) -> Bool {
        let slot = Int(truncatingIfNeeded: token.word & 0xFF_FFFF)
        guard slot < slots.count, slots[slot].word == token.word else { return false }
        release(slot: slot)
        dropStaleTop()
        let staleCount = heap.count - count
        if staleCount > Limits.cancelledEvents, staleCount > count { sweep() }
        return true
    }

    /// Returns the event that `token` stands for while it still waits.
    package func event(_ token: EventToken) -> SimulationEvent? {
        let slot = Int(truncatingIfNeeded: token.word & 0xFF_FFFF)
        guard slot < slots.count, slots[slot].word == token.word else { return nil }
        return slots[slot].event
    }

    private mutating func release(slot: Int) {
        slots[slot].word = Self.emptyWord
        freeSlots.append(UInt32(truncatingIfNeeded: slot))
        count -= 1
    }

    private mutating func dropStaleTop() {
        guard heap.count > count else { return }
        while let top = heap.first, slots[top.slot].word != top.word { removeTop() }
    }

    /// Removes all stale keys. The order of what is left does not depend on where its keys lie in the heap.
    private mutating func sweep() {
        heap.removeAll { slots[$0.slot].word != $0.word }
        guard heap.count > 1 else { return }
        heap.withUnsafeMutableBufferPointer { heap in
            for index in stride(from: (heap.count - 2) / 4, through: 0, by: -1) {
                Self.siftDown(heap[index], from: index, in: heap)
            }
        }
    }
}

// MARK: - Heap

extension EventQueue {
    private mutating func removeTop() {
        guard let last = heap.popLast(), !heap.isEmpty else { return }
        heap.withUnsafeMutableBufferPointer { Self.siftDown(last, from: 0, in: $0) }
    }

    /// Puts `key` where it belongs on the way from the hole at `index` up to the top.
    @inline(__always)
    private static func siftUp(_ key: PackedKey, from index: Int, in heap: UnsafeMutableBufferPointer<PackedKey>) {
        var hole = index
        while hole > 0 {
            let parent = (hole - 1) / 4
            guard key.isBefore(heap[parent]) else { break }
            heap[hole] = heap[parent]
            hole = parent
        }
        heap[hole] = key
    }

    /// Puts `key` where it belongs on the way from the hole at `index` down to a leaf.
    @inline(__always)
    private static func siftDown(_ key: PackedKey, from index: Int, in heap: UnsafeMutableBufferPointer<PackedKey>) {
        var hole = index
        while true {
            let firstChild = hole * 4 + 1
            guard firstChild < heap.count else { break }
            let earliest = earliestChild(from: firstChild, in: heap)
            guard heap[earliest].isBefore(key) else { break }
            heap[hole] = heap[earliest]
            hole = earliest
        }
        heap[hole] = key
    }

    /// Returns the index of the least of up to four children, of which the first is at `first`.
    @inline(__always)
    private static func earliestChild(from first: Int, in heap: UnsafeMutableBufferPointer<PackedKey>) -> Int {
        if first + 3 < heap.count {
            // A knockout of two pairs, in selections instead of branches that no processor could predict.
            let left = heap[first + 1].isBefore(heap[first]) ? first + 1 : first
            let right = heap[first + 3].isBefore(heap[first + 2]) ? first + 3 : first + 2
            return heap[right].isBefore(heap[left]) ? right : left
        }
        var earliest = first
        var child = first + 1
        while child < heap.count {
            if heap[child].isBefore(heap[earliest]) { earliest = child }
            child += 1
        }
        return earliest
    }
}
