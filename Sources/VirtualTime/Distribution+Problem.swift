extension Distribution {
    /// What is wrong with the parameters, as a sentence fragment; nil when the distribution can be sampled.
    package var problem: String? {
        switch self {
        case .constant(let value): Self.notNegative(value, "the value")
        case .uniform(let low, let high):
            Self.notNegative(low, "the lower bound") ?? Self.notNegative(high, "the upper bound")
                ?? (low <= high ? nil : "the lower bound is above the upper bound")
        case .exponential(let mean): Self.positive(mean, "the mean")
        case .normal(let mean, let deviation):
            Self.notNegative(mean, "the mean") ?? Self.notNegative(deviation, "the deviation")
        case .lognormal(let mu, let sigma):
            (mu.isFinite ? nil : "mu (or the median) is not a positive finite number")
                ?? Self.notNegative(sigma, "sigma (or what p95 gives for it)")
        case .weibull(let scale, let shape): Self.positive(scale, "the scale") ?? Self.positive(shape, "the shape")
        case .gompertz(let hazard, let growth):
            Self.positive(hazard, "the hazard") ?? Self.notNegative(growth, "the growth")
        case .gamma(let shape, let scale): Self.positive(shape, "the shape") ?? Self.positive(scale, "the scale")
        case .pareto(let minimum, let shape):
            Self.positive(minimum, "the minimum") ?? Self.positive(shape, "the shape")
        case .empirical: nil
        }
    }

    private static func positive(_ value: Double, _ name: String) -> String? {
        value.isFinite && value > 0 ? nil : "\(name) must be a finite number above zero, not \(value)"
    }

    private static func notNegative(_ value: Double, _ name: String) -> String? {
        value.isFinite && value >= 0 ? nil : "\(name) must be a finite number of at least zero, not \(value)"
    }
}
