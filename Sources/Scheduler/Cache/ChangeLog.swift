/// Which slots, or places, changed, in order; the oldest entries are forgotten.
struct ChangeLog {
    private(set) var entries: [Int32] = []
    /// The number of the first entry still kept.
    private(set) var base: UInt64 = 0
    private var lengthMax: Int

    /// Creates a log of at most `lengthMax` entries, at least 2.
    init(lengthMax: Int = 1 << 16) { self.lengthMax = lengthMax }

    /// The number that the next entry will have.
    var end: UInt64 { base + UInt64(entries.count) }

    mutating func append(_ slot: Int32) {
        if entries.count >= lengthMax {
            let half = lengthMax / 2
            entries.removeFirst(half)
            base += UInt64(half)
        }
        entries.append(slot)
    }

    /// Forgets all entries; from here on at most `lengthMax` are kept.
    mutating func removeAll(lengthMax: Int) {
        base = end
        entries.removeAll(keepingCapacity: true)
        self.lengthMax = lengthMax
    }

    /// Calls `body` with the entries from the one numbered `start` on, which must be kept.
    @inline(__always)
    func withEntries(from start: UInt64, _ body: (UnsafeBufferPointer<Int32>) -> Void) {
        guard start < end else { return }
        entries.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[Int(start - base)...])) }
    }
}
