import Chronology
import Experiments
import Foundation
import RunDatabase
import Scenarios
import Simulation
import Statistics
import Workloads

/// What `orrery forecast SCENARIO` prints.
struct ForecastReport {
    let prepared: PreparedForecast
    let analysis: ForecastAnalysis
    let digest: String
    /// Runs without figures.
    let lost: [ReplicationRow]

    var calendar: ForecastCalendar { ForecastCalendar(start: prepared.start) }
    var history: String {
        prepared.input.files.first.map { String($0.name.dropFirst("history/".count)) } ?? prepared.document.history
    }
    var service: String { prepared.setup.services[prepared.service].title }
    private var step: String { "\(prepared.input.grid.step)" }

    var text: String {
        var text = "Forecast   \(prepared.name), \(service) driven by \(history): \(analysis.runs) runs"
        text += lost.isEmpty ? "\n" : ", \(lost.count) lost\n"
        text += "From       \(calendar.date(of: 0)) for \(length), in steps of \(step)\n"
        text += "Methods    \(prepared.forecast.members.map(prepared.input.named).joined(separator: ", "))\n"
        for note in prepared.input.grid.notes { text += "Note       \(note)\n" }
        var columns = TextColumns([.left, .right, .right, .right, .right, .right])
        columns.add(["", "P5", "P25", "P50", "P75", "P95"])
        for row in lines { columns.add(row) }
        text += "\n" + columns.text()
        if let mean = analysis.totalMean {
            text += "\nMean cost \(Self.dollars(mean.mean)) ± \(Self.dollars(mean.halfWidth)) (95 %)\n"
        }
        return text + limitText + varianceText + lostText + "Digest     \(digest)\n"
    }

    /// Why runs have no figures.
    private var lostText: String {
        guard !lost.isEmpty else { return "" }
        var text = "\(lost.count) runs are without figures:\n"
        for row in lost.prefix(10) {
            let (status, message) = (row.outcome?.status.rawValue ?? "not run", row.outcome?.message ?? "")
            text += "  run \(row.number), seed \(row.seed): \(status)\(message.isEmpty ? "" : ": " + message)\n"
        }
        return text + (lost.count > 10 ? "  …\n" : "") + "\n"
    }

    /// What is looked ahead, in days where they are whole.
    private var length: String {
        guard prepared.horizon.nanoseconds == Chronology.Duration.days(Int64(days)).nanoseconds else {
            return "\(prepared.horizon)"
        }
        return days == 1 ? "1 day" : "\(days) days"
    }

    private var days: Int {
        (analysis.rows.lazy.filter { $0.measure == "cost.total" }.map { Int($0.at.nanoseconds / 86_400_000_000_000) }
            .max() ?? -1) + 1
    }

    /// Quantiles by month and over the whole horizon.
    private var lines: [[String]] {
        var lines: [[String]] = []
        for at in days(of: "cost.month") {
            let month = calendar.monthName(from: at, horizon: prepared.horizon)
            lines.append(["cost \(month)"] + cells("cost.month", day: at, Self.dollars))
        }
        lines.append(["cost, all \(length)"] + cells("cost.horizon", day: 0, Self.dollars))
        let last = max(0, days - 1)
        let rate = { (value: Double) in String(format: "%.4g", value) }
        lines.append(["demand, first day (\(step) mean)"] + cells("demand", day: 0, rate))
        lines.append(["demand, last day"] + cells("demand", day: last, rate))
        for measure in measures where measure.hasPrefix("machines.") && measure.hasSuffix(".max") {
            let type = measure.dropFirst("machines.".count).dropLast(".max".count)
            lines.append(["most \(type), last day"] + cells(measure, day: last) { Figures.fixed($0, 0) })
        }
        lines.append(["least free cores, last day"] + cells("cpu.free.min", day: last) { Figures.fixed($0 / 1_000, 1) })
        lines.append(
            ["least free memory, last day"]
                + cells("memory.free.min", day: last) { Figures.bytes(Int64($0)) })
        return lines
    }

    private var measures: [String] {
        var measures: [String] = []
        for row in analysis.rows where measures.last != row.measure && !measures.contains(row.measure) {
            measures.append(row.measure)
        }
        return measures
    }

    private func days(of measure: String) -> [Int] {
        analysis.rows.filter { $0.measure == measure && $0.permille == 500 }
            .map { Int($0.at.nanoseconds / 86_400_000_000_000) }
    }

    private func cells(_ measure: String, day: Int, _ figure: (Double) -> String) -> [String] {
        [50, 250, 500, 750, 950].map { permille in
            analysis.rows.first {
                $0.measure == measure && $0.permille == permille && $0.at == .days(Int64(day))
            }.map { figure($0.value) } ?? "–"
        }
    }

    static func dollars(_ nano: Double) -> String { "$" + Figures.fixed(nano / 1e9, 2) }

    // MARK: - Limits

    private var limitText: String {
        guard !analysis.reaches.isEmpty else { return "" }
        var columns = TextColumns([.left, .left, .right, .right, .right, .right, .right, .right])
        columns.add(["limit", "", "reached by", "P5", "P25", "P50", "P75", "P95"])
        for reach in analysis.reaches {
            columns.add(
                [reach.limit.name, Self.value(of: reach.limit), "\(Figures.fixed(100 * reach.share, 0))% of runs"]
                    + LimitReach.quantiles.map { date(reach, $0) ?? "never" })
        }
        return "\nThe dates by which limits are reached\n" + columns.text()
    }

    /// The day by which a share of all runs have reached a limit; nil for never.
    func date(_ reach: LimitReach, _ permille: Int) -> String? {
        reach.day(permille).map { "\(calendar.date(of: $0))" }
    }

    static func value(of limit: ForecastLimit) -> String {
        let figure =
            switch limit.unit {
            case "nanodollars": dollars(Double(limit.value))
            case "millicores": Figures.fixed(Double(limit.value) / 1_000, 0)
            case "permille": "\(Figures.fixed(Double(limit.value) / 10, 0))%"
            case _: "\(limit.value)"
            }
        return limit.noun.isEmpty ? figure : "\(figure) \(limit.noun)"
    }

    // MARK: - Variance

    /// The factors with their place among those that have runs; nil for those that the scenario has not.
    var factors: [(factor: ForecastFactor, place: Int?)] {
        ForecastFactor.allCases.map { ($0, prepared.design.settings.factors.firstIndex(of: $0)) }
    }

    private var varianceText: String {
        guard !prepared.design.settings.factors.isEmpty else { return "\n" }
        guard let variance = analysis.variance else {
            return "\nThe runs do not tell where the variance comes from: fewer than three pairs, or all cost "
                + "the same.\n\n"
        }
        func percent(_ share: Double) -> String { "\(Figures.fixed(100 * share, 1))%" }
        func cells(_ share: VarianceParts.Share) -> [String] {
            [percent(share.value), "\(percent(share.low)) to \(percent(share.high))"]
        }
        var columns = TextColumns([.left, .right, .right, .right])
        columns.add(["", "share", "95 % interval", "with what it does together"])
        for (factor, place) in factors {
            guard let place else {
                columns.add([factor.title, percent(0), "none in the scenario", ""])
                continue
            }
            columns.add([factor.title] + cells(variance.own[place]) + [percent(variance.total[place].value)])
        }
        columns.add(["together, and left open"] + cells(variance.together) + [""])
        columns.add(["sum", percent(variance.own.reduce(variance.together.value) { $0 + $1.value }), "", ""])
        let more = variance.pairs * prepared.design.settings.factors.count
        return "\nWhere the variance of the cost comes from (standard deviation "
            + "\(Self.dollars(variance.variance.squareRoot())); \(variance.pairs) pairs of runs, \(more) runs more)\n"
            + columns.text() + "\n"
    }
}
