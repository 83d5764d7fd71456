/// Measures of how far forecasts lay from what came.
package enum ForecastErrors {
    /// Returns the mean distance of forecasts from what came; NaN when nothing came.
    package static func meanAbsolute(_ points: [[Double]], _ values: [Double], origins: [Int]) -> Double {
        var sum = 0.0
        var count = 0.0
        for (row, origin) in zip(points, origins) {
            for step in 0..<min(row.count, values.count - origin) where !values[origin + step].isNaN {
                sum += abs(row[step] - values[origin + step])
                count += 1
            }
        }
        return count > 0 ? sum / count : .nan
    }

    /// Returns the pinball loss of a quantile: what lies above costs its share, what lies below the rest.
    package static func pinball(_ quantile: Double, share: Double, actual: Double) -> Double {
        actual >= quantile ? share * (actual - quantile) : (1 - share) * (quantile - actual)
    }
}
