import Chronology
import Observations
import RunDatabase

/// Proves, while a branch runs, that its history is that of the run it leaves.
final class SharedHistory {
    private let comparison: CheckpointComparison
    private let number: Int
    private let checkpoints: [CheckpointRow]

    /// What the two histories have in common when the branch is entered; nil before.
    private(set) var branch: BranchRow?

    /// Watches for the branch `number`, from 1, of a run whose checkpoints are those of the run it leaves.
    init(_ checkpoints: [CheckpointRow], branch number: Int) {
        self.checkpoints = checkpoints
        self.number = number
        comparison = CheckpointComparison(checkpoints)
    }

    /// Looks at what a writer is told.
    func watch(_ writer: RunWriter) {
        writer.onCheckpoint = { [self] row in if branch == nil { comparison.checkpoint(row) } }
        writer.onBranch = { [self] row in
            guard row.number == number, branch == nil else { return }
            branch = row
            comparison.compareOpenBlock(row)
        }
    }

    /// Whether the histories differ.
    var isBroken: Bool { comparison.difference != nil }

    /// Where the histories differ, in words; nil when they do not.
    func objection(_ clock: WallClock) -> String? {
        guard let difference = comparison.difference else { return nil }
        let block = checkpoints.firstIndex { $0.events >= difference.event } ?? checkpoints.count - 1
        guard checkpoints.indices.contains(block) else { return "the run has no checkpoint to compare with" }
        let row = checkpoints[block]
        return "checkpoint \(block + 1) (events \(Figures.grouped(row.events - Int64(row.trail.count) + 1)) to "
            + "\(Figures.grouped(row.events)), up to \(clock.text(of: row.at)), digest \(row.digest)) is another: event "
            + "\(Figures.grouped(difference.event)) differs"
    }
}
