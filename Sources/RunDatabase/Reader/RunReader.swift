import Chronology
import Foundation
import GRDB

/// Reads a run's database, also one whose run was killed or still goes on; never writes to it.
package final class RunReader: Sendable {
    /// The file that is read.
    package let path: String
    /// What the database says about the run as a whole.
    package let run: RunRecord

    private let queue: DatabaseQueue

    /// Opens a database, or says in words for its user why it cannot be read.
    package init(path: String) throws(RunDatabaseError) {
        self.path = path
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw .noSuchFile(path: path)
        }
        guard !isFolder.boolValue else { throw .notADatabase(path: path) }
        do {
            var configuration = Configuration()
            configuration.readonly = true
            // The writer of a run that still goes on holds the file for moments only.
            configuration.busyMode = .timeout(5)
            configuration.prepareDatabase { database in
                for function in WholeDivision.functions { database.add(function: function) }
            }
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            run = try queue.read { try Self.readRun($0, path: path) }
            self.queue = queue
        } catch {
            throw RunDatabaseError(error, path: path)
        }
    }

    private static func readRun(_ database: Database, path: String) throws -> RunRecord {
        guard try Int32.fetchOne(database, sql: "PRAGMA application_id") == RunSchema.applicationID else {
            throw RunDatabaseError.notARun(path: path)
        }
        let schema = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        guard schema <= RunSchema.version else {
            throw RunDatabaseError.newerSchema(path: path, found: schema, known: RunSchema.version)
        }
        guard schema > 0, let row = try Row.fetchOne(database, sql: "SELECT * FROM run") else {
            throw RunDatabaseError.notARun(path: path)
        }
        return RunRecord(
            scenario: row["scenario"], seed: UInt64(row["seed"] as String) ?? 0, version: row["version"],
            startDate: row["start_date"], horizon: Duration(nanoseconds: row["horizon_ns"]), digest: row["digest"],
            events: row["events"], reached: Instant(nanoseconds: row["reached_ns"]),
            status: RunStatus(rawValue: row["status"]) ?? .running, schema: row["schema"])
    }

    /// Returns what one SELECT answers; for reports and for what has no method here.
    ///
    /// `arguments` are the texts for its named parameters, such as `:by`; each must occur in the statement.
    package func query(
        _ sql: String, arguments: [String: String] = [:]
    ) throws(RunDatabaseError) -> QueryResult {
        try read { database in
            let statement = try database.makeStatement(sql: sql)
            if !arguments.isEmpty { try statement.setArguments(StatementArguments(arguments)) }
            var rows: [[SQLValue]] = []
            let cursor = try Row.fetchCursor(statement)
            while let row = try cursor.next() {
                rows.append(row.databaseValues.map { SQLValue($0) })
            }
            return QueryResult(columns: statement.columnNames, rows: rows)
        }
    }

    /// Returns what `body` reads in one transaction.
    func read<Value>(_ body: (Database) throws -> Value) throws(RunDatabaseError) -> Value {
        do {
            return try queue.read(body)
        } catch {
            throw RunDatabaseError(error, path: path)
        }
    }

    /// Returns `make` of each row that a query answers.
    func rows<Value>(
        _ sql: String, _ arguments: StatementArguments = StatementArguments(), _ make: (Row) -> Value
    ) throws(RunDatabaseError) -> [Value] {
        try read { database in
            var values: [Value] = []
            let cursor = try Row.fetchCursor(database, sql: sql, arguments: arguments)
            while let row = try cursor.next() { values.append(make(row)) }
            return values
        }
    }
}
