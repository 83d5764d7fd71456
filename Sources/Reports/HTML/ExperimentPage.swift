import Chronology
package import RunDatabase

/// The page of an experiment: which differences are real, what is weighed against what, and what is forecast.
package struct ExperimentPage {
    let summary: ExperimentSummary

    /// Reads what the page shows.
    package init(of reader: ExperimentReader) throws(RunDatabaseError) {
        summary = try ExperimentSummary(of: reader)
    }

    /// The page; it needs no other file.
    package func html() -> String {
        let sections = [paretoSection()] + summary.metrics.map(metricSection) + forecastSections()
        let experiment = summary.experiment
        return HTMLPage(
            title: experiment.name, subtitle: experiment.question, cards: forecastCards + cards,
            sections: (sections + [variantSection(), lostSection()]).compactMap { $0 },
            footer: "Simulated by Orrery \(experiment.version); digest "
                + "\(experiment.digest ?? "none: not all runs are done"). The same experiment gives the same page."
        ).html
    }

    private var cards: [HTMLPage.Card] {
        let shown = summary.comparisons.count { $0.finding == .lower || $0.finding == .higher }
        let count = summary.comparisons.count { $0.p != nil }
        var cards = [
            HTMLPage.Card(
                name: "Runs", value: ReportUnit.grouped("\(summary.replications.count)"),
                remark: "\(Set(summary.replications.map(\.seed)).count) seeds, \(summary.variants.count) variants"),
            HTMLPage.Card(
                name: "Lost", value: "\(summary.lost.count)",
                remark: summary.open > 0 ? "\(summary.open) not run yet" : "runs without figures"),
        ]
        guard count > 0 else { return cards }
        cards.append(
            HTMLPage.Card(
                name: "Differences shown", value: "\(shown) of \(count)",
                remark:
                    "at \(summary.percent ?? "?") %, corrected (\(summary.parameter("compare.correction") ?? "none"))"))
        if let baseline = summary.variants.first(where: \.isBaseline) {
            cards.append(HTMLPage.Card(name: "Baseline", value: baseline.name))
        }
        return cards
    }

    // MARK: - Pareto

    private func paretoSection() -> HTMLPage.Section? {
        let entries = summary.pareto
        guard let first = entries.first, entries.count > 1 else { return nil }
        var body = ""
        for other in 1..<first.rows.count {
            let (x, y) = (first.rows[0], first.rows[other])
            let points = entries.map { entry in
                ScatterPlot.Point(
                    name: entry.variant, x: entry.rows[0].mean ?? 0, y: entry.rows[other].mean ?? 0,
                    isFront: entry.dominators.isEmpty)
            }
            let front = points.filter(\.isFront).map(\.name).joined(separator: ", ")
            let plot = ScatterPlot(
                summary:
                    "Points: the mean \(x.metric) against the mean \(y.metric) of \(points.count) variants; on the "
                    + "front: \(front).",
                points: points, axes: (x.metric, y.metric), texts: (figure(x, entries, 0), figure(y, entries, other)))
            body += "<h3>\(Markup.escaped(x.role)) against \(Markup.escaped(y.role))</h3>\n" + plot.html
        }
        let rows = entries.map { entry in
            [HTMLTable.Cell(entry.variant)]
                + entry.rows.enumerated().map { place, row in
                    HTMLTable.Cell(row.mean.map(figure(row, entries, place)) ?? "-", row.mean)
                } + [HTMLTable.Cell(ExperimentSummary.words(entry))]
        }
        let table = HTMLTable(
            caption: "Means of what is weighed; less is better",
            columns: ["variant"] + first.rows.map(\.metric) + [""], rows: rows)
        return HTMLPage.Section(
            title: "Cost, disruption and latency",
            question:
                "Which variants are worth a look: nothing else is better in one of them and as good in the others?",
            body: body + table.html)
    }

    private func figure(
        _ row: ComparisonRow, _ entries: [ExperimentSummary.ParetoEntry], _ place: Int
    ) -> (Double) -> String {
        let largest = entries.compactMap { $0.rows[place].mean?.magnitude }.max() ?? 0
        return { MetricFigure.text($0, unit: row.unit, largest: largest) }
    }

    // MARK: - Metrics

    private func metricSection(_ metric: String) -> HTMLPage.Section? {
        let rows = summary.comparisons.filter { $0.metric == metric }
        let largest = rows.compactMap(\.mean).map(\.magnitude).max() ?? 0
        func text(_ row: ComparisonRow, _ value: Double?) -> String {
            value.map { MetricFigure.difference($0, unit: row.unit, largest: largest) } ?? ""
        }
        let lines = rows.compactMap { row -> IntervalPlot.Line? in
            guard let difference = row.difference, let ends = row.interval else { return nil }
            return IntervalPlot.Line(
                name: summary.name(of: row), difference: difference, low: ends.low, high: ends.high,
                isShown: row.finding != .nothing)
        }
        let unit = rows.first?.unit ?? "count"
        let words = rows.filter { $0.finding != .baseline }.map {
            "\(summary.name(of: $0)) \(ExperimentSummary.words($0))"
        }
        let plot = IntervalPlot(
            summary: "Differences to the baseline with intervals: \(words.joined(separator: "; ")).", lines: lines
        ) { MetricFigure.difference($0, unit: unit, largest: largest) }
        let cells = rows.map { row in
            [
                HTMLTable.Cell(summary.name(of: row)),
                HTMLTable.Cell(
                    row.mean.map { MetricFigure.text($0, unit: row.unit, largest: largest) } ?? "-", row.mean),
                HTMLTable.Cell(text(row, row.difference), row.difference),
                HTMLTable.Cell(row.interval.map { "\(text(row, $0.low)) to \(text(row, $0.high))" } ?? ""),
                HTMLTable.Cell(row.bootstrap.map { "\(text(row, $0.low)) to \(text(row, $0.high))" } ?? ""),
                HTMLTable.Cell(row.adjusted.map(MetricFigure.pValue) ?? "", row.adjusted),
                HTMLTable.Cell(ExperimentSummary.words(row)),
            ]
        }
        let table = HTMLTable(
            caption: "\(metric) by variant",
            columns: [
                "variant", "mean", "difference", "\(summary.percent ?? "") % interval", "bootstrap", "p", "finding",
            ], rows: cells)
        return HTMLPage.Section(
            title: metric, question: "How far is each variant from the baseline, seed by seed?",
            body: (lines.allSatisfy { $0.low == 0 && $0.high == 0 } ? "" : plot.html) + table.html)
    }

    // MARK: - The plan

    private func variantSection() -> HTMLPage.Section? {
        guard summary.variants.count > 1 else { return nil }
        let rows = summary.variants.enumerated().map { place, variant in
            let runs = summary.replications.filter { $0.variant == place + 1 }.count
            return [
                HTMLTable.Cell(variant.name + (variant.isBaseline ? " (baseline)" : "")),
                HTMLTable.Cell(variant.changes.joined(separator: "; ")), HTMLTable.Cell("\(runs)", Double(runs)),
            ]
        }
        let table = HTMLTable(
            caption: "What differs from the scenario", columns: ["variant", "settings", "runs"], rows: rows)
        return HTMLPage.Section(title: "Variants", question: "What was compared?", body: table.html)
    }

    private func lostSection() -> HTMLPage.Section? {
        guard !summary.lost.isEmpty else { return nil }
        let rows = summary.lost.map { row in
            [
                HTMLTable.Cell("\(row.id)", Double(row.id)),
                HTMLTable.Cell(
                    summary.variants.indices.contains(row.variant - 1) ? summary.variants[row.variant - 1].name : ""),
                HTMLTable.Cell("\(row.seed)", Double(row.seed)),
                HTMLTable.Cell(row.outcome?.status.rawValue ?? ""), HTMLTable.Cell(row.outcome?.message ?? ""),
            ]
        }
        let table = HTMLTable(
            caption: "Runs without figures", columns: ["run", "variant", "seed", "status", "message"], rows: rows)
        return HTMLPage.Section(title: "Lost runs", question: "", body: table.html)
    }
}
