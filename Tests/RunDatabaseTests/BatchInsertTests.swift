import GRDB
import GRDBSQLite
import Testing

@testable import RunDatabase

@Suite("Rows that are written in batches")
struct BatchInsertTests {
    /// More rows than wait for each other, in texts that outgrow the first buffer.
    private static let count = 300

    @Test("what is bound is what stands in the table, whole batches and the rest alike", arguments: [true, false])
    func rows(isNumbered: Bool) throws {
        let queue = try DatabaseQueue()
        try queue.inDatabase { database in
            try database.execute(
                sql: "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b TEXT NOT NULL, c BLOB NOT NULL) STRICT")
            let connection = try #require(database.sqliteConnection)
            let insert = try #require(
                BatchInsert(connection, into: "t", [.integer, .integer, .text, .blob], isNumbered: isNumbered))
            for row in 1...Self.count {
                // Rows without numbers of their own may leave some out.
                insert.bind(Int64(isNumbered ? row : row * 3))
                insert.bind(reference: row % 5 == 0 ? -1 : Int32(row))
                insert.bind(Self.text(row))
                insert.bind(high: 0x0102_0304_0506_0708, low: UInt64(row))
                insert.insert()
            }
            insert.flush()
            insert.flush()
            #expect(insert.failure == nil)
            let rows = try Row.fetchAll(database, sql: "SELECT id, a, b, hex(c) AS c FROM t ORDER BY id")
            try #require(rows.count == Self.count)
            for (place, found) in rows.enumerated() {
                let row = place + 1
                #expect(found["id"] == (isNumbered ? row : row * 3))
                #expect(found["a"] as Int? == (row % 5 == 0 ? nil : row))
                #expect(found["b"] == Self.text(row))
                let low = String(row, radix: 16, uppercase: true)
                #expect(found["c"] == "0102030405060708" + String(repeating: "0", count: 16 - low.count) + low)
            }
        }
    }

    /// Empty ones, which are not NULL, and long ones.
    private static func text(_ row: Int) -> String {
        row % 7 == 0 ? "" : String(repeating: "täxt ", count: row % 50)
    }

    @Test("a row that SQLite refuses is told, and a table that is not there")
    func refusals() throws {
        let queue = try DatabaseQueue()
        try queue.inDatabase { database in
            try database.execute(sql: "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER NOT NULL) STRICT")
            let connection = try #require(database.sqliteConnection)
            #expect(BatchInsert(connection, into: "nothing", [.integer]) == nil)
            #expect(BatchInsert(connection, into: "t", [.integer]) == nil)
            let insert = try #require(BatchInsert(connection, into: "t", [.integer, .integer]))
            insert.bind(Int64(1))
            insert.bind(reference: -1)
            insert.insert()
            insert.flush()
            #expect(insert.failure.map { $0 & 0xFF } == SQLITE_CONSTRAINT)
        }
    }
}
