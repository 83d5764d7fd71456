package import Observations
import Chronology
import Foundation
import GRDB
import GRDBSQLite

/// Writes a run into an SQLite file as it goes: in batches, in bounded memory, the same bytes for the same rows.
///
/// The file is in WAL mode while the run goes on, so that after the death of the process it opens with everything
/// up to the last batch and says how far it got. `finish` builds the indexes and leaves one closed file.
/// A failure such as a full disk is kept: whoever runs the world looks at `failure` now and then, and `close` throws it.
///
/// Everything happens on the caller's thread.
package final class RunWriter {
    /// Rows between two commits, at most.
    private static let batchSize = 50_000
    /// Checkpoints between two commits, at most: what the death of the process can lose is a moment's work, and every
    /// commit writes a page of each table anew.
    private static let checkpointsMax = 16
    /// Pages of the WAL (of 4 KiB) after which SQLite moves it into the file.
    private static let walPages = 4_000

    /// The file that is written.
    package let path: String
    /// What went wrong first; every row after it is dropped.
    package private(set) var failure: RunDatabaseError?
    /// The rows written so far, in all tables.
    package private(set) var rowsWritten: Int64 = 0

    /// What is to be looked at when the run has ended and everything is written.
    package var assertions: [Assertion] = []
    /// What came of `assertions`; empty before the run has ended.
    package private(set) var verdicts: [AssertionVerdict] = []
    /// Told of each checkpoint once it is written.
    package var onCheckpoint: ((CheckpointRow) -> Void)?
    /// Told of each branch that the run takes.
    package var onBranch: ((BranchRow) -> Void)?

    private var queue: DatabaseQueue?
    private var inserts: InsertStatements?
    private var texts = TextTable()
    private var openEvents = EventCounter()
    private var rowsInBatch = 0
    private var checkpointsInBatch = 0
    // Whether the first batch after the head is still open.
    private var isYoung = true
    private var nextID: [Int64] = Array(repeating: 0, count: Sequence.allCases.count)
    private var reached: Int64 = 0
    private var eventsReached: Int64 = 0

    /// The tables whose rows are numbered as they come.
    enum Sequence: Int, CaseIterable {
        case nodeInterval, podInterval, event, attempt, rejection, verdict, score, imagePull, containerImage, demand
        case capacity, costAsset, costAllocation, metric, assertion, lostWork, serviceInterval, throttle, pressureKill
        case scalingAction, networkTraffic, unstruckFault
    }

    /// Creates the database; a file in the way is an error unless `overwrite` is true.
    package init(path: String, overwrite: Bool = false) throws(RunDatabaseError) {
        self.path = path
        let files = FileManager.default
        if files.fileExists(atPath: path), !overwrite { throw .exists(path: path) }
        do {
            for suffix in ["", "-wal", "-shm", "-journal"] where files.fileExists(atPath: path + suffix) {
                try files.removeItem(atPath: path + suffix)
            }
            var configuration = Configuration()
            // A batch stays open between two calls; the references are right by construction and tests check them.
            configuration.allowsUnsafeTransactions = true
            configuration.foreignKeysEnabled = false
            configuration.busyMode = .timeout(1)
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            try Self.setUp(queue)
            inserts = try queue.inDatabase { database in
                guard let connection = database.sqliteConnection, let inserts = InsertStatements(connection) else {
                    throw RunDatabaseError.failed(path: path, reason: "SQLite refuses to prepare the inserts")
                }
                try database.beginTransaction()
                return inserts
            }
            self.queue = queue
        } catch {
            throw RunDatabaseError(error, path: path)
        }
    }

    private static func setUp(_ queue: DatabaseQueue) throws {
        try queue.inDatabase { database in
            try database.execute(
                sql: """
                    PRAGMA page_size = 4096;
                    PRAGMA application_id = \(RunSchema.applicationID);
                    PRAGMA journal_mode = WAL;
                    PRAGMA synchronous = OFF;
                    PRAGMA wal_autocheckpoint = \(walPages);
                    PRAGMA cache_size = -65536;
                    """)
        }
        try RunSchema.migrator.migrate(queue)
        try queue.write { database in
            for state in PodState.allCases {
                try database.execute(
                    sql: "INSERT INTO pod_state VALUES (?, ?)", arguments: [Int(state.rawValue), state.name])
            }
            for state in NodeState.allCases {
                try database.execute(
                    sql: "INSERT INTO node_state VALUES (?, ?)", arguments: [Int(state.rawValue), state.name])
            }
        }
    }

    /// Ends the writing and throws what went wrong; a run that was not finished stays marked as running.
    package func close() throws(RunDatabaseError) {
        if queue != nil {
            commit(isLast: true)
            settle()
        }
        if let failure { throw failure }
    }
}

// MARK: - Rows

extension RunWriter {
    /// Writes one row unless something went wrong before, and commits when a batch is full.
    @inline(__always)
    func write(_ choose: (InsertStatements) -> InsertStatement, _ bind: (InsertStatement) -> Void) {
        guard let inserts else { return }
        let insert = choose(inserts)
        bind(insert)
        insert.insert()
        countRow(hasFailed: insert.failure != nil)
    }

    /// Writes one row of a busy table unless something went wrong before, and commits when a batch is full.
    @inline(__always)
    func writeBatched(_ choose: (InsertStatements) -> BatchInsert, _ bind: (BatchInsert) -> Void) {
        guard let inserts else { return }
        let insert = choose(inserts)
        bind(insert)
        insert.insert()
        countRow(hasFailed: insert.failure != nil)
    }

    private func countRow(hasFailed: Bool) {
        rowsWritten += 1
        rowsInBatch += 1
        if hasFailed || rowsInBatch >= Self.batchSize {
            isYoung = false
            commit()
        }
    }

    /// Returns the number of the next row of a table, from 1.
    func next(_ sequence: Sequence) -> Int64 {
        nextID[sequence.rawValue] += 1
        return nextID[sequence.rawValue]
    }

    /// Returns the number in the table `text` of a text that stands in `column`.
    @inline(__always)
    func number(of text: String, in column: TextTable.Column) -> Int64 {
        guard let inserts else { return 0 }
        return texts.number(of: text, in: column, insert: inserts.text)
    }

    /// Notes that the run has got as far as `instant`.
    func reach(_ instant: Instant) {
        if instant.nanoseconds > reached, instant != .never { reached = instant.nanoseconds }
    }

    /// Notes that the run has handled `events` events.
    func reach(events: Int64) {
        eventsReached = max(eventsReached, events)
    }

    /// Counts an event; equal ones that are near each other become one row, unless it `isStep`.
    func countEvent(_ key: EventCounter.Key, isStep: Bool, at time: Int64) {
        // Nothing drains the open events any more.
        guard inserts != nil else { return }
        if !isStep, openEvents.count(key, at: time) { return }
        if openEvents.isFull { writeOpenEvents { $0.makeRoom(at: time, $1) } }
        openEvents.open(key, at: time)
    }

    /// Writes the open events that `choose` hands to the closure it is given.
    private func writeOpenEvents(
        _ choose: (inout EventCounter, (borrowing EventCounter.Entry) -> Void) -> Void
    ) {
        guard let insert = inserts?.event else { return }
        var id = nextID[Sequence.event.rawValue]
        let before = id
        choose(&openEvents) { entry in
            id += 1
            insert.bind(id)
            insert.bind(entry.first)
            insert.bind(entry.last)
            insert.bind(entry.count)
            insert.bind(entry.key.isWarning ? 1 : 0 as Int64)
            insert.bind(entry.key.object)
            insert.bind(entry.key.reason)
            insert.bind(entry.key.message)
            insert.bind(entry.key.source)
            insert.insert()
        }
        nextID[Sequence.event.rawValue] = id
        rowsWritten += id - before
        rowsInBatch += Int(id - before)
    }
}

// MARK: - Batches

extension RunWriter {
    /// Ends a batch that has gone on for long enough, as a checkpoint is written.
    func countCheckpoint() {
        checkpointsInBatch += 1
        if checkpointsInBatch == Self.checkpointsMax {
            isYoung = false
            commit()
        } else if isYoung, checkpointsInBatch & (checkpointsInBatch - 1) == 0 {
            // A run that dies young has something to show, too. Its batch goes on: the rows are what they would be.
            save()
        }
    }

    /// Runs SQL of the run as a whole, and keeps the failure when there is one.
    func perform(_ body: (Database) throws -> Void) {
        guard failure == nil, let queue else { return }
        do {
            try queue.inDatabase(body)
        } catch {
            fail(RunDatabaseError(error, path: path))
        }
    }

    /// Makes everything so far durable against the death of the process, and says how far it is.
    func commit(isLast: Bool = false) {
        writeOpenEvents { $0.drain($1) }
        rowsInBatch = 0
        checkpointsInBatch = 0
        save(isLast: isLast)
    }

    private func save(isLast: Bool = false) {
        inserts?.flush()
        if let code = inserts?.failure {
            fail(.failed(path: path, reason: String(cString: sqlite3_errstr(code))))
        }
        perform { [reached, eventsReached] database in
            try database.execute(
                sql: "UPDATE run SET reached_ns = ?, events = ?", arguments: [reached, eventsReached])
            try database.commit()
            if !isLast { try database.beginTransaction() }
        }
    }

    private func fail(_ reason: RunDatabaseError) {
        if failure == nil { failure = reason }
        inserts = nil
    }

    /// Builds the indexes and marks the run as ended; the writer is closed afterwards.
    func end(_ footer: RunFooter) {
        reach(footer.end)
        reach(events: footer.events)
        commit(isLast: true)
        for index in RunSchema.indexes {
            perform { try $0.execute(sql: index) }
        }
        judge(at: footer.end)
        let status = verdicts.allSatisfy(\.held) ? footer.status : "failed"
        perform { database in
            try database.execute(sql: "UPDATE run SET digest = ?, status = ?", arguments: [footer.digest, status])
        }
        settle()
    }

    private func judge(at end: Instant) {
        guard !assertions.isEmpty else { return }
        var found: [AssertionVerdict] = []
        perform { [assertions] database in
            try database.execute(sql: "PRAGMA query_only = ON")
            let judge = AssertionJudge(database, reached: end)
            found = try assertions.map { try judge.verdict(on: $0) }
            try database.execute(sql: "PRAGMA query_only = OFF")
        }
        verdicts = found
        for verdict in found {
            let (id, row) = (next(.assertion), verdict.row)
            perform { database in
                try database.execute(
                    sql: "INSERT INTO assertion VALUES (?, ?, ?, ?, ?)",
                    arguments: [id, row.name, row.expected, row.actual, row.held])
            }
        }
    }

    /// Moves the WAL into the file, leaves WAL mode, and closes.
    ///
    /// While someone else has the file open it cannot leave WAL mode: nothing is lost, two more files stay beside it.
    private func settle() {
        inserts = nil
        perform { database in
            do {
                try database.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE")
            } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {}
        }
        do {
            try queue?.close()
        } catch {
            fail(RunDatabaseError(error, path: path))
        }
        queue = nil
    }
}
