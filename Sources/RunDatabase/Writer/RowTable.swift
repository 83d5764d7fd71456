import GRDBSQLite

/// A buffer of rows as a table that SQLite can read: one statement moves all of them into their table, at half of what
/// binding them one by one costs.
///
/// Counterpart in SQLite: an eponymous virtual table, which is only ever read from its first row to its last.
enum RowTable {
    private struct Table {
        // First, as SQLite knows of nothing behind it.
        var base = sqlite3_vtab()
        let buffer: Unmanaged<RowBuffer>
    }

    private struct Cursor {
        // First, as SQLite knows of nothing behind it.
        var base = sqlite3_vtab_cursor()
        let buffer: Unmanaged<RowBuffer>
        var row = 0
    }

    /// Lets `connection` read `buffer` under `name`; whoever owns the buffer keeps it for as long as anybody reads.
    static func register(_ buffer: RowBuffer, as name: String, on connection: OpaquePointer) -> Bool {
        sqlite3_create_module(connection, name, module, Unmanaged.passUnretained(buffer).toOpaque()) == SQLITE_OK
    }

    /// Written once, before anybody reads it.
    nonisolated(unsafe) private static let module: UnsafeMutablePointer<sqlite3_module> = {
        let module = UnsafeMutablePointer<sqlite3_module>.allocate(capacity: 1)
        var entries = sqlite3_module()
        entries.iVersion = 1
        entries.xConnect = { connection, buffer, _, _, table, _ in
            guard let buffer, let table else { return SQLITE_MISUSE }
            let rows = Unmanaged<RowBuffer>.fromOpaque(buffer)
            let names = rows.takeUnretainedValue().columns.indices.map { "c\($0)" }.joined(separator: ", ")
            let code = sqlite3_declare_vtab(connection, "CREATE TABLE x (\(names))")
            guard code == SQLITE_OK else { return code }
            let made = UnsafeMutablePointer<Table>.allocate(capacity: 1)
            made.initialize(to: Table(buffer: rows))
            table.pointee = UnsafeMutableRawPointer(made).assumingMemoryBound(to: sqlite3_vtab.self)
            return SQLITE_OK
        }
        entries.xBestIndex = { _, _ in SQLITE_OK }
        entries.xDisconnect = { table in
            UnsafeMutableRawPointer(table)?.assumingMemoryBound(to: Table.self).deallocate()
            return SQLITE_OK
        }
        entries.xOpen = { table, cursor in
            guard let table, let cursor else { return SQLITE_MISUSE }
            let buffer = UnsafeMutableRawPointer(table).assumingMemoryBound(to: Table.self).pointee.buffer
            let made = UnsafeMutablePointer<Cursor>.allocate(capacity: 1)
            made.initialize(to: Cursor(buffer: buffer))
            cursor.pointee = UnsafeMutableRawPointer(made).assumingMemoryBound(to: sqlite3_vtab_cursor.self)
            return SQLITE_OK
        }
        entries.xClose = { cursor in
            UnsafeMutableRawPointer(cursor)?.assumingMemoryBound(to: Cursor.self).deallocate()
            return SQLITE_OK
        }
        entries.xFilter = { cursor, _, _, _, _ in
            RowTable.cursor(cursor).pointee.row = 0
            return SQLITE_OK
        }
        entries.xNext = { cursor in
            RowTable.cursor(cursor).pointee.row += 1
            return SQLITE_OK
        }
        entries.xEof = { cursor in
            let cursor = RowTable.cursor(cursor)
            return cursor.pointee.row < cursor.pointee.buffer._withUnsafeGuaranteedRef { $0.rows } ? 0 : 1
        }
        entries.xColumn = { cursor, context, column in
            let cursor = RowTable.cursor(cursor)
            let row = cursor.pointee.row
            cursor.pointee.buffer._withUnsafeGuaranteedRef { show($0, row, Int(column), context) }
            return SQLITE_OK
        }
        entries.xRowid = { cursor, row in
            row?.pointee = Int64(RowTable.cursor(cursor).pointee.row)
            return SQLITE_OK
        }
        module.initialize(to: entries)
        return module
    }()

    @inline(__always)
    private static func cursor(_ cursor: UnsafeMutablePointer<sqlite3_vtab_cursor>?) -> UnsafeMutablePointer<Cursor> {
        guard let cursor else { preconditionFailure("SQLite reads rows without a cursor") }
        return UnsafeMutableRawPointer(cursor).assumingMemoryBound(to: Cursor.self)
    }

    // No destructor (SQLITE_STATIC): the bytes stay where they are until the statement is done.
    @inline(__always)
    private static func show(_ buffer: RowBuffer, _ row: Int, _ column: Int, _ context: OpaquePointer?) {
        switch buffer[row, column] {
        case .null: sqlite3_result_null(context)
        case .integer(let value): sqlite3_result_int64(context, value)
        case .bytes(let start, let count):
            if buffer.columns[column] == .text {
                sqlite3_result_text(context, start.assumingMemoryBound(to: CChar.self), count, nil)
            } else {
                sqlite3_result_blob(context, start, count, nil)
            }
        }
    }
}
