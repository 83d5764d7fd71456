import Foundation
import GRDB

/// A database of ours that is only read, also while somebody writes it.
struct ReadOnlyDatabase: Sendable {
    /// The file that is read.
    let path: String
    private let queue: DatabaseQueue

    /// Opens a database, or says in words for its user why it cannot be read.
    init(path: String) throws(RunDatabaseError) {
        self.path = path
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw .noSuchFile(path: path)
        }
        guard !isFolder.boolValue else { throw .notADatabase(path: path) }
        var configuration = Configuration()
        configuration.readonly = true
        // The writer of a run that still goes on holds the file for moments only.
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { database in
            for function in WholeDivision.functions { database.add(function: function) }
        }
        do {
            queue = try DatabaseQueue(path: path, configuration: configuration)
        } catch {
            throw RunDatabaseError(error, path: path)
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

    /// Returns what one SELECT answers; `arguments` are the texts for its named parameters, each of which must occur.
    func query(_ sql: String, arguments: [String: String] = [:]) throws(RunDatabaseError) -> QueryResult {
        try read { database in
            // Whoever asks a long report in many ways has it compiled once.
            let statement = try database.cachedStatement(sql: sql)
            try statement.setArguments(StatementArguments(arguments))
            var rows: [[SQLValue]] = []
            let cursor = try Row.fetchCursor(statement)
            while let row = try cursor.next() {
                rows.append(row.databaseValues.map { SQLValue($0) })
            }
            return QueryResult(columns: statement.columnNames, rows: rows)
        }
    }
}

extension RunSchema {
    /// Returns the version of the schema that a database has; throws `foreign` for one that is not ours, and an error of
    /// its own for one that a later version wrote.
    static func version(
        of database: Database, path: String, foreign: RunDatabaseError
    ) throws -> Int {
        guard try Int32.fetchOne(database, sql: "PRAGMA application_id") == applicationID else { throw foreign }
        let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        guard found <= version else { throw RunDatabaseError.newerSchema(path: path, found: found, known: version) }
        return found
    }
}
