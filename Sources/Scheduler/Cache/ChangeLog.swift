/// Which slots changed, in order; the oldest entries are forgotten.
struct ChangeLog {
    private(set) var entries: [Int32] = []
    /// The number of the first entry still kept.
    private(set) var base: UInt64 = 0
    private static let lengthMax = 1 << 16

    /// The number that the next entry will have.
    var end: UInt64 { base + UInt64(entries.count) }

    mutating func append(_ slot: Int32) {
        if entries.count >= Self.lengthMax {
            let half = Self.lengthMax / 2
            entries.removeFirst(half)
            base += UInt64(half)
        }
        entries.append(slot)
    }
}
