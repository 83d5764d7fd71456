import Observations
import Simulation

/// Compares the digests of a run with those that were recorded, event by event.
final class CheckpointComparison: SelectiveObserver {
    /// Where two runs part.
    struct Difference: Hashable {
        /// The number of the first event that differs, from 1.
        var event: Int64
        /// Whether one of the runs had no such event any more.
        var isMissing: Bool
    }

    private let recorded: [CheckpointRow]
    private var next = 0

    /// The first event that differs; nil as long as none does.
    private(set) var difference: Difference?
    /// How many events have been compared.
    private(set) var compared: Int64 = 0

    init(_ recorded: [CheckpointRow]) { self.recorded = recorded }

    /// Whether everything that was recorded has been compared.
    var isExhausted: Bool { next == recorded.count }

    func checkpoint(_ row: CheckpointRow) {
        guard difference == nil, !isExhausted else { return }
        difference = Self.difference(row, recorded[next])
        next += 1
        if difference == nil { compared = row.events }
    }

    /// Returns the first event that differs between two blocks that begin with the same one.
    static func difference(_ row: CheckpointRow, _ other: CheckpointRow) -> Difference? {
        let before = row.events - Int64(row.trail.count)
        if let parting = parting(row.trail, other.trail, after: before) { return parting }
        if row.trail.count != other.trail.count {
            return Difference(event: before + Int64(min(row.trail.count, other.trail.count)) + 1, isMissing: true)
        }
        // The trail keeps 16 bits of each digest: the last event differs in the others.
        return row.digest == other.digest ? nil : Difference(event: row.events, isMissing: false)
    }

    /// Returns where two trails part that begin after `before` events; nil when they do not as far as both go.
    private static func parting(_ trail: [UInt16], _ other: [UInt16], after before: Int64) -> Difference? {
        zip(trail, other).enumerated().first { $0.element.0 != $0.element.1 }
            .map { Difference(event: before + Int64($0.offset) + 1, isMissing: false) }
    }

    /// Compares the events since the last checkpoint, where a branch begins.
    func compareOpenBlock(_ row: BranchRow) {
        guard difference == nil, !row.trail.isEmpty else { return }
        let before = row.events - Int64(row.trail.count)
        let other = isExhausted ? [] : recorded[next].trail
        if let parting = Self.parting(row.trail, other, after: before) {
            difference = parting
        } else if other.count < row.trail.count {
            difference = Difference(event: before + Int64(other.count) + 1, isMissing: true)
        } else {
            compared = row.events
        }
    }
}
