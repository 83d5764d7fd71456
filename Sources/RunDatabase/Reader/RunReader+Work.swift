package import Chronology
import GRDB

/// What runs of containers that were cut short came to.
package struct LostWork: Hashable, Sendable {
    /// How many there were.
    package var runs: Int64 = 0
    /// Work that has to be done again.
    package var lost = Duration.zero
    /// Work that successors took over out of checkpoints.
    package var restored = Duration.zero
    /// Time that went into writing and reading checkpoints.
    package var overhead = Duration.zero
}

extension RunReader {
    /// The first schema with the table `lost_work`.
    private static let firstSchema = 3

    /// Returns what became of work that was cut short; nothing for a database of before that was written.
    package func lostWork() throws(RunDatabaseError) -> LostWork {
        guard run.schema >= Self.firstSchema else { return LostWork() }
        let sums = try rows("SELECT count(*) AS runs, coalesce(sum(lost_ns), 0) AS lost FROM lost_work") {
            LostWork(runs: $0["runs"], lost: Duration(nanoseconds: $0["lost"]))
        }
        var work = sums.first ?? LostWork()
        let metrics = try rows("SELECT name, value FROM metric WHERE name IN ('work.restored', 'work.overhead')") {
            ($0["name"] as String, $0["value"] as Int64)
        }
        for (name, value) in metrics {
            if name == "work.restored" { work.restored = Duration(nanoseconds: value) }
            if name == "work.overhead" { work.overhead = Duration(nanoseconds: value) }
        }
        return work
    }
}
