import CGSL

/// The law whose hazard grows exponentially with age: `hazard` * exp(`growth` * t).
package struct GompertzLaw: LifetimeLaw, Hashable {
    package let hazard: Double
    package let growth: Double

    /// Creates the law; the hazard is above zero and the growth at least zero.
    package init(hazard: Double, growth: Double) {
        self.hazard = hazard
        self.growth = growth
    }

    package func logDensity(_ length: Double) -> Double { log(hazard) + growth * length + logSurvival(length) }

    package func logSurvival(_ length: Double) -> Double {
        growth == 0 ? -hazard * length : -hazard / growth * expm1(growth * length)
    }

    package func quantile(_ share: Double) -> Double {
        let used = -log1p(-share) / hazard
        return growth == 0 ? used : log1p(growth * used) / growth
    }

    /// The most that the logarithm of the hazard may grow within a sample; with more, no number holds the first hazard.
    private static let growthMax = 500.0

    /// The growth is where the derivative of the likelihood, greatest over the hazard, is zero; where the hazard does not
    /// grow it is zero itself, and the law is exponential.
    static func fit(_ sample: LifetimeSample) -> LifetimeFit {
        let ends = Double(sample.ended.count)
        let lengths = sample.ended + sample.censored
        let longest = sample.longest
        let mean = sample.ended.reduce(0, +) / ends
        /// The sum over all lengths of the integral of s^power exp(growth (s - longest)) from 0 to the length.
        func sum(_ power: Int, _ growth: Double) -> Double {
            lengths.reduce(0) { $0 + Self.integral(power, growth, to: $1, scaledBy: longest) }
        }
        func score(_ growth: Double) -> Double { sum(1, growth) / sum(0, growth) - mean }

        guard score(0) < 0 else {
            let hazard = ends / sample.total
            return fit(hazard, 0, (hazard / ends.squareRoot(), nil), sample)
        }
        let bound = Self.growthMax / longest
        let isBounded = score(bound) < 0
        let growth = isBounded ? bound : rootOfIncreasing(near: 1 / longest, score)
        let lift = exp(growth * longest)
        let hazard = ends / (sum(0, growth) * lift)
        // In the logarithm of the hazard, where nothing overflows.
        let errors = Information(
            first: ends, both: ends * sum(1, growth) / sum(0, growth), second: ends * sum(2, growth) / sum(0, growth)
        ).errors
        return fit(
            hazard, growth, isBounded ? (nil, nil) : (errors.first.map { $0 * hazard }, errors.second), sample)
    }

    private static func fit(
        _ hazard: Double, _ growth: Double, _ errors: (Double?, Double?), _ sample: LifetimeSample
    ) -> LifetimeFit {
        LifetimeFit(
            .gompertz, GompertzLaw(hazard: hazard, growth: growth),
            [
                LifetimeFit.Parameter(name: "hazard", value: hazard, standardError: errors.0),
                LifetimeFit.Parameter(name: "growth", value: growth, standardError: errors.1),
            ], of: sample)
    }

    /// The integral of s^power exp(growth (s - scale)) from 0 to `length`, for a power of 0, 1 or 2.
    private static func integral(_ power: Int, _ growth: Double, to length: Double, scaledBy scale: Double) -> Double {
        let x = growth * length
        let factor: Double
        if x < 0.1 {
            // The series, where the closed form loses its digits: x^k / (k! (k + power + 1)).
            var (term, sum) = (1.0, 0.0)
            for place in 0..<12 {
                sum += term / Double(place + power + 1)
                term *= x / Double(place + 1)
            }
            factor = sum * exp(-growth * scale)
        } else {
            let top = exp(growth * (length - scale))
            let bottom = exp(-growth * scale)
            switch power {
            case 0: factor = (top - bottom) / x
            case 1: factor = (x * top - top + bottom) / (x * x)
            case _: factor = (x * x * top - 2 * x * top + 2 * top - 2 * bottom) / (x * x * x)
            }
        }
        return factor * pow(length, Double(power + 1))
    }
}
