import Chronology
import RunDatabase

/// The limits and the parts of the variance of a forecast, as its rows tell them.
struct ForecastLimitRows {
    /// A limit and when it is reached.
    struct Limit {
        var name: String
        var value = 0.0
        var unit = "count"
        /// Thousandths of the runs that have reached it, by the beginning of the day.
        var shares: [Int64: Double] = [:]
        /// When so many thousandths of the runs have reached it, in nanoseconds since the start.
        var dates: [Int64: Double] = [:]
        /// The measure that its line belongs to.
        var measure = ""

        /// The share of the runs that reach it at all.
        var share: Double { shares.max { $0.key < $1.key }?.value ?? 0 }

        var valueText: String { MetricFigure.text(value, unit: unit, largest: value) }
    }

    /// In the order of writing.
    private(set) var limits: [Limit] = []
    /// Shares of the variance with the ends of their intervals, in thousandths.
    private(set) var variance: [(name: String, share: Double, low: Double?, high: Double?)] = []

    init(_ rows: [ForecastRow], parameters: [RunText]) {
        for row in rows {
            if row.measure.hasPrefix("limit.") { add(row) } else if row.measure.hasPrefix("variance.") { addShare(row) }
        }
        for place in limits.indices {
            let text = parameters.first { $0.name == "forecast.limit.\(limits[place].name)" }?.text ?? ""
            limits[place].measure = text.split(separator: " ").first.map(String.init) ?? ""
        }
    }

    private mutating func add(_ row: ForecastRow) {
        // A limit's name may have dots itself: "limit.pool.burst.reached".
        let parts = row.measure.split(separator: ".")
        guard parts.count > 2, let what = parts.last else { return }
        let name = parts.dropFirst().dropLast().joined(separator: ".")
        if limits.last?.name != name { limits.append(Limit(name: name)) }
        let place = limits.count - 1
        switch what {
        case "reached": limits[place].shares[row.at.nanoseconds] = row.value
        case "date": limits[place].dates[Int64(row.permille)] = row.value
        case "value": (limits[place].value, limits[place].unit) = (row.value, row.unit)
        default: return
        }
    }

    private mutating func addShare(_ row: ForecastRow) {
        let name = String(row.measure.dropFirst("variance.".count))
        guard !name.hasSuffix(".total") else { return }
        if variance.last?.name != name { variance.append((name, 0, nil, nil)) }
        let place = variance.count - 1
        switch row.permille {
        case 0: variance[place].share = row.value
        case 25: variance[place].low = row.value
        default: variance[place].high = row.value
        }
    }
}
