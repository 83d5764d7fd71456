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
/// Differences that are all the same leave no doubt: the interval has no width, and p is 1 for zero and 0 for others.
package func pairedDifference(_ differences: [Double], level: Double = 0.95) -> PairedDifference? {
    let summary = SampleSummary(differences)
    guard let interval = meanConfidenceInterval(summary, level: level), let error = summary.standardError else {
        return nil
    }
    // Sums of floating-point numbers leave a dust of variance where all are the same.
    let isConstant = summary.minimum == summary.maximum
    guard !isConstant, error > 0 else {
        let mean = summary.minimum
        return PairedDifference(
            count: summary.count, interval: MeanInterval(mean: mean, halfWidth: 0), pValue: mean == 0 ? 1 : 0)
    }
    let t = (summary.mean / error).magnitude
    let p = min(1, 2 * gsl_cdf_tdist_Q(t, Double(summary.count - 1)))
    return PairedDifference(count: summary.count, interval: interval, pValue: p)
}
