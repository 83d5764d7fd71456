import CGSL

/// Returns the value below which the share `p` (0...1) of an ascending sample lies; nil when the sample is empty.
///
/// Interpolates between neighbours as R's type 7 and NumPy's default do.
package func quantile(sorted sample: [Double], _ p: Double) -> Double? {
    precondition((0...1).contains(p), "a quantile's share is between 0 and 1")
    guard !sample.isEmpty else { return nil }
    return gsl_stats_quantile_from_sorted_data(sample, 1, sample.count, p)
}

/// Returns the least of the ascending values up to which the share `p` (0...1) of the weight lies.
///
/// The weights are not negative; a weight may be a time, as in "the level below which it was for 95 % of the month".
/// Nothing is interpolated. Nil when there is no weight at all.
package func weightedQuantile(sorted values: [Double], weights: [Double], _ p: Double) -> Double? {
    precondition((0...1).contains(p), "a quantile's share is between 0 and 1")
    precondition(values.count == weights.count, "each value has one weight")
    precondition(weights.allSatisfy { $0 >= 0 }, "a weight is not negative")
    let total = weights.reduce(0, +)
    guard total > 0 else { return nil }
    var sum = 0.0
    var last: Double?
    for (value, weight) in zip(values, weights) where weight > 0 {
        sum += weight
        last = value
        if sum >= p * total { return value }
    }
    return last
}
