import Chronology
import RunDatabase

/// When the runs of a forecast reach a limit, as a distribution over all of them.
package struct LimitReach: Sendable {
    package let limit: ForecastLimit
    /// Of the runs, those that have reached it at the end of each day.
    package let countByDay: [Int]
    package let runs: Int

    /// Quantiles of the date that are told.
    package static let quantiles = [50, 250, 500, 750, 950]

    init(_ limit: ForecastLimit, _ figures: [ForecastFigures], days: Int, isMonthStart: (Int) -> Bool) {
        self.limit = limit
        runs = figures.count
        let reached = figures.map { limit.day(in: $0, isMonthStart: isMonthStart) }
        countByDay = (0..<days).map { day in reached.count { $0.map { $0 <= day } ?? false } }
    }

    /// The share of the runs that reach it within the horizon.
    package var share: Double { Double(countByDay.last ?? 0) / Double(max(1, runs)) }

    /// Returns the day by which so many thousandths of all runs have reached it; nil when fewer ever do.
    package func day(_ permille: Int) -> Int? {
        countByDay.firstIndex { $0 > 0 && $0 * 1_000 >= permille * runs }
    }

    var rows: [ForecastRow] {
        var rows = countByDay.enumerated().map { day, count in
            ForecastRow(
                variant: 1, measure: "limit.\(limit.name).reached", unit: "permille", at: .days(Int64(day)),
                permille: 0, value: 1_000 * Double(count) / Double(max(1, runs)))
        }
        for permille in Self.quantiles {
            guard let day = day(permille) else { continue }
            rows.append(
                ForecastRow(
                    variant: 1, measure: "limit.\(limit.name).date", unit: "nanoseconds", at: .zero,
                    permille: permille, value: Double(Duration.days(Int64(day)).nanoseconds)))
        }
        rows.append(
            ForecastRow(
                variant: 1, measure: "limit.\(limit.name).value", unit: limit.unit, at: .zero, permille: 0,
                value: Double(limit.value)))
        return rows
    }
}
