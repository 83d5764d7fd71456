/// A regularly sampled series with what is known of its seasons and holidays.
package struct DemandSeries: Sendable {
    /// One value for each step; NaN where it is missing.
    package let values: [Double]
    /// Lengths of the seasons in steps, ascending, each at least 2.
    package let seasons: [Int]
    /// For each step from the first on, beyond the last value too, the number of the holiday it lies in; nil for none.
    package let holidays: [Int?]

    /// Creates a series; seasons shorter than two steps are left out.
    package init(values: [Double], seasons: [Int] = [], holidays: [Int?] = []) {
        self.values = values
        self.seasons = Set(seasons.filter { $0 >= 2 }).sorted()
        self.holidays = holidays
    }

    /// The number of steps, those without a value included.
    package var count: Int { values.count }
    /// The number of steps without a value.
    package var missing: Int { values.count { $0.isNaN } }

    /// Whether no value is below zero; then no forecast is, either.
    package var isPositive: Bool { values.allSatisfy { !($0 < 0) } }

    /// Returns the first `count` steps; the holidays behind them stay known.
    package func first(_ count: Int) -> DemandSeries {
        DemandSeries(values: Array(values[..<count]), seasons: seasons, holidays: holidays)
    }

    /// Returns the holiday of a step, or nil.
    func holiday(at step: Int) -> Int? { holidays.indices.contains(step) ? holidays[step] : nil }

    /// Returns the mean distance from the value one shortest season before (one step without a season): what MASE is
    /// measured in. Nil when there are no two such values, or all are equal.
    package func naiveScale(first count: Int) -> Double? {
        for lag in [seasons.first ?? 1, 1] where lag < count {
            var sum = 0.0
            var pairs = 0
            for step in lag..<count {
                let distance = abs(values[step] - values[step - lag])
                if !distance.isNaN { (sum, pairs) = (sum + distance, pairs + 1) }
            }
            if pairs > 0, sum > 0 { return sum / Double(pairs) }
        }
        return nil
    }
}
