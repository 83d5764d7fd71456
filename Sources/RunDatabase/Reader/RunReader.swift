import Chronology
import GRDB

/// Reads a run's database, also one whose run was killed or still goes on; never writes to it.
package final class RunReader: Sendable {
    /// What the database says about the run as a whole.
    package let run: RunRecord
    private let file: ReadOnlyDatabase

    /// The file that is read.
    package var path: String { file.path }

    /// Opens a database, or says in words for its user why it cannot be read.
    package init(path: String) throws(RunDatabaseError) {
        file = try ReadOnlyDatabase(path: path)
        run = try file.read { database in
            let run = try Self.readRun(database, path: path)
            if !run.isClosed { try Self.hideLedger(database, after: run.settled) }
            return run
        }
    }

    /// Lets everybody see only that part of the ledger of a run that broke off, or goes on, that is closed: pods are
    /// written as they end, and what they had of machines once a day, so that after that the sides do not balance.
    private static func hideLedger(_ database: Database, after settled: Instant) throws {
        for table in ["cost_asset", "cost_allocation"] {
            try database.execute(
                sql: """
                    CREATE TEMP VIEW \(table) AS SELECT * FROM main.\(table) WHERE to_ns <= \(settled.nanoseconds)
                    """)
        }
        for view in ["cost_asset_view", "cost_allocation_view"] {
            // A view of the file itself sees nothing but the file's own tables.
            let sql = try String.fetchOne(
                database, sql: "SELECT sql FROM main.sqlite_master WHERE type = 'view' AND name = ?", arguments: [view])
            guard let sql else { continue }
            try database.execute(sql: sql.replacing("CREATE VIEW", with: "CREATE TEMP VIEW", maxReplacements: 1))
        }
    }

    private static func readRun(_ database: Database, path: String) throws -> RunRecord {
        let schema = try RunSchema.version(of: database, path: path, foreign: .notARun(path: path))
        guard schema > 0, let row = try Row.fetchOne(database, sql: "SELECT * FROM run") else {
            throw RunDatabaseError.notARun(path: path)
        }
        var run = RunRecord(
            scenario: row["scenario"], seed: UInt64(row["seed"] as String) ?? 0, version: row["version"],
            startDate: row["start_date"], horizon: try row.duration("horizon_ns"), digest: row["digest"],
            events: try row.count("events"), reached: try row.instant("reached_ns"),
            status: RunStatus(rawValue: row["status"]) ?? .running, schema: row["schema"])
        guard run.horizon >= .zero else { throw DamagedColumn("horizon_ns") }
        guard run.reached >= .start else { throw DamagedColumn("reached_ns") }
        guard (try? StartDate(parsing: run.startDate)) != nil else { throw DamagedColumn("start_date") }
        if !run.isFinished {
            run.isStopped = run.digest != nil
            run.digest = nil
        }
        return run
    }

    /// Returns what one SELECT answers; for reports and for what has no method here.
    ///
    /// `arguments` are the texts for its named parameters, such as `:by`; each must occur in the statement.
    package func query(
        _ sql: String, arguments: [String: String] = [:]
    ) throws(RunDatabaseError) -> QueryResult {
        try file.query(sql, arguments: arguments)
    }

    /// Tells each row that one SELECT answers, one after the other: for what may be more than memory holds.
    package func forEachRow(
        _ sql: String, _ body: ([SQLValue]) throws(RunDatabaseError) -> Void
    ) throws(RunDatabaseError) {
        try read { database in
            let cursor = try Row.fetchCursor(database, sql: sql)
            while let row = try cursor.next() { try body(row.databaseValues.map { SQLValue($0) }) }
        }
    }

    /// Returns what `body` reads in one transaction.
    func read<Value>(_ body: (Database) throws -> Value) throws(RunDatabaseError) -> Value { try file.read(body) }

    /// Returns `make` of each row that a query answers.
    func rows<Value>(
        _ sql: String, _ arguments: StatementArguments = StatementArguments(),
        _ make: (Row) throws -> Value
    ) throws(RunDatabaseError) -> [Value] {
        try read { database in
            var values: [Value] = []
            let cursor = try Row.fetchCursor(database, sql: sql, arguments: arguments)
            while let row = try cursor.next() { values.append(try make(row)) }
            return values
        }
    }
}
