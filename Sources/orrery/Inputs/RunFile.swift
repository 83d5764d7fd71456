import ArgumentParser
import Chronology
import RunDatabase

/// Opens the databases that the user names.
enum RunFile {
    /// Returns a reader of the database at `path`, or ends with what is wrong with it.
    static func open(_ path: String) throws -> RunReader {
        try attempt { () throws(RunDatabaseError) in try RunReader(path: path) }
    }

    /// Returns what `body` reads, or ends with what is wrong with the database.
    static func attempt<Value>(_ body: () throws(RunDatabaseError) -> Value) throws -> Value {
        do {
            return try body()
        } catch {
            Console.error("error: \(error)")
            throw Exit.badInput.code
        }
    }

    /// Tells on standard error when the run did not reach its end.
    static func warnWhenIncomplete(_ run: RunRecord) {
        guard !run.isFinished else { return }
        let share = Double(run.reached.nanoseconds) / Double(max(run.horizon.nanoseconds, 1))
        Console.error(
            "warning: this run is incomplete: it got to \(run.clock.text(of: run.reached.wholeSecond)), "
                + "\(Figures.fixed(share * 100, 1))% of \(run.horizon); everything below is up to there")
    }
}
