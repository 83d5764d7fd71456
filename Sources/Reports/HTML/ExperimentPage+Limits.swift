import Chronology
import RunDatabase

extension ExperimentPage {
    /// When limits are reached: a table of dates, and the share of the runs over time.
    func limitSection(_ limits: [ForecastLimitRows.Limit]) -> HTMLPage.Section? {
        guard !limits.isEmpty else { return nil }
        func text(_ permille: Double) -> String { ReportUnit.percent.text(permille / 10, largest: 100) }
        let quantiles = ExperimentSummary.quantiles
        let rows = limits.map { limit in
            [
                HTMLTable.Cell(limit.name), HTMLTable.Cell(limit.valueText, limit.value),
                HTMLTable.Cell(text(limit.share), limit.share),
            ]
                + quantiles.map { quantile in
                    guard let at = limit.dates[quantile] else { return HTMLTable.Cell("never") }
                    return HTMLTable.Cell.ordered(summary.day(Int64(at)), at)
                }
        }
        let table = HTMLTable(
            caption: "The dates by which shares of all runs have reached a limit; never, where fewer do",
            columns: ["limit", "at", "runs that reach it"] + quantiles.map { "P\($0 / 10)" }, rows: rows)
        return HTMLPage.Section(
            title: "Limits", question: "By when is a limit reached, and how likely is that?",
            body: table.html + shareChart(limits.filter { $0.share > 0 }))
    }

    private func shareChart(_ limits: [ForecastLimitRows.Limit]) -> String {
        let times = limits.first?.shares.keys.sorted() ?? []
        guard times.count > 1 else { return "" }
        let day = Duration.days(1)
        let stretches = times.map { at in
            (
                from: Instant(nanoseconds: at), to: Instant(nanoseconds: at) + day,
                levels: limits.map { limit in limit.shares[at].map { $0 / 10 } }
            )
        }
        func text(_ share: Double?) -> String { share.map { ReportUnit.percent.text($0, largest: 100) } ?? "" }
        let ends = limits.map { "\($0.name) \(text($0.share / 10))" }
        let chart = SteppedLines(
            summary: "Lines over time: the share of the runs that have reached a limit; at the end "
                + ends.joined(separator: ", ") + ".",
            names: limits.map(\.name), stretches: stretches, clock: summary.clock, marks: []
        ) { text($0) }
        let rows = stretches.map { stretch in
            [
                HTMLTable.Cell.ordered(
                    ReportUnit.time.text(summary.clock.text(of: stretch.from)), Double(stretch.from.nanoseconds) / 1e9)
            ] + stretch.levels.map { HTMLTable.Cell(text($0), $0) }
        }
        let table = HTMLTable(
            caption: "Runs that have reached a limit", columns: ["day"] + limits.map(\.name), rows: rows)
        return chart.html + table.folded
    }

    /// What makes the variance of the cost; the shares sum to all of it.
    func varianceSection(
        _ shares: [(name: String, share: Double, low: Double?, high: Double?)]
    ) -> HTMLPage.Section? {
        guard !shares.isEmpty else { return nil }
        let text = ExperimentSummary.varianceText
        let title = ExperimentSummary.varianceTitle
        let lines = shares.compactMap { share -> IntervalPlot.Line? in
            guard let low = share.low, let high = share.high else { return nil }
            return IntervalPlot.Line(
                name: title(share.name), difference: share.share, low: low, high: high, isShown: low > 0)
        }
        let words = shares.map { "\(title($0.name)) \(text($0.share))" }
        let plot = IntervalPlot(
            summary: "Shares of the variance of the cost with intervals: \(words.joined(separator: "; ")).",
            lines: lines
        ) { text($0) }
        let rows = shares.map { share in
            [
                HTMLTable.Cell(title(share.name)), HTMLTable.Cell(text(share.share), share.share),
                HTMLTable.Cell(share.low.flatMap { low in share.high.map { "\(text(low)) to \(text($0))" } } ?? ""),
            ]
        }
        let table = HTMLTable(
            caption: "Shares of the variance of the cost; one below zero is noise around none",
            columns: ["what", "share", "95 % interval"], rows: rows)
        return HTMLPage.Section(
            title: "Where the variance comes from",
            question: "What would make the cost surer, if it were known?", body: plot.html + table.html)
    }
}
