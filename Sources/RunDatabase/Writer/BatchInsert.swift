import GRDBSQLite

/// INSERTs into a busy table, many rows in one step: SQLite spends more on beginning and ending a statement than on a
/// short row.
///
/// The numbers of a batch wait in one buffer and its texts in another, from which SQLite reads them without a copy.
final class BatchInsert {
    /// What a column holds.
    enum Column {
        case integer, text, blob
    }

    /// Rows in one step.
    private static let rowsAtOnce = 32
    /// Stands for NULL among the buffered numbers; no column of ours can hold it.
    static let null = Int64.min

    private let many: OpaquePointer
    private let one: OpaquePointer
    private let columns: [Column]
    private let hasTexts: Bool
    // A number, or where in `bytes` a text begins (upper half) and how long it is.
    private let values: UnsafeMutablePointer<Int64>
    private let valuesMax: Int
    private var count = 0
    private var bytes: UnsafeMutableRawBufferPointer
    private var bytesUsed = 0
    /// The first result code that was not a success.
    private(set) var failure: Int32?

    /// Prepares inserts into the first columns of a table, or returns nil when SQLite refuses.
    init?(_ connection: OpaquePointer, into table: String, _ columns: [Column]) {
        func prepare(rows: Int) -> OpaquePointer? {
            let row = "(" + Array(repeating: "?", count: columns.count).joined(separator: ", ") + ")"
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
        hasTexts = columns.contains { $0 != .integer }
        valuesMax = Self.rowsAtOnce * columns.count
        values = .allocate(capacity: valuesMax)
        bytes = .allocate(byteCount: 4_096, alignment: 1)
    }

    deinit {
        sqlite3_finalize(many)
        sqlite3_finalize(one)
        values.deallocate()
        bytes.deallocate()
    }
}

// MARK: - One row

extension BatchInsert {
    /// Sets the next column.
    @inline(__always)
    func bind(_ value: Int64) {
        values[count] = value
        count += 1
    }

    /// Sets the next column.
    @inline(__always)
    func bind(_ value: Int32) {
        bind(Int64(value))
    }

    /// Sets a reference to another row, where a negative number stands for none.
    @inline(__always)
    func bind(reference value: Int32) {
        bind(value < 0 ? Self.null : Int64(value))
    }

    /// Sets the next column, which holds text.
    func bind(_ text: borrowing String) {
        // Texts of ours are native and contiguous: this copies once, into the buffer.
        var text = copy text
        text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
    }

    /// Sets the next column, which holds a blob, to 16 bytes, the upper ones first.
    func bind(high: UInt64, low: UInt64) {
        withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { append($0) }
    }

    private func append(_ text: UnsafeRawBufferPointer) {
        if bytesUsed + text.count > bytes.count {
            let larger = UnsafeMutableRawBufferPointer.allocate(
                byteCount: max(bytes.count * 2, bytesUsed + text.count), alignment: 1)
            larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<bytesUsed]))
            bytes.deallocate()
            bytes = larger
        }
        UnsafeMutableRawBufferPointer(rebasing: bytes[bytesUsed...]).copyMemory(from: text)
        bind(Int64(bytesUsed) << 32 | Int64(text.count))
        bytesUsed += text.count
    }

    /// Ends the row whose columns have been set.
    @inline(__always)
    func insert() {
        if count == valuesMax { flush() }
    }
}

// MARK: - A batch

extension BatchInsert {
    /// Writes the rows that wait for others to join them.
    func flush() {
        if count == valuesMax {
            step(many, from: 0, count: count)
        } else {
            for start in stride(from: 0, to: count, by: columns.count) { step(one, from: start, count: columns.count) }
        }
        count = 0
        bytesUsed = 0
    }

    private func step(_ statement: OpaquePointer, from start: Int, count: Int) {
        if hasTexts {
            bindMixed(statement, from: start, count: count)
        } else {
            for place in 0..<count { bindNumber(statement, Int32(place + 1), values[start + place]) }
        }
        let code = sqlite3_step(statement)
        sqlite3_reset(statement)
        if code != SQLITE_DONE, failure == nil { failure = code }
    }

    @inline(__always)
    private func bindNumber(_ statement: OpaquePointer, _ place: Int32, _ value: Int64) {
        if value == Self.null {
            sqlite3_bind_null(statement, place)
        } else {
            sqlite3_bind_int64(statement, place, value)
        }
    }

    private func bindMixed(_ statement: OpaquePointer, from start: Int, count: Int) {
        // The buffer always has an address, so that an empty text is not taken for NULL.
        guard let base = bytes.baseAddress else { preconditionFailure("a batch without a buffer") }
        var column = 0
        for place in 0..<count {
            let value = values[start + place]
            // No destructor (SQLITE_STATIC): the bytes stay where they are until the step is done.
            switch columns[column] {
            case .integer: bindNumber(statement, Int32(place + 1), value)
            case .text:
                let text = (base + Int(value >> 32)).assumingMemoryBound(to: CChar.self)
                sqlite3_bind_text(statement, Int32(place + 1), text, Int32(truncatingIfNeeded: value), nil)
            case .blob:
                sqlite3_bind_blob(
                    statement, Int32(place + 1), base + Int(value >> 32), Int32(truncatingIfNeeded: value), nil)
            }
            column += 1
            if column == columns.count { column = 0 }
        }
    }
}
