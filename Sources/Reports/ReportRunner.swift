package import RunDatabase

/// Runs reports on databases.
package enum ReportRunner {
    /// Returns what a report answers for a run.
    package static func run(
        _ report: ReportDefinition, on reader: RunReader
    ) throws(ReportError) -> ReportTable {
        let result: QueryResult
        do {
            result = try reader.query(report.sql)
        } catch {
            switch error {
            case .failed(_, let reason): throw .badQuery(report: report.name, reason: reason)
            case .noSuchFile, .notADatabase, .notARun, .newerSchema, .exists: throw .database(error)
            }
        }
        for column in report.units.keys.sorted() where !result.columns.contains(column) {
            throw .badQuery(report: report.name, reason: "the header names a column \"\(column)\" that is not selected")
        }
        return ReportTable(
            columns: result.columns, units: result.columns.map { report.units[$0] }, rows: result.rows)
    }
}
