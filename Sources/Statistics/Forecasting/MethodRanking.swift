import CGSL

/// The order of methods after a trial.
///
/// At each origin a method's error counts as a multiple of the middle one of all methods there, so that an hour of high
/// traffic does not decide alone, and the older an origin is the less it counts.
struct MethodRanking {
    /// Places in the list of methods, the best first; those without an error are left out.
    let order: [Int]
    /// Mean absolute errors over all origins; NaN for none.
    let errors: [Double]
    /// What they are ranked by.
    let scores: [Double]
    /// The errors in the trial alone, as multiples of the smallest.
    let ratios: [Double]

    /// The power to which the error one step ahead counts, beside that of the trial, and its most (a logarithm).
    private static let stepPower = 1.0
    private static let stepMax = 3.0

    init(
        _ trials: [MethodTrial], _ series: DemandSeries, _ origins: [Int],
        _ settings: DemandForecast.Settings
    ) {
        let byOrigin = origins.indices.map { place in
            trials.map { trial in
                ForecastErrors.meanAbsolute(
                    trial.inner.map { [$0.points[place]] } ?? [], series.values, origins: [origins[place]])
            }
        }
        var sums = trials.map { _ in 0.0 }
        var total = 0.0
        for (place, errors) in byOrigin.enumerated() {
            let sorted = errors.filter(\.isFinite).sorted()
            guard let middle = quantile(sorted: sorted, 0.5), middle > 0 else { continue }
            let weight = powerOfHalf(Double(origins.count - 1 - place) / settings.halfLife)
            total += weight
            for index in errors.indices { sums[index] += weight * errors[index] / middle }
        }
        let lowest = trials.map(\.now.information).min() ?? 0
        // Where all are right there is nothing to weigh.
        let isFlawless = total == 0
        let scores = trials.indices.map { index in
            // Half of the criterion over the number of errors is the logarithm of their usual size, parameters paid.
            let now = trials[index].now
            let excess = min((now.information - lowest) / 2 / Double(max(1, now.known)), Self.stepMax)
            let score = trials[index].method.handicap * exp(Self.stepPower * excess)
            return isFlawless ? score : max(sums[index] / total, 1e-9) * score
        }
        errors = trials.map {
            ForecastErrors.meanAbsolute($0.inner?.points ?? [], series.values, origins: origins)
        }
        self.scores = scores
        let best = sums.filter(\.isFinite).min() ?? 0
        ratios = sums.map { best > 0 ? $0 / best : 1 }
        let errors = errors
        order = trials.indices.filter { scores[$0].isFinite && errors[$0].isFinite }.sorted {
            (scores[$0], $0) < (scores[$1], $1)
        }
    }
}
