package import RunDatabase

/// Runs reports on databases.
package enum ReportRunner {
    /// Returns what a report answers for a run; `settings`, each `name=value`, are for its parameters.
    package static func run(
        _ report: ReportDefinition, on reader: RunReader, settings: [String] = []
    ) throws(ReportError) -> ReportTable {
        let arguments = try report.arguments(settings)
        let result: QueryResult
        do {
            result = try reader.query(report.sql, arguments: arguments)
        } catch {
            switch error {
            case .failed(_, let reason):
                let schema = reader.run.schema
                let hint =
                    schema < RunSchema.version
                    ? "; an earlier version wrote this database, with schema \(schema) where there is \(RunSchema.version)"
                    : ""
                // The library's advice is for programmers.
                let isSeveral = reason.contains("Database.execute(sql:)")
                throw .badQuery(
                    report: report.name,
                    reason: isSeveral ? "it holds several statements (expected one SELECT)" : reason + hint)
            case .noSuchFile, .notADatabase, .notARun, .notAnExperiment, .otherExperiment, .newerSchema, .exists:
                throw .database(error)
            }
        }
        for column in report.units.keys.sorted() where !result.columns.contains(column) {
            throw .badQuery(report: report.name, reason: "the header names a column \"\(column)\" that is not selected")
        }
        return ReportTable(
            columns: result.columns, units: result.columns.map { report.units[$0] }, rows: result.rows)
    }
}
