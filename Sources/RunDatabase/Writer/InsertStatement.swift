import GRDBSQLite

/// One prepared INSERT, bound and stepped through SQLite itself: GRDB's checks would cost more than the insert.
final class InsertStatement {
    private let statement: OpaquePointer
    private var column: Int32 = 0
    /// The first result code that was not a success.
    private(set) var failure: Int32?

    /// Prepares an insert into the first `columns` columns of a table, or returns nil when SQLite refuses.
    init?(_ connection: OpaquePointer, into table: String, columns: Int, replacing: Bool = false) {
        let marks = Array(repeating: "?", count: columns).joined(separator: ", ")
        let sql = "INSERT \(replacing ? "OR REPLACE " : "")INTO \(table) VALUES (\(marks))"
        var handle: OpaquePointer?
        let code = sqlite3_prepare_v3(connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
        guard code == SQLITE_OK, let handle else { return nil }
        statement = handle
    }

    deinit {
        sqlite3_finalize(statement)
    }

    /// Binds the next column.
    func bind(_ value: Int64) {
        column += 1
        sqlite3_bind_int64(statement, column, value)
    }

    /// Binds the next column.
    func bind(_ value: Int32) {
        bind(Int64(value))
    }

    /// Binds a reference to another row, where a negative number stands for none.
    func bind(reference value: Int32) {
        if value < 0 { bindNull() } else { bind(Int64(value)) }
    }

    /// Binds the next column.
    func bindNull() {
        column += 1
        sqlite3_bind_null(statement, column)
    }

    /// Binds the next column.
    func bind(_ value: String) {
        column += 1
        var text = value
        text.withUTF8 { bytes in
            // An empty buffer may have no address, and SQLite would take that for NULL.
            guard let start = UnsafeRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self) else {
                _ = sqlite3_bind_text(statement, column, "", 0, copied)
                return
            }
            _ = sqlite3_bind_text(statement, column, start, Int32(bytes.count), copied)
        }
    }

    /// Binds a blob of little-endian numbers to the next column.
    func bind(_ values: [UInt16]) {
        column += 1
        let words = values.map { $0.littleEndian }
        _ = words.withUnsafeBytes { buffer in
            buffer.isEmpty
                ? sqlite3_bind_zeroblob(statement, column, 0)
                : sqlite3_bind_blob(statement, column, buffer.baseAddress, Int32(buffer.count), copied)
        }
    }

    /// Writes the row that has been bound.
    func insert() {
        let code = sqlite3_step(statement)
        sqlite3_reset(statement)
        column = 0
        if code != SQLITE_DONE, failure == nil { failure = code }
    }
}

/// Tells SQLite to copy what is bound.
private var copied: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }
