/// Sums over the origins of a back-test.
struct BackTestTally {
    private var folds = 0
    private var error = 0.0
    private var scaledError = 0.0
    private var pinball = 0.0
    private var inside = 0
    private var values = 0

    /// Adds a forecast and what came; NaN is left out.
    mutating func add(
        _ forecast: DemandForecast, _ actual: [Double], scale: Double, paths: Int, _ uniform: () -> Double
    ) {
        let shares = DemandForecast.shares
        let quantiles = SamplePaths.quantiles(forecast.paths(paths, uniform: uniform), shares)
        var (distance, loss, count) = (0.0, 0.0, 0)
        for (step, value) in actual.enumerated() where !value.isNaN {
            count += 1
            distance += abs(forecast.points[step] - value)
            for (row, share) in shares.enumerated() {
                loss += ForecastErrors.pinball(quantiles[row][step], share: share, actual: value) / Double(shares.count)
            }
            if let low = quantiles.first, let high = quantiles.last, value >= low[step], value <= high[step] {
                inside += 1
            }
        }
        guard count > 0 else { return }
        folds += 1
        values += count
        error += distance / Double(count)
        scaledError += distance / Double(count) / scale
        pinball += loss / Double(count) / scale
    }

    func row(_ name: String, isNaive: Bool) -> BackTest.Row? {
        guard folds > 0 else { return nil }
        let number = Double(folds)
        return BackTest.Row(
            name: name, isNaive: isNaive, meanAbsoluteError: error / number, scaledError: scaledError / number,
            pinball: pinball / number, coverage: Double(inside) / Double(values), folds: folds)
    }
}
