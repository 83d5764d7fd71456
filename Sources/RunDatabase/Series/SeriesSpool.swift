import GRDB

/// Takes stretches of series as they come, and gives them back family by family and series by series.
///
/// They lie in a temporary file of SQLite's, which is gone with the spool: only the rows of one batch are in memory.
package final class SeriesSpool {
    private static let batch = 4_096

    private let queue: DatabaseQueue
    private var rows: [(family: Int, stretch: SeriesStretch)] = []
    private var isIndexed = false

    /// Creates a spool with nothing in it.
    package init() throws(RunDatabaseError) {
        do {
            // No name: SQLite keeps the database in a file that nobody else sees.
            queue = try DatabaseQueue(path: "")
            try queue.write { database in
                try database.execute(
                    sql: """
                        CREATE TABLE stretch (
                            family INTEGER NOT NULL, labels TEXT NOT NULL, from_ns INTEGER NOT NULL, to_ns INTEGER NOT NULL,
                            value REAL NOT NULL, slope REAL NOT NULL
                        ) STRICT
                        """)
            }
        } catch {
            throw RunDatabaseError(error, path: "a temporary database")
        }
    }

    /// Takes a stretch of a family, which is a number of the caller's.
    package func add(_ stretch: SeriesStretch, to family: Int) throws(RunDatabaseError) {
        rows.append((family, stretch))
        if rows.count == Self.batch { try flush() }
    }

    /// Tells the stretches of a family, by the labels and then by time.
    package func forEachStretch(of family: Int, _ body: (SeriesStretch) -> Void) throws(RunDatabaseError) {
        try flush()
        do {
            if !isIndexed {
                try queue.write {
                    try $0.execute(sql: "CREATE INDEX stretch_by_series ON stretch (family, labels, from_ns)")
                }
                isIndexed = true
            }
            try queue.read { database in
                let sql =
                    "SELECT labels, from_ns, to_ns, value, slope FROM stretch WHERE family = ? ORDER BY labels, from_ns"
                let cursor = try Row.fetchCursor(database, sql: sql, arguments: [family])
                while let row = try cursor.next() {
                    body(
                        SeriesStretch(
                            labels: row[0], from: row[1], to: row[2], value: row[3], slope: row[4]))
                }
            }
        } catch {
            throw RunDatabaseError(error, path: "a temporary database")
        }
    }

    private func flush() throws(RunDatabaseError) {
        guard !rows.isEmpty else { return }
        let written = rows
        rows.removeAll(keepingCapacity: true)
        do {
            try queue.write { database in
                let insert = try database.cachedStatement(sql: "INSERT INTO stretch VALUES (?, ?, ?, ?, ?, ?)")
                for (family, stretch) in written {
                    try insert.execute(arguments: [
                        family, stretch.labels, stretch.from, stretch.to, stretch.value, stretch.slope,
                    ])
                }
            }
        } catch {
            throw RunDatabaseError(error, path: "a temporary database")
        }
    }
}
