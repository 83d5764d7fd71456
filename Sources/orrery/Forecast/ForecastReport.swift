import Chronology
import Experiments
import Foundation
import RunDatabase
import Scenarios
import Statistics

/// What `orrery forecast SCENARIO` prints.
struct ForecastReport {
    let name: String
    let service: String
    let history: String
    let input: ForecastInput
    let analysis: ForecastAnalysis
    let members: [String]
    let limits: [ForecastLimit]
    let calendar: ForecastCalendar
    /// Runs without figures.
    let lost: Int

    /// When a limit is reached.
    struct Reach {
        let name: String
        let value: String
        /// The share of the runs that reach it within the horizon.
        let share: Double
        /// The dates by which 5, 50 and 95 % of all runs have reached it; nil when fewer do.
        let dates: [String?]
    }

    var text: String {
        var text = "Forecast   \(name), \(service) driven by \(history): \(analysis.runs) runs"
        text += lost > 0 ? ", \(lost) lost\n" : "\n"
        text += "From       \(calendar.date(of: 0)) for \(days) days, in steps of \(input.grid.step)\n"
        text += "Methods    \(members.joined(separator: ", "))\n"
        for note in input.grid.notes { text += "Note       \(note)\n" }
        var columns = TextColumns([.left, .right, .right, .right, .right, .right])
        columns.add(["", "P5", "P25", "P50", "P75", "P95"])
        for row in lines { columns.add(row) }
        text += "\n" + columns.text()
        if let mean = analysis.totalMean {
            text += "\nMean cost \(Self.dollars(mean.mean)) ± \(Self.dollars(mean.halfWidth)) (95 %)\n"
        }
        if !limits.isEmpty {
            var columns = TextColumns([.left, .right, .right, .right, .right, .right])
            columns.add(["limit", "", "runs that reach it", "5% by", "50% by", "95% by"])
            for reach in reaches {
                columns.add(
                    [reach.name, reach.value, "\(Figures.fixed(100 * reach.share, 0))%"] + reach.dates.map { $0 ?? "–" }
                )
            }
            text += "\n" + columns.text()
        }
        if !analysis.shares.isEmpty {
            text += "\nWhat makes the variance of the cost, all else left as it is\n"
            for share in analysis.shares { text += "  \(share.variant): \(Figures.fixed(100 * share.share, 1))%\n" }
        }
        return text
    }

    private var days: Int {
        (analysis.rows.lazy.filter { $0.measure == "cost.total" }.map { Int($0.at.nanoseconds / 86_400_000_000_000) }
            .max() ?? -1) + 1
    }

    /// Quantiles by month and over the whole horizon.
    private var lines: [[String]] {
        var lines: [[String]] = []
        for at in days(of: "cost.month") {
            let date = calendar.date(of: at)
            lines.append(["cost \(String("\(date)".prefix(7)))"] + cells("cost.month", day: at, Self.dollars))
        }
        lines.append(["cost, all \(days) days"] + cells("cost.horizon", day: 0, Self.dollars))
        let last = max(0, days - 1)
        let rate = { (value: Double) in String(format: "%.4g", value) }
        lines.append(["demand, first day (\(input.grid.step) mean)"] + cells("demand", day: 0, rate))
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

    private static func dollars(_ nano: Double) -> String { "$" + Figures.fixed(nano / 1e9, 2) }

    // MARK: - Limits

    var reaches: [Reach] {
        limits.map { limit in
            let rows = analysis.rows.filter { $0.measure == "limit.\(limit.name).reached" }
            let value: String =
                switch limit.measure {
                case .spending, .monthlySpending: Self.dollars(Double(limit.value))
                case .pool: "\(limit.value) machines"
                }
            let dates = [50.0, 500, 950].map { share in
                rows.first { $0.value >= share }.map {
                    "\(calendar.date(of: Int($0.at.nanoseconds / 86_400_000_000_000)))"
                }
            }
            return Reach(name: limit.name, value: value, share: (rows.last?.value ?? 0) / 1_000, dates: dates)
        }
    }

    // MARK: - JSON

    /// The report as one JSON object; the database has the same rows.
    var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            let document = Document(
                scenario: name, service: service, history: history, start: "\(calendar.date(of: 0))", days: days,
                runs: analysis.runs, lost: lost, methods: members,
                meanCost: analysis.totalMean.map { [$0.mean / 1e9, $0.low / 1e9, $0.high / 1e9] },
                quantiles: analysis.rows.filter { $0.permille > 0 }.map {
                    Document.Quantile(
                        measure: $0.measure, unit: $0.unit, day: Int($0.at.nanoseconds / 86_400_000_000_000),
                        permille: $0.permille, value: $0.value)
                },
                limits: reaches.map {
                    Document.Limit(
                        name: $0.name, value: $0.value, share: $0.share, p5: $0.dates[0], p50: $0.dates[1],
                        p95: $0.dates[2])
                },
                variance: analysis.shares.map { Document.Variance(source: $0.variant, share: $0.share) })
            return String(decoding: try encoder.encode(document), as: UTF8.self) + "\n"
        }
    }

    private struct Document: Encodable {
        struct Quantile: Encodable {
            let measure: String
            let unit: String
            let day: Int
            let permille: Int
            let value: Double
        }

        struct Limit: Encodable {
            let name: String
            let value: String
            let share: Double
            let p5: String?
            let p50: String?
            let p95: String?
        }

        struct Variance: Encodable {
            let source: String
            let share: Double
        }

        let scenario: String
        let service: String
        let history: String
        let start: String
        let days: Int
        let runs: Int
        let lost: Int
        let methods: [String]
        /// In dollars: the mean and the ends of its interval of 95 %.
        let meanCost: [Double]?
        let quantiles: [Quantile]
        let limits: [Limit]
        let variance: [Variance]
    }
}
