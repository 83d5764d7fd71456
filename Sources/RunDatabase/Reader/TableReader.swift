import GRDB

/// Reads the tables and views of a database of ours as they are: that of a run or of an experiment.
package final class TableReader: Sendable {
    /// A column of a table or a view.
    package struct Column: Hashable, Sendable {
        package var name: String
        /// What the table declares; nil for texts, which may be times, and for columns of views.
        package var declared: ColumnType?
        /// Whether there is always a value.
        package var isRequired: Bool
    }

    /// A table or a view.
    package struct Table: Hashable, Sendable {
        package var name: String
        package var isView: Bool
        package var columns: [Column]
    }

    private let file: ReadOnlyDatabase

    /// Opens a database, or says in words for its user why it cannot be read.
    package init(path: String) throws(RunDatabaseError) {
        file = try ReadOnlyDatabase(path: path)
        let found = try file.read { try RunSchema.version(of: $0, path: path, foreign: .notARun(path: path)) }
        guard found > 0 else { throw .notARun(path: path) }
    }

    /// Returns all tables and then all views, each by name; not those that are SQLite's and GRDB's own.
    package func tables() throws(RunDatabaseError) -> [Table] {
        try file.read { database in
            let names = try Row.fetchAll(
                database,
                sql: """
                    SELECT name, type = 'view' AS is_view FROM sqlite_schema
                    WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite%' AND name <> 'grdb_migrations'
                    ORDER BY is_view, name
                    """)
            return try names.map { row in
                Table(name: row["name"], isView: row["is_view"], columns: try Self.columns(of: row["name"], database))
            }
        }
    }

    private static func columns(of table: String, _ database: Database) throws -> [Column] {
        try Row.fetchAll(database, sql: "PRAGMA table_info(\"\(table)\")").map { row in
            let type: String = row["type"]
            let declared: ColumnType? =
                switch type {
                case "INTEGER": .integer
                case "REAL": .number
                case "BLOB": .string
                default: nil
                }
            let isKey: Int = row["pk"]
            return Column(name: row["name"], declared: declared, isRequired: row["notnull"] || isKey > 0)
        }
    }

    /// Tells each row of a table, one after the other.
    package func forEachRow(of table: Table, _ body: ([SQLValue]) throws -> Void) throws(RunDatabaseError) {
        try file.read { database in
            let order = table.isView ? "" : " ORDER BY rowid"
            let cursor = try Row.fetchCursor(database, sql: "SELECT * FROM \"\(table.name)\"\(order)")
            while let row = try cursor.next() { try body(row.databaseValues.map { SQLValue($0) }) }
        }
    }
}
