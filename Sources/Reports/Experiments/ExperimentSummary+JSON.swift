import Chronology
import RunDatabase

extension ExperimentSummary {
    /// The summary as one JSON object with its keys in a fixed order; it ends with a line break.
    package var json: String {
        var fields: [(String, String)] = [
            ("experiment", JSONText.quoted(experiment.name)),
            ("kind", JSONText.quoted(experiment.kind.rawValue)),
            ("digest", experiment.digest.map(JSONText.quoted) ?? "null"),
            ("variants", list(variants.map { JSONText.quoted($0.name) }, separator: ", ")),
            ("baseline", variants.first(where: \.isBaseline).map { JSONText.quoted($0.name) } ?? "null"),
            ("runs", "\(replications.count)"), ("open", "\(open)"), ("lost", "\(lost.count)"),
            ("parameters", object(parameters.map { ($0.name, JSONText.quoted($0.text)) })),
            ("comparisons", lines(comparisons.map(json))),
            ("pareto", lines(pareto.map(json))),
        ]
        if !forecast.isEmpty { fields.append(("forecast", lines(forecast.map(json)))) }
        return "{\n" + fields.map { "  \"\($0)\": \($1)" }.joined(separator: ",\n") + "\n}\n"
    }

    private func json(_ row: ComparisonRow) -> String {
        func number(_ value: Double?) -> String { value.flatMap { $0.isFinite ? "\($0)" : nil } ?? "null" }
        func ends(_ ends: ComparisonRow.Ends?) -> String {
            ends.map { "[\(number($0.low)), \(number($0.high))]" } ?? "null"
        }
        var fields: [(String, String)] = [
            ("metric", JSONText.quoted(row.metric)), ("variant", JSONText.quoted(name(of: row))),
            ("unit", JSONText.quoted(row.unit)), ("pairs", "\(row.pairs)"), ("mean", number(row.mean)),
            ("difference", number(row.difference)), ("interval", ends(row.interval)),
            ("bootstrap", ends(row.bootstrap)), ("p", number(row.p)), ("pAdjusted", number(row.adjusted)),
            ("finding", JSONText.quoted(row.finding.rawValue)),
        ]
        if row.ties > 0 { fields += [("ties", "\(row.ties)"), ("tiesAgreeing", "\(row.tiesAgreeing)")] }
        return object(fields)
    }

    private func json(_ row: ForecastRow) -> String {
        object([
            ("variant", "\(row.variant)"), ("measure", JSONText.quoted(row.measure)),
            ("unit", JSONText.quoted(row.unit)), ("atSeconds", "\(row.at.nanoseconds / 1_000_000_000)"),
            ("quantilePermille", "\(row.permille)"), ("value", row.value.isFinite ? "\(row.value)" : "null"),
        ])
    }

    private func json(_ entry: ParetoEntry) -> String {
        object(
            [("variant", JSONText.quoted(entry.variant))]
                + entry.rows.map { ($0.role, $0.mean.map { "\($0)" } ?? "null") }
                + [("dominatedBy", list(entry.dominators.map(JSONText.quoted), separator: ", "))])
    }

    private func object(_ fields: [(String, String)]) -> String {
        "{" + fields.map { "\(JSONText.quoted($0)): \($1)" }.joined(separator: ", ") + "}"
    }

    private func list(_ values: [String], separator: String) -> String {
        "[" + values.joined(separator: separator) + "]"
    }

    private func lines(_ values: [String]) -> String {
        values.isEmpty ? "[]" : "[\n    " + values.joined(separator: ",\n    ") + "\n  ]"
    }
}

extension ExperimentSummary {
    /// What is shown as a table, a row for each metric and variant, or for each figure of a forecast.
    package var table: ReportTable {
        if experiment.kind == .forecast { return forecastTable }
        func number(_ value: Double?) -> SQLValue { value.map { .real($0) } ?? .null }
        let rows: [[SQLValue]] = comparisons.map { row in
            [
                .text(row.metric), .text(name(of: row)), .text(row.unit), .integer(Int64(row.pairs)), number(row.mean),
                number(row.difference), number(row.interval?.low), number(row.interval?.high),
                number(row.bootstrap?.low), number(row.bootstrap?.high), number(row.p), number(row.adjusted),
                .text(row.finding.rawValue),
            ]
        }
        let columns = [
            "metric", "variant", "unit", "pairs", "mean", "difference", "low", "high", "bootstrap_low",
            "bootstrap_high", "p", "p_adjusted", "finding",
        ]
        return ReportTable(columns: columns, units: columns.map { _ in nil }, rows: rows)
    }
}
