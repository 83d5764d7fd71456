import Chronology
import RunDatabase

extension ExperimentPage {
    /// A chart for each measure of each variant that is forecast with the five quantiles of a fan.
    ///
    /// Shares of the runs that have reached a limit have a chart together.
    func forecastSections() throws(RunDatabaseError) -> [HTMLPage.Section?] {
        let rows = try reader.query(
            """
            SELECT v.name, f.measure, f.unit, f.at_ns, f.quantile_permille, f.value
            FROM forecast f JOIN variant v ON v.id = f.variant 
            ORDER BY f.variant, f.measure, f.at_ns, f.quantile_permille
            """
        ).rows
        var fans: [(variant: String, measure: String, unit: String, points: [Int64: [Int64: Double]])] = []
        for row in rows {
            guard let variant = row[0].string, let measure = row[1].string, let unit = row[2].string,
                let at = row[3].whole, let quantile = row[4].whole, let value = row[5].real
            else { continue }
            if fans.last?.variant != variant || fans.last?.measure != measure {
                fans.append((variant, measure, unit, [:]))
            }
            fans[fans.count - 1].points[at, default: [:]][quantile] = value
        }
        let limits = fans.filter { $0.unit == "permille" }
        // What people ask for first.
        let first = ["cost.total", "cost.month", "demand"]
        let quantiles = fans.filter { $0.unit != "permille" }
        let ordered =
            first.flatMap { name in quantiles.filter { $0.measure == name } }
            + quantiles.filter { !first.contains($0.measure) }
        return ordered.map { section($0.variant, $0.measure, $0.unit, $0.points) }
            + [limitSection(limits.map { ($0.measure, $0.points.compactMapValues { $0[0] }) })]
    }

    /// The cards of what is forecast for the horizon as a whole.
    func forecastCards() throws(RunDatabaseError) -> [HTMLPage.Card] {
        let rows = try reader.query(
            """
            SELECT quantile_permille, unit, value FROM forecast
            WHERE measure = 'cost.horizon' AND quantile_permille IN (50, 500, 950) ORDER BY variant, quantile_permille
            """
        ).rows
        guard rows.count >= 3, let unit = rows[1][1].string else { return [] }
        let values = rows.prefix(3).map { row in
            MetricFigure.text(row[2].real ?? 0, unit: unit, largest: rows[2][2].real ?? 0)
        }
        return [
            HTMLPage.Card(name: "Cost of the horizon", value: values[1], remark: "90 %: \(values[0]) to \(values[2])")
        ]
    }

    private func limitSection(_ limits: [(name: String, shares: [Int64: Double])]) -> HTMLPage.Section? {
        let times = limits.first?.shares.keys.sorted() ?? []
        guard times.count > 1 else { return nil }
        let names = limits.map { limit in
            limit.name.replacing("limit.", with: "").replacing(".reached", with: "")
        }
        let day = Duration.days(1)
        let stretches = times.map { at in
            (
                from: Instant(nanoseconds: at), to: Instant(nanoseconds: at) + day,
                levels: limits.map { limit in limit.shares[at].map { $0 / 10 } }
            )
        }
        func text(_ share: Double?) -> String { share.map { ReportUnit.percent.text($0, largest: 100) } ?? "" }
        let ends = zip(names, limits).map { name, limit in
            "\(name) \(text(times.last.flatMap { limit.shares[$0] }.map { $0 / 10 }))"
        }
        let chart = SteppedLines(
            summary: "Lines over time: the share of the runs that have reached a limit; at the end "
                + ends.joined(separator: ", ") + ".",
            names: names, stretches: stretches, clock: clock, marks: []
        ) { text($0) }
        let rows = stretches.map { stretch in
            [
                HTMLTable.Cell.ordered(
                    ReportUnit.time.text(clock.text(of: stretch.from)), Double(stretch.from.nanoseconds) / 1e9)
            ] + stretch.levels.map { HTMLTable.Cell(text($0), $0) }
        }
        return HTMLPage.Section(
            title: "Limits", question: "By when is a limit reached, and how likely is that?",
            body: chart.html
                + HTMLTable(caption: "Runs that have reached a limit", columns: ["day"] + names, rows: rows).folded)
    }

    private func section(
        _ variant: String, _ measure: String, _ unit: String, _ byTime: [Int64: [Int64: Double]]
    ) -> HTMLPage.Section? {
        let points = byTime.sorted { $0.key < $1.key }.compactMap { at, values -> FanChart.Point? in
            guard let p5 = values[50], let p50 = values[500], let p95 = values[950] else { return nil }
            return FanChart.Point(
                at: Instant(nanoseconds: at), p5: p5, p25: values[250] ?? p50, p50: p50, p75: values[750] ?? p50,
                p95: p95)
        }
        guard points.count > 1, let last = points.last else { return nil }
        let largest = points.map(\.p95.magnitude).max() ?? 0
        func text(_ value: Double) -> String { MetricFigure.text(value, unit: unit, largest: largest) }
        let fan = FanChart(
            summary:
                "A fan over time: at the end the median is \(text(last.p50)), and 90 % lie between \(text(last.p5)) "
                + "and \(text(last.p95)).",
            points: points, clock: clock, text: text)
        let rows = points.map { point in
            [
                HTMLTable.Cell.ordered(
                    ReportUnit.time.text(clock.text(of: point.at.wholeSecond)), Double(point.at.nanoseconds) / 1e9)
            ]
                + [point.p5, point.p25, point.p50, point.p75, point.p95].map { HTMLTable.Cell(text($0), $0) }
        }
        let table = HTMLTable(
            caption: "Quantiles of \(measure)", columns: ["time", "P5", "P25", "P50", "P75", "P95"], rows: rows)
        let title = "Forecast of \(measure)" + (summary.variants.count > 1 ? ", \(variant)" : "")
        return HTMLPage.Section(
            title: title, question: "What is to come, and how sure is that?", body: fan.html + table.folded)
    }

    /// The clock of the forecast: its start stands among the parameters.
    private var clock: WallClock {
        let start = summary.parameter("forecast.start").flatMap { try? StartDate(parsing: $0) }
        return WallClock(startDate: start ?? StartDate(unixSeconds: 0))
    }
}
