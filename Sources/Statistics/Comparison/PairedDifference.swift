import CGSL

/// The mean of differences between pairs, and how sure it is that it is not zero.
package struct PairedDifference: Hashable, Sendable {
    /// How many pairs there were.
    package let count: Int
    /// The mean difference, and the Student t interval that holds the true one at the level asked for.
    package let interval: MeanInterval
    /// The two-sided p-value of Student's t test: how likely a mean so far from zero is when there is no difference.
    package let pValue: Double
}

/// Returns the mean of paired differences with its interval at a confidence `level` and its p-value; nil for fewer than
/// two pairs.
///
/// Differences that are all the same give an interval without width, and p is 1 for zero. Of others, p is 0 where a
/// figure does not come out the same by chance; whole numbers may, and for `isCount` p says how likely that is at most.
package func pairedDifference(
    _ differences: [Double], level: Double = 0.95, isCount: Bool = false
) -> PairedDifference? {
    let summary = SampleSummary(differences)
    guard let interval = meanConfidenceInterval(summary, level: level), let error = summary.standardError else {
        return nil
    }
    // Sums of floating-point numbers leave a dust of variance where all are the same.
    let isConstant = summary.minimum == summary.maximum
    guard !isConstant, error > 0 else {
        let mean = summary.minimum
        return PairedDifference(
            count: summary.count, interval: MeanInterval(mean: mean, halfWidth: 0),
            pValue: mean == 0 ? 1 : isCount ? chanceOfEqualCounts(mean, summary.count) : 0)
    }
    let t = (summary.mean / error).magnitude
    let p = min(1, 2 * gsl_cdf_tdist_Q(t, Double(summary.count - 1)))
    return PairedDifference(count: summary.count, interval: interval, pValue: p)
}

/// How likely `count` equal differences of whole numbers are at most, as large as this or larger, when there is no
/// difference: by any law that is symmetric and falls away from zero.
///
/// The extremes among such laws are even from -m to m; of all m that counts by which it is likeliest.
private func chanceOfEqualCounts(_ difference: Double, _ count: Int) -> Double {
    // Means over several runs lie between whole numbers, of which the smaller one says less.
    let (size, n) = (max(1, difference.magnitude.rounded(.down)), Double(count))
    let best = (2 * n * (size - 1) + 1) / (2 * n - 2)
    return [best.rounded(.down), best.rounded(.up)].reduce(0) { likeliest, m in
        let reach = max(size, m)
        return max(likeliest, 2 * (reach - size + 1) / gsl_pow_int(2 * reach + 1, Int32(count)))
    }
}
