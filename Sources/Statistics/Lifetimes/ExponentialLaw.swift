import CGSL

/// The law without memory: survival exp(-t / mean).
package struct ExponentialLaw: LifetimeLaw, Hashable {
    package let mean: Double

    /// Creates the law of a mean above zero.
    package init(mean: Double) { self.mean = mean }

    package func logDensity(_ length: Double) -> Double { -log(mean) - length / mean }

    package func logSurvival(_ length: Double) -> Double { -length / mean }

    package func quantile(_ share: Double) -> Double { -mean * log1p(-share) }

    /// The mean is the time watched for each end seen.
    static func fit(_ sample: LifetimeSample) -> LifetimeFit {
        let ends = Double(sample.ended.count)
        let mean = sample.total / ends
        return LifetimeFit(
            .exponential, ExponentialLaw(mean: mean),
            [LifetimeFit.Parameter(name: "mean", value: mean, standardError: mean / ends.squareRoot())], of: sample)
    }
}
