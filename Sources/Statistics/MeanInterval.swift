import CGSL

/// A mean with the interval that holds the true mean in a given share of repetitions.
package struct MeanInterval: Hashable, Sendable {
    /// The mean of the sample.
    package let mean: Double
    /// Half of the interval's width.
    package let halfWidth: Double

    /// The lower end of the interval.
    package var low: Double { mean - halfWidth }
    /// The upper end of the interval.
    package var high: Double { mean + halfWidth }
}

/// Returns the Student t interval of a mean at a confidence `level` between 0 and 1; nil for fewer than two numbers.
///
/// The numbers must be independent of each other, as replications are and successive samples of one run are not.
package func meanConfidenceInterval(_ summary: SampleSummary, level: Double = 0.95) -> MeanInterval? {
    precondition(level > 0 && level < 1, "a confidence level is between 0 and 1")
    guard let error = summary.standardError else { return nil }
    let t = gsl_cdf_tdist_Qinv((1 - level) / 2, Double(summary.count - 1))
    return MeanInterval(mean: summary.mean, halfWidth: t * error)
}
