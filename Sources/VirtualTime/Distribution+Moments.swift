import CGSL

// MARK: - Variance

extension Distribution {
    /// The variance of the length in seconds squared; infinite where the distribution has none.
    ///
    /// In closed form, but for the Gompertz law with a growing hazard, whose quantiles are averaged.
    package var variance: Double {
        switch self {
        case .constant: 0
        case .uniform(let low, let high): (high - low) * (high - low) / 12
        case .exponential(let mean): mean * mean
        case .normal(let mean, let deviation): Self.cutNormalVariance(mean, deviation)
        case .lognormal(let mu, let sigma): expm1(sigma * sigma) * exp(2 * mu + sigma * sigma)
        case .weibull(let scale, let shape):
            scale * scale * (tgamma(1 + 2 / shape) - tgamma(1 + 1 / shape) * tgamma(1 + 1 / shape))
        case .gompertz(let hazard, let growth): Self.gompertzVariance(hazard, growth)
        case .gamma(let shape, let scale): shape * scale * scale
        case .pareto(let minimum, let shape):
            shape > 2 ? minimum * minimum * shape / ((shape - 1) * (shape - 1) * (shape - 2)) : .infinity
        case .empirical(let table): table.variance
        }
    }

    /// The variance of a normal law of which what lies below zero is cut off.
    private static func cutNormalVariance(_ mean: Double, _ deviation: Double) -> Double {
        guard deviation > 0 else { return 0 }
        let place = mean / deviation
        let ratio = gsl_ran_ugaussian_pdf(place) / gsl_cdf_ugaussian_P(place)
        return deviation * deviation * (1 - place * ratio - ratio * ratio)
    }

    private static func gompertzVariance(_ hazard: Double, _ growth: Double) -> Double {
        guard growth > 0 else { return 1 / (hazard * hazard) }
        let count = 4_096
        var (sum, squares) = (0.0, 0.0)
        for step in 0..<count {
            let survival = (Double(step) + 0.5) / Double(count)
            let length = gsl_log1p(-growth / hazard * log(survival)) / growth
            sum += length
            squares += length * length
        }
        let mean = sum / Double(count)
        return squares / Double(count) - mean * mean
    }
}

extension EmpiricalTable {
    /// The weighted variance in seconds squared.
    var variance: Double {
        let mean = mean
        var (sum, before) = (0.0, 0.0)
        for (value, weight) in zip(values, cumulativeWeights) {
            sum += (value - mean) * (value - mean) * (weight - before)
            before = weight
        }
        return before > 0 ? sum / before : 0
    }
}
