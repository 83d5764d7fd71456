import CGSL

/// The two ends between which a bootstrap puts the true mean.
package struct BootstrapInterval: Hashable, Sendable {
    package let low: Double
    package let high: Double
}

/// Returns the bias-corrected and accelerated bootstrap interval of a mean (Efron 1987); nil for fewer than two
/// numbers.
///
/// `pick` returns a place below its argument, each equally likely; it is called `resamples` times for each number.
package func bootstrapInterval(
    _ sample: [Double], level: Double = 0.95, resamples: Int = 2_000, pick: (Int) -> Int
) -> BootstrapInterval? {
    precondition(level > 0 && level < 1, "a confidence level is between 0 and 1")
    precondition(resamples > 0, "there is at least one resample")
    guard sample.count >= 2, let first = sample.first else { return nil }
    guard sample.contains(where: { $0 != first }) else { return BootstrapInterval(low: first, high: first) }
    let size = Double(sample.count)
    let mean = sample.reduce(0, +) / size
    var means: [Double] = []
    means.reserveCapacity(resamples)
    for _ in 0..<resamples {
        var sum = 0.0
        for _ in sample.indices { sum += sample[pick(sample.count)] }
        means.append(sum / size)
    }
    means.sort()
    // Ties count half, as in small samples of few values they are common.
    let below = Double(means.count { $0 < mean }) + Double(means.count { $0 == mean }) / 2
    let share = min(max(below / Double(resamples), 0.5 / Double(resamples)), 1 - 0.5 / Double(resamples))
    let bias = gsl_cdf_ugaussian_Pinv(share)
    let acceleration = acceleration(of: sample, mean: mean)
    func end(_ tail: Double) -> Double? {
        let shifted = bias + gsl_cdf_ugaussian_Pinv(tail)
        let share = gsl_cdf_ugaussian_P(bias + shifted / (1 - acceleration * shifted))
        return quantile(sorted: means, min(max(share, 0), 1))
    }
    guard let low = end((1 - level) / 2), let high = end((1 + level) / 2) else { return nil }
    return BootstrapInterval(low: low, high: high)
}

/// How fast the spread of the mean changes with it: a sixth of the skewness of the sample, by the jackknife.
private func acceleration(of sample: [Double], mean: Double) -> Double {
    var squares = 0.0
    var cubes = 0.0
    for value in sample {
        // Without a value the mean moves against the value's distance from it.
        let distance = value - mean
        squares += distance * distance
        cubes += distance * distance * distance
    }
    let power = squares * squares.squareRoot()
    return power > 0 ? cubes / (6 * power) : 0
}
