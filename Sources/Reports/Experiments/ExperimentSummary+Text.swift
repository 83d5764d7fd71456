import RunDatabase

extension ExperimentSummary {
    /// The summary for people; it ends with a line break.
    package var text: String {
        let parts = [heading] + metrics.map(table) + [paretoTable] + forecastTables + [lostLines]
        return parts.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private var heading: String {
        var lines = [experiment.name + (experiment.question.isEmpty ? "" : ": \(experiment.question)")]
        let runs = "\(ReportUnit.grouped("\(replications.count)")) runs"
        let ties = replications.map(\.tie).max() ?? 0
        let seeds = Set(replications.map(\.seed)).count
        lines.append(
            "\(variants.count) variant\(variants.count == 1 ? "" : "s"), \(seeds) seeds"
                + (ties > 0 ? ", \(ties) streams of tie-breaks each" : "")
                + ": \(runs)" + (open > 0 ? ", \(open) of them not run yet" : "")
                + (experiment.digest.map { ", digest \($0)" } ?? ""))
        if let baseline = variants.first(where: \.isBaseline), let level = percent, !comparisons.isEmpty {
            let count = comparisons.count { $0.p != nil }
            lines.append(
                "Differences are to \(baseline.name), seed by seed with the same chance; intervals hold "
                    + "\(level) %; p is corrected for \(count) comparisons "
                    + "(\(parameter("compare.correction") ?? "none"))."
            )
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The confidence in percent.
    var percent: String? {
        parameter("compare.confidence").flatMap(Double.init).map { String(Int(($0 * 100).rounded())) }
    }

    // MARK: - Tables

    private func table(_ metric: String) -> String {
        let rows = comparisons.filter { $0.metric == metric }
        let largest = rows.compactMap(\.mean).map(\.magnitude).max() ?? 0
        var cells = [["variant", "mean", "difference", "\(percent ?? "") % interval", "bootstrap", "p", ""]]
        for row in rows {
            func figure(_ value: Double?) -> String {
                value.map { MetricFigure.difference($0, unit: row.unit, largest: largest) } ?? "-"
            }
            func ends(_ ends: ComparisonRow.Ends?) -> String {
                ends.map { "\(figure($0.low)) to \(figure($0.high))" } ?? "-"
            }
            let mean = row.mean.map { MetricFigure.text($0, unit: row.unit, largest: largest) } ?? "-"
            switch row.finding {
            case .baseline: cells.append([name(of: row), mean, "", "", "", "", "baseline"])
            case .lower, .higher, .nothing, .unknown:
                cells.append([
                    name(of: row), mean, figure(row.difference), ends(row.interval), ends(row.bootstrap),
                    row.adjusted.map(MetricFigure.pValue) ?? "-", Self.words(row),
                ])
            }
        }
        return metric + "\n" + Self.aligned(cells, left: [0, 6])
    }

    /// Says what a row shows.
    static func words(_ row: ComparisonRow) -> String {
        let ties = row.ties > 0 ? ", in \(row.tiesAgreeing) of \(row.ties) streams of tie-breaks" : ""
        switch row.finding {
        case .baseline: return "baseline"
        case .lower: return "lower" + ties
        case .higher: return "higher" + ties
        case .nothing: return "no difference shown"
        case .unknown: return "too few runs (\(row.pairs))"
        }
    }

    private var paretoTable: String {
        let entries = pareto
        guard let first = entries.first else { return "" }
        let largest = first.rows.indices.map { column in
            entries.compactMap { $0.rows[column].mean?.magnitude }.max() ?? 0
        }
        var cells = [["variant"] + first.rows.map(\.metric) + [""]]
        for entry in entries {
            let figures = zip(entry.rows, largest).map { row, largest in
                row.mean.map { MetricFigure.text($0, unit: row.unit, largest: largest) } ?? "-"
            }
            cells.append([entry.variant] + figures + [Self.words(entry)])
        }
        let roles = first.rows.map(\.role).joined(separator: ", ")
        return "Pareto (means of \(roles); less is better)\n" + Self.aligned(cells, left: [0, cells[0].count - 1])
    }

    /// Says where a variant stands.
    static func words(_ entry: ParetoEntry) -> String {
        if entry.dominators.isEmpty { return "on the front" }
        let shown = entry.dominators.prefix(2).joined(separator: ", ")
        return "not better anywhere than \(shown)" + (entry.dominators.count > 2 ? ", …" : "")
    }

    private var lostLines: String {
        guard !lost.isEmpty else { return "" }
        var lines = ["\(lost.count) runs are without figures:"]
        for row in lost.prefix(10) {
            let variant = variants.indices.contains(row.variant - 1) ? variants[row.variant - 1].name : ""
            lines.append(
                "  \(variant), seed \(row.seed): \(row.outcome?.status.rawValue ?? ""): \(row.outcome?.message ?? "")")
        }
        if lost.count > 10 { lines.append("  …") }
        return lines.joined(separator: "\n") + "\n"
    }

    static func aligned(_ rows: [[String]], left: Set<Int>) -> String {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                line += "  " + (left.contains(column) ? cell + padding : padding + cell)
            }
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }.joined()
    }
}
