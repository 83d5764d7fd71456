import Chronology
import RunDatabase

// What a forecast says beside, or in place of, a comparison.
extension ExperimentSummary {
    /// The quantiles that are shown, in thousandths.
    static let quantiles: [Int64] = [50, 250, 500, 750, 950]

    /// The quantiles of a measure, by nanoseconds since the start.
    struct Fan {
        var variant: Int
        var measure: String
        var unit: String
        var points: [Int64: [Int64: Double]] = [:]

        /// What is never anything else than zero tells nothing.
        var largest: Double { points.values.flatMap(\.values).map(\.magnitude).max() ?? 0 }
    }

    /// A fan for each measure of each variant, in the order of writing.
    var fans: [Fan] {
        var fans: [Fan] = []
        for row in forecast where !row.isSummary {
            if fans.last?.variant != row.variant || fans.last?.measure != row.measure {
                fans.append(Fan(variant: row.variant, measure: row.measure, unit: row.unit))
            }
            fans[fans.count - 1].points[row.at.nanoseconds, default: [:]][Int64(row.permille)] = row.value
        }
        return fans
    }

    /// Limits and parts of the variance.
    var limitRows: ForecastLimitRows { ForecastLimitRows(forecast, parameters: parameters) }

    func day(_ at: Int64) -> String { String(clock.text(of: Instant(nanoseconds: at)).prefix(10)) }

    /// A share in thousandths of the variance, as people read it.
    static func varianceText(_ permille: Double) -> String { "\(permille.rounded() / 10) %" }

    static func varianceTitle(_ name: String) -> String { name == "together" ? "together, and left open" : name }

    // MARK: - Text

    /// Tables of what is forecast; empty where nothing is.
    var forecastTables: [String] { [quantileTable, limitTable, varianceTable] }

    private var quantileTable: String {
        let fans = fans.filter { $0.largest > 0 }
        guard !fans.isEmpty else { return "" }
        var cells = [["measure", "from"] + Self.quantiles.map { "P\($0 / 10)" }]
        for fan in fans {
            // Months are few and each is a sum of its own; of days the last one tells where things go.
            let times = fan.points.keys.sorted()
            for at in fan.measure.hasSuffix(".month") ? times[...] : times.suffix(1) {
                let figures = Self.quantiles.map { quantile in
                    fan.points[at]?[quantile].map { MetricFigure.text($0, unit: fan.unit, largest: fan.largest) } ?? "-"
                }
                cells.append([fan.measure + (fan.variant > 1 ? " (\(fan.variant))" : ""), day(at)] + figures)
            }
        }
        return "Quantiles over the runs (of days: the last)\n" + Self.aligned(cells, left: [0])
    }

    private var limitTable: String {
        let limits = limitRows.limits
        guard !limits.isEmpty else { return "" }
        var cells = [["limit", "at", "runs that reach it"] + Self.quantiles.map { "P\($0 / 10)" }]
        for limit in limits {
            cells.append(
                [limit.name, limit.valueText, ReportUnit.percent.text(limit.share / 10, largest: 100)]
                    + Self.quantiles.map { limit.dates[$0].map { day(Int64($0)) } ?? "never" })
        }
        return "The dates by which limits are reached\n" + Self.aligned(cells, left: [0])
    }

    private var varianceTable: String {
        let shares = limitRows.variance
        guard !shares.isEmpty else { return "" }
        var cells = [["", "share", "95 % interval"]]
        for share in shares {
            let ends = share.low.flatMap { low in
                share.high.map { "\(Self.varianceText(low)) to \(Self.varianceText($0))" }
            }
            cells.append([Self.varianceTitle(share.name), Self.varianceText(share.share), ends ?? "-"])
        }
        return "Where the variance of the cost comes from\n" + Self.aligned(cells, left: [0])
    }

    // MARK: - Tables

    /// The forecast as a table, a row for each figure.
    var forecastTable: ReportTable {
        let columns = ["variant", "measure", "unit", "at_ns", "quantile_permille", "value"]
        let rows: [[SQLValue]] = forecast.map { row in
            [
                .integer(Int64(row.variant)), .text(row.measure), .text(row.unit), .integer(row.at.nanoseconds),
                .integer(Int64(row.permille)), .real(row.value),
            ]
        }
        return ReportTable(columns: columns, units: columns.map { _ in nil }, rows: rows)
    }
}
