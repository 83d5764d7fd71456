import GRDBSQLite

/// INSERTs into a busy table, many rows in one step: SQLite spends more on beginning and ending a statement than on a
/// short row.
final class BatchInsert {
    private let buffer: RowBuffer
    private let statement: OpaquePointer
    // Whether rows are numbered from 1 as they come, by their first column.
    private let isNumbered: Bool
    /// The first result code that was not a success.
    private(set) var failure: Int32?

    /// Prepares inserts into all columns of a table, or returns nil when SQLite refuses.
    ///
    /// Rows that are numbered as they come are numbered by SQLite itself, which need not look then whether the number is
    /// free.
    init?(
        _ connection: OpaquePointer, into table: String, _ columns: [RowBuffer.Column], isNumbered: Bool = false
    ) {
        buffer = RowBuffer(columns)
        self.isNumbered = isNumbered
        let source = "rows_of_\(table)"
        guard let names = Self.columns(of: table, connection), names.count == columns.count,
            RowTable.register(buffer, as: source, on: connection)
        else { return nil }
        let places = columns.indices.dropFirst(isNumbered ? 1 : 0)
        let targets = places.map { names[$0] }.joined(separator: ", ")
        let sources = places.map { "c\($0)" }.joined(separator: ", ")
        let sql = "INSERT INTO \(table) (\(targets)) SELECT \(sources) FROM \(source)"
        var handle: OpaquePointer?
        let code = sqlite3_prepare_v3(connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
        guard code == SQLITE_OK, let handle else { return nil }
        statement = handle
    }

    deinit {
        sqlite3_finalize(statement)
    }

    private static func columns(of table: String, _ connection: OpaquePointer) -> [String]? {
        var handle: OpaquePointer?
        guard sqlite3_prepare_v2(connection, "SELECT * FROM \(table)", -1, &handle, nil) == SQLITE_OK else {
            return nil
        }
        defer { sqlite3_finalize(handle) }
        return (0..<sqlite3_column_count(handle)).compactMap { place in
            sqlite3_column_name(handle, place).map { String(cString: $0) }
        }
    }
}

// MARK: - One row

extension BatchInsert {
    /// Sets the next column.
    @inline(__always)
    func bind(_ value: Int64) { buffer.append(value) }

    /// Sets the next column.
    @inline(__always)
    func bind(_ value: Int32) { buffer.append(Int64(value)) }

    /// Sets a reference to another row, where a negative number stands for none.
    @inline(__always)
    func bind(reference value: Int32) {
        if value < 0 { buffer.appendNull() } else { buffer.append(Int64(value)) }
    }

    /// Sets the next column, which holds text.
    func bind(_ text: borrowing String) {
        // Texts of ours are native and contiguous: this copies once, into the buffer.
        var text = copy text
        text.withUTF8 { buffer.append(UnsafeRawBufferPointer($0)) }
    }

    /// Sets the next column, which holds a blob, to 16 bytes, the upper ones first.
    func bind(high: UInt64, low: UInt64) {
        withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { buffer.append($0) }
    }

    /// Ends the row whose columns have been set.
    @inline(__always)
    func insert() {
        if buffer.isFull { flush() }
    }

    /// Writes the rows that wait for others to join them.
    func flush() {
        guard buffer.rows > 0 else { return }
        let code = sqlite3_step(statement)
        sqlite3_reset(statement)
        if code != SQLITE_DONE, failure == nil { failure = code }
        precondition(
            !isNumbered || failure != nil
                || sqlite3_last_insert_rowid(sqlite3_db_handle(statement)) == buffer.lastNumber,
            "a row was told under another number than it stands under")
        buffer.removeAll()
    }
}
