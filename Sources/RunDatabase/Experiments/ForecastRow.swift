package import Chronology
import GRDB

/// A quantile of what is to come.
package struct ForecastRow: Hashable, Sendable {
    /// The number of the variant, from 1.
    package var variant: Int
    package var measure: String
    package var unit: String
    /// Since the start of the runs: the beginning of the day, month or horizon.
    package var at: Duration
    /// The quantile; 0 for a share of the runs, which has none.
    package var permille: Int
    package var value: Double

    /// Creates a row.
    package init(variant: Int, measure: String, unit: String, at: Duration, permille: Int, value: Double) {
        (self.variant, self.measure, self.unit) = (variant, measure, unit)
        (self.at, self.permille, self.value) = (at, permille, value)
    }

    /// Whether it tells of a limit or of the variance, and not of a figure that runs have.
    package var isSummary: Bool { measure.hasPrefix("limit.") || measure.hasPrefix("variance.") }
}

extension ExperimentFile {
    /// Writes a forecast in place of what was there before, and the parameters it was made with.
    package func record(
        _ forecast: [ForecastRow], parameters: [(name: String, value: String)]
    ) throws(RunDatabaseError) {
        try write { database in
            try database.execute(sql: "DELETE FROM forecast; DELETE FROM parameter")
            for (place, parameter) in parameters.enumerated() {
                try database.execute(
                    sql: "INSERT INTO parameter VALUES (?, ?, ?)",
                    arguments: [place + 1, parameter.name, parameter.value])
            }
            let statement = try database.makeStatement(sql: "INSERT INTO forecast VALUES (?, ?, ?, ?, ?, ?, ?)")
            for (place, row) in forecast.enumerated() {
                try statement.execute(
                    arguments: [
                        place + 1, row.variant, row.measure, row.unit, row.at.nanoseconds, row.permille, row.value,
                    ])
            }
        }
    }
}

extension ExperimentReader {
    /// Returns the forecast in the order of writing; empty when there is none.
    package func forecast() throws(RunDatabaseError) -> [ForecastRow] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM forecast ORDER BY id").map { row in
                ForecastRow(
                    variant: row["variant"], measure: row["measure"], unit: row["unit"],
                    at: Duration(nanoseconds: row["at_ns"]), permille: row["quantile_permille"], value: row["value"])
            }
        }
    }
}
