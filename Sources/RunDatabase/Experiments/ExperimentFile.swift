import Foundation
import GRDB

/// The database of an experiment while its replications are run: each outcome is safe as soon as it is recorded.
///
/// A file that holds the same experiment goes on: what it holds is not run again. Its content does not depend on the
/// order in which outcomes come.
package final class ExperimentFile: Sendable {
    /// The file that is written.
    package let path: String
    private let queue: DatabaseQueue

    /// Figures of one replication at most, as their numbers say.
    private static let (metricLimit, dayLimit) = (65_536, 16_777_216)

    /// Opens the database at `path`, or creates it; a file that no experiment wrote is an error.
    package init(path: String) throws(RunDatabaseError) {
        self.path = path
        do {
            let isThere = FileManager.default.fileExists(atPath: path)
            var configuration = Configuration()
            configuration.foreignKeysEnabled = false
            configuration.busyMode = .timeout(5)
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.inDatabase { database in
                if isThere { try Self.check(database, path: path) }
                try database.execute(
                    sql: """
                        PRAGMA application_id = \(RunSchema.applicationID);
                        PRAGMA journal_mode = WAL;
                        PRAGMA synchronous = NORMAL;
                        """)
            }
            try RunSchema.migrator.migrate(queue)
            self.queue = queue
        } catch {
            throw RunDatabaseError(error, path: path)
        }
    }

    private static func check(_ database: Database, path: String) throws {
        _ = try RunSchema.version(of: database, path: path, foreign: .notAnExperiment(path: path))
        guard try Int.fetchOne(database, sql: "SELECT count(*) FROM run") == 0 else {
            throw RunDatabaseError.notAnExperiment(path: path)
        }
    }

    /// Begins an experiment, or goes on with it; one with another plan is an error.
    package func begin(
        _ experiment: ExperimentRow, variants: [VariantRow], inputs: [(name: String, text: String)]
    ) throws(RunDatabaseError) {
        try write { [path] database in
            if let row = try Row.fetchOne(database, sql: "SELECT plan, version FROM experiment") {
                guard row["plan"] == experiment.plan, row["version"] == experiment.version else {
                    throw RunDatabaseError.otherExperiment(path: path)
                }
                return
            }
            try database.execute(
                sql: "INSERT INTO experiment (id, name, question, kind, version, plan) VALUES (1, ?, ?, ?, ?, ?)",
                arguments: [
                    experiment.name, experiment.question, experiment.kind.rawValue, experiment.version, experiment.plan,
                ])
            for (place, variant) in variants.enumerated() {
                try database.execute(
                    sql: "INSERT INTO variant VALUES (?, 1, ?, ?, ?)",
                    arguments: [
                        place + 1, variant.name, variant.changes.joined(separator: "\n"), variant.isBaseline,
                    ])
            }
            for (place, input) in inputs.enumerated() {
                try database.execute(
                    sql: "INSERT INTO input VALUES (?, ?, ?)", arguments: [place + 1, input.name, input.text])
            }
        }
    }

    /// Adds replications to the plan, and returns those of them that have no outcome yet, in order.
    ///
    /// What crashed before is tried again. One that is there under the same number with another request is an error.
    package func plan(_ replications: [ReplicationRow]) throws(RunDatabaseError) -> [ReplicationRow] {
        try write { [path] database in
            var open: [ReplicationRow] = []
            for row in replications {
                let known = try Row.fetchOne(
                    database, sql: "SELECT request, status FROM replication WHERE id = ?", arguments: [row.id])
                guard let known else {
                    try database.execute(
                        sql: """
                            INSERT INTO replication (id, variant, number, seed, file, status, tie, request)
                            VALUES (?, ?, ?, ?, '', 'planned', ?, ?)
                            """,
                        arguments: [row.id, row.variant, row.number, String(row.seed), row.tie, row.request])
                    open.append(row)
                    continue
                }
                guard known["request"] == row.request else { throw RunDatabaseError.otherExperiment(path: path) }
                if ["planned", "crashed"].contains(known["status"] as String) { open.append(row) }
            }
            return open
        }
    }

    /// Writes what came of a replication of the plan.
    package func record(_ outcome: ReplicationOutcome, of id: Int) throws(RunDatabaseError) {
        precondition(outcome.metrics.count < Self.metricLimit && outcome.days.count < Self.dayLimit)
        try write { database in
            try database.execute(
                sql: "UPDATE replication SET digest = ?, status = ?, events = ?, message = ? WHERE id = ?",
                arguments: [outcome.digest, outcome.status.rawValue, outcome.events, outcome.message, id])
            let metric = try database.makeStatement(sql: "INSERT INTO replication_metric VALUES (?, ?, ?, ?, ?)")
            for (place, row) in outcome.metrics.enumerated() {
                try metric.execute(arguments: [id * Self.metricLimit + place, id, row.name, row.value, row.unit])
            }
            let day = try database.makeStatement(sql: "INSERT INTO replication_day VALUES (?, ?, ?, ?, ?, ?)")
            for (place, row) in outcome.days.enumerated() {
                try day.execute(
                    arguments: [
                        id * Self.dayLimit + place, id, row.day, row.metric.name, row.metric.value, row.metric.unit,
                    ])
            }
        }
    }

    /// Writes what a comparison shows, in place of what it showed before, and the parameters it was made with.
    package func record(
        _ comparisons: [ComparisonRow], parameters: [(name: String, value: String)]
    ) throws(RunDatabaseError) {
        try write { database in
            try database.execute(sql: "DELETE FROM comparison; DELETE FROM parameter")
            for (place, parameter) in parameters.enumerated() {
                try database.execute(
                    sql: "INSERT INTO parameter VALUES (?, ?, ?)",
                    arguments: [place + 1, parameter.name, parameter.value])
            }
            for (place, row) in comparisons.enumerated() {
                try database.execute(
                    sql: "INSERT INTO comparison VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    arguments: [
                        place + 1, row.variant, row.metric, row.unit, row.role, row.pairs, row.mean, row.difference,
                        row.interval?.low, row.interval?.high, row.bootstrap?.low, row.bootstrap?.high, row.p,
                        row.adjusted, row.finding.rawValue, row.ties, row.tiesAgreeing,
                    ])
            }
        }
    }

    /// Notes the digest of an experiment that is done, and leaves one closed file in the order of the plan.
    package func finish(digest: String) throws(RunDatabaseError) {
        try write { database in
            try database.execute(sql: "UPDATE experiment SET digest = ?", arguments: [digest])
        }
        do {
            try queue.writeWithoutTransaction { database in
                // While someone else has the file open it cannot leave WAL mode: nothing is lost, two more files stay.
                do {
                    try database.execute(
                        sql: "VACUUM; PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE")
                } catch let error as DatabaseError
                    where error.resultCode == .SQLITE_BUSY
                    || error.resultCode == .SQLITE_LOCKED
                {}
            }
            try queue.close()
        } catch {
            throw RunDatabaseError(error, path: path)
        }
    }

    /// Returns what `body` makes of the database in one transaction; for tables that have no method here.
    func write<Value>(_ body: (Database) throws -> Value) throws(RunDatabaseError) -> Value {
        do {
            return try queue.write(body)
        } catch {
            throw RunDatabaseError(error, path: path)
        }
    }
}
