import GRDBSQLite

/// INSERTs into a table that holds whole numbers alone, many rows in one step: SQLite spends more on beginning and
/// ending a statement than on a short row.
final class IntegerInsert {
    /// Rows in one step.
    private static let rowsAtOnce = 32
    /// Stands for NULL among the buffered numbers; no column of ours can hold it.
    private static let null = Int64.min

    private let many: OpaquePointer
    private let one: OpaquePointer
    private let columns: Int
    private let buffer: UnsafeMutableBufferPointer<Int64>
    private var count = 0
    /// The first result code that was not a success.
    private(set) var failure: Int32?

    /// Prepares inserts into the first `columns` columns of a table, or returns nil when SQLite refuses.
    init?(_ connection: OpaquePointer, into table: String, columns: Int) {
        func prepare(rows: Int) -> OpaquePointer? {
            let row = "(" + Array(repeating: "?", count: columns).joined(separator: ", ") + ")"
            let sql = "INSERT INTO \(table) VALUES \(Array(repeating: row, count: rows).joined(separator: ", "))"
            var handle: OpaquePointer?
            let code = sqlite3_prepare_v3(connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
            return code == SQLITE_OK ? handle : nil
        }
        guard let many = prepare(rows: Self.rowsAtOnce) else { return nil }
        guard let one = prepare(rows: 1) else {
            sqlite3_finalize(many)
            return nil
        }
        self.many = many
        self.one = one
        self.columns = columns
        buffer = .allocate(capacity: Self.rowsAtOnce * columns)
    }

    deinit {
        sqlite3_finalize(many)
        sqlite3_finalize(one)
        buffer.deallocate()
    }

    /// Sets the next column.
    func bind(_ value: Int64) {
        buffer[count] = value
        count += 1
    }

    /// Sets the next column.
    func bind(_ value: Int32) {
        bind(Int64(value))
    }

    /// Sets a reference to another row, where a negative number stands for none.
    func bind(reference value: Int32) {
        bind(value < 0 ? Self.null : Int64(value))
    }

    /// Ends the row whose columns have been set.
    func insert() {
        if count == buffer.count {
            step(many, from: 0, count: count)
            count = 0
        }
    }

    /// Writes the rows that wait for others to join them.
    func flush() {
        for start in stride(from: 0, to: count, by: columns) { step(one, from: start, count: columns) }
        count = 0
    }

    private func step(_ statement: OpaquePointer, from start: Int, count: Int) {
        for place in 0..<count {
            let value = buffer[start + place]
            if value == Self.null {
                sqlite3_bind_null(statement, Int32(place + 1))
            } else {
                sqlite3_bind_int64(statement, Int32(place + 1), value)
            }
        }
        let code = sqlite3_step(statement)
        sqlite3_reset(statement)
        if code != SQLITE_DONE, failure == nil { failure = code }
    }
}
