import GRDB

/// Reads the database of an experiment, also one whose replications still go on; never writes to it.
package final class ExperimentReader: Sendable {
    /// What the database says about the experiment as a whole.
    package let experiment: ExperimentRow
    private let file: ReadOnlyDatabase

    /// The file that is read.
    package var path: String { file.path }

    /// Opens a database, or says in words for its user why it cannot be read.
    package init(path: String) throws(RunDatabaseError) {
        file = try ReadOnlyDatabase(path: path)
        experiment = try file.read { try Self.readExperiment($0, path: path) }
    }

    private static func readExperiment(_ database: Database, path: String) throws -> ExperimentRow {
        let schema = try RunSchema.version(of: database, path: path, foreign: .notAnExperiment(path: path))
        // Earlier versions had the table, and no experiments.
        guard schema >= 6, let row = try Row.fetchOne(database, sql: "SELECT * FROM experiment") else {
            throw RunDatabaseError.notAnExperiment(path: path)
        }
        var experiment = ExperimentRow(
            name: row["name"], question: row["question"],
            kind: ExperimentRow.Kind(rawValue: row["kind"]) ?? .compare, version: row["version"], plan: row["plan"])
        experiment.digest = row["digest"]
        return experiment
    }

    /// Returns the variants in order.
    package func variants() throws(RunDatabaseError) -> [VariantRow] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM variant ORDER BY id").map { row in
                VariantRow(
                    name: row["name"],
                    changes: (row["changes"] as String).split(separator: "\n").map(String.init),
                    isBaseline: row["baseline"])
            }
        }
    }

    /// Returns the inputs of the runs, in order.
    package func inputs() throws(RunDatabaseError) -> [RunText] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT name, text FROM input ORDER BY id").map {
                RunText(name: $0["name"], text: $0["text"])
            }
        }
    }

    /// Returns the replications in the order of the plan, with what came of them; `days` only where it is asked for.
    package func replications(withDays: Bool = false) throws(RunDatabaseError) -> [ReplicationRow] {
        try read { database in
            var rows = try Row.fetchAll(database, sql: "SELECT * FROM replication ORDER BY id").map(Self.replication)
            var places: [Int: Int] = [:]
            for (place, row) in rows.enumerated() { places[row.id] = place }
            let metrics = try Row.fetchCursor(database, sql: "SELECT * FROM replication_metric ORDER BY id")
            while let row = try metrics.next() {
                guard let place = places[row["replication"]] else { continue }
                rows[place].outcome?.metrics.append(Self.metric(row))
            }
            guard withDays else { return rows }
            let days = try Row.fetchCursor(database, sql: "SELECT * FROM replication_day ORDER BY id")
            while let row = try days.next() {
                guard let place = places[row["replication"]] else { continue }
                rows[place].outcome?.days.append(ReplicationOutcome.Day(day: row["day"], metric: Self.metric(row)))
            }
            return rows
        }
    }

    private static func replication(_ row: Row) -> ReplicationRow {
        var replication = ReplicationRow(
            id: row["id"], variant: row["variant"], number: row["number"], seed: UInt64(row["seed"] as String) ?? 0,
            tie: row["tie"], request: row["request"])
        let status = ReplicationRow.Status(rawValue: row["status"]) ?? .planned
        guard status != .planned else { return replication }
        var outcome = ReplicationOutcome()
        outcome.digest = row["digest"]
        outcome.events = row["events"]
        outcome.isRefused = status == .refused
        outcome.message = row["message"]
        replication.outcome = outcome
        return replication
    }

    private static func metric(_ row: Row) -> ReplicationOutcome.Metric {
        ReplicationOutcome.Metric(name: row["name"], value: row["value"], unit: row["unit"])
    }

    /// Returns what a comparison shows, by metric and then by variant; empty when it is no comparison, or not done.
    package func comparisons() throws(RunDatabaseError) -> [ComparisonRow] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM comparison ORDER BY id").map { row in
                var comparison = ComparisonRow(
                    variant: row["variant"], metric: row["metric"], unit: row["unit"], role: row["role"])
                comparison.pairs = row["pairs"]
                comparison.mean = row["mean"]
                comparison.difference = row["difference"]
                comparison.interval = Self.ends(row["low"], row["high"])
                comparison.bootstrap = Self.ends(row["bootstrap_low"], row["bootstrap_high"])
                comparison.p = row["p"]
                comparison.adjusted = row["p_adjusted"]
                comparison.finding = ComparisonRow.Finding(rawValue: row["finding"]) ?? .unknown
                comparison.ties = row["ties"]
                comparison.tiesAgreeing = row["ties_agreeing"]
                return comparison
            }
        }
    }

    private static func ends(_ low: Double?, _ high: Double?) -> ComparisonRow.Ends? {
        guard let low, let high else { return nil }
        return ComparisonRow.Ends(low: low, high: high)
    }

    /// Returns the parameters of the experiment, in order.
    package func parameters() throws(RunDatabaseError) -> [RunText] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT name, value FROM parameter ORDER BY id").map {
                RunText(name: $0["name"], text: $0["value"])
            }
        }
    }

    /// Returns what one SELECT answers; for reports and for what has no method here.
    package func query(_ sql: String) throws(RunDatabaseError) -> QueryResult { try file.query(sql) }

    func read<Value>(_ body: (Database) throws -> Value) throws(RunDatabaseError) -> Value { try file.read(body) }
}
