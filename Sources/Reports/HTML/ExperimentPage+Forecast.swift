import Chronology
import RunDatabase

extension ExperimentPage {
    /// When limits are reached, a chart for each measure that is forecast with the five quantiles of a fan, and what makes
    /// the variance.
    func forecastSections() -> [HTMLPage.Section?] {
        let fans = summary.fans
        let found = summary.limitRows
        // What people ask for first, and what limits are of.
        var first = ["cost.sum", "cost.month", "demand"]
        for limit in found.limits where limit.share > 0 && !first.contains(limit.measure) {
            first.append(limit.measure)
        }
        let ordered =
            first.flatMap { name in fans.filter { $0.measure == name } } + fans.filter { !first.contains($0.measure) }
        return [limitSection(found.limits)]
            + ordered.map { fan in section(fan, found.limits.filter { $0.measure == fan.measure }) }
            + [varianceSection(found.variance)]
    }

    /// The cards of what is forecast for the horizon as a whole.
    var forecastCards: [HTMLPage.Card] {
        guard let fan = summary.fans.first(where: { $0.measure == "cost.horizon" }),
            let values = fan.points.min(by: { $0.key < $1.key })?.value,
            let low = values[50], let middle = values[500], let high = values[950]
        else { return [] }
        func text(_ value: Double) -> String { MetricFigure.text(value, unit: fan.unit, largest: high) }
        return [
            HTMLPage.Card(
                name: "Cost of the horizon", value: text(middle), remark: "90 %: \(text(low)) to \(text(high))")
        ]
    }

    private static let partialMonths =
        "<p>The first and the last month count as far as the forecast covers them.</p>\n"

    private func section(_ fan: ExperimentSummary.Fan, _ limits: [ForecastLimitRows.Limit]) -> HTMLPage.Section? {
        let (measure, unit) = (fan.measure, fan.unit)
        let points = fan.points.sorted { $0.key < $1.key }.compactMap { at, values -> FanChart.Point? in
            guard let p5 = values[50], let p50 = values[500], let p95 = values[950] else { return nil }
            return FanChart.Point(
                at: Instant(nanoseconds: at), p5: p5, p25: values[250] ?? p50, p50: p50, p75: values[750] ?? p50,
                p95: p95)
        }
        guard points.count > 1, let last = points.last else { return nil }
        let largest = fan.largest
        guard largest > 0 else { return nil }
        func text(_ value: Double) -> String { MetricFigure.text(value, unit: unit, largest: largest) }
        let words = limits.map { ", with the limit \($0.name) at \($0.valueText)" }.joined()
        let chart = FanChart(
            summary:
                "A fan over time\(words): at the end the median is \(text(last.p50)), and 90 % lie between "
                + "\(text(last.p5)) and \(text(last.p95)).",
            points: points, clock: summary.clock, limits: limits.map { ($0.name, $0.value) }, text: text)
        let rows = points.map { point in
            [
                HTMLTable.Cell.ordered(
                    ReportUnit.time.text(summary.clock.text(of: point.at.wholeSecond)),
                    Double(point.at.nanoseconds) / 1e9)
            ]
                + [point.p5, point.p25, point.p50, point.p75, point.p95].map { HTMLTable.Cell(text($0), $0) }
        }
        let table = HTMLTable(
            caption: "Quantiles of \(measure)", columns: ["time", "P5", "P25", "P50", "P75", "P95"], rows: rows)
        let title = "Forecast of \(measure)" + (fan.variant > 1 ? ", variant \(fan.variant)" : "")
        return HTMLPage.Section(
            title: title, question: "What is to come, and how sure is that?",
            body: chart.html + table.folded + (measure == "cost.month" ? Self.partialMonths : ""))
    }
}
