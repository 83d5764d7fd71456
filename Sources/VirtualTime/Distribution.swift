package import Chronology
import CGSL

/// How a random length of time is distributed; every parameter in seconds unless it says otherwise.
///
/// Call `problem` on a distribution that was read from a file before sampling from it.
package enum Distribution: Hashable, Sendable {
    /// Always the same length.
    case constant(Double)
    /// Equally likely between two bounds.
    case uniform(low: Double, high: Double)
    /// Memoryless, with the given mean.
    case exponential(mean: Double)
    /// Normal, given that it is not negative; the mean and deviation are those before the cut at zero.
    case normal(mean: Double, deviation: Double)
    /// The logarithm of the length in seconds is normal with the mean `mu` and the deviation `sigma`.
    case lognormal(mu: Double, sigma: Double)
    /// Survival exp(-(t / scale)^shape); a shape below 1 is infant mortality, above 1 is wear.
    case weibull(scale: Double, shape: Double)
    /// A hazard, per second, that starts at `hazard` and grows as exp(`growth` * t); `growth` is not negative.
    case gompertz(hazard: Double, growth: Double)
    /// The sum of `shape` exponential lengths of mean `scale`, for any positive shape.
    case gamma(shape: Double, scale: Double)
    /// Survival (minimum / t)^shape beyond the minimum; the mean is infinite up to shape 1.
    case pareto(minimum: Double, shape: Double)
    /// One of a table's values, as likely as its weight says.
    case empirical(EmpiricalTable)
}

// MARK: - Lognormal by what people know

extension Distribution {
    /// The factor from a standard normal's deviation to its 95th percentile.
    private static let p95OfNormal = 1.644_853_626_951_472_2

    /// Returns the lognormal distribution with a median and a 95th percentile; `p95` is not below `median`.
    package static func lognormal(median: Double, p95: Double) -> Distribution {
        .lognormal(mu: log(median), sigma: log(p95 / median) / p95OfNormal)
    }

    /// Returns the lognormal distribution with a median and the deviation of its logarithm.
    package static func lognormal(median: Double, sigma: Double) -> Distribution {
        .lognormal(mu: log(median), sigma: sigma)
    }

    /// Returns the lognormal distribution with a mean and the deviation of its logarithm.
    package static func lognormal(mean: Double, sigma: Double) -> Distribution {
        .lognormal(mu: log(mean) - sigma * sigma / 2, sigma: sigma)
    }
}

// MARK: - Sampling

extension Distribution {
    /// Returns a random length in whole nanoseconds, from 0 to `Limits.sampledDuration`.
    package func sample(_ stream: inout RandomStream) -> Duration {
        let limit = Limits.sampledDuration
        let seconds = sampleSeconds(&stream)
        precondition(!seconds.isNaN, "\(self) has parameters without a meaning")
        if seconds <= 0 { return .zero }
        if seconds >= limit.inSeconds { return limit }
        return Duration(nanoseconds: Int64((seconds * 1e9).rounded()))
    }

    private func sampleSeconds(_ stream: inout RandomStream) -> Double {
        switch self {
        case .constant(let value): value
        case .uniform(let low, let high): stream.withGSL { gsl_ran_flat($0, low, high) }
        case .exponential(let mean): stream.withGSL { gsl_ran_exponential($0, mean) }
        case .normal(let mean, let deviation):
            deviation == 0 ? mean : stream.withGSL { mean + gsl_ran_gaussian_tail($0, -mean, deviation) }
        case .lognormal(let mu, let sigma): stream.withGSL { gsl_ran_lognormal($0, mu, sigma) }
        case .weibull(let scale, let shape): stream.withGSL { gsl_ran_weibull($0, scale, shape) }
        case .gompertz(let hazard, let growth): stream.withGSL { Self.gompertz($0, hazard, growth) }
        case .gamma(let shape, let scale): stream.withGSL { gsl_ran_gamma($0, shape, scale) }
        case .pareto(let minimum, let shape): stream.withGSL { gsl_ran_pareto($0, shape, minimum) }
        case .empirical(let table): table.value(atShare: stream.uniform())
        }
    }

    /// Returns the time at which a hazard that grows from `hazard` has used up an exponential lifetime of mean 1.
    private static func gompertz(
        _ generator: UnsafeMutablePointer<gsl_rng>, _ hazard: Double, _ growth: Double
    ) -> Double {
        let lifetime = gsl_ran_exponential(generator, 1)
        return growth == 0 ? lifetime / hazard : gsl_log1p(growth / hazard * lifetime) / growth
    }
}

// MARK: - Mean

extension Distribution {
    /// The expected length in seconds; infinite where the distribution has none.
    package var mean: Double {
        switch self {
        case .constant(let value): value
        case .uniform(let low, let high): (low + high) / 2
        case .exponential(let mean): mean
        case .normal(let mean, let deviation):
            deviation == 0
                ? mean
                : mean + deviation * gsl_ran_ugaussian_pdf(mean / deviation) / gsl_cdf_ugaussian_P(mean / deviation)
        case .lognormal(let mu, let sigma): exp(mu + sigma * sigma / 2)
        case .weibull(let scale, let shape): scale * tgamma(1 + 1 / shape)
        case .gompertz(let hazard, let growth):
            growth == 0 ? 1 / hazard : gsl_sf_expint_E1_scaled(hazard / growth) / growth
        case .gamma(let shape, let scale): shape * scale
        case .pareto(let minimum, let shape): shape > 1 ? shape * minimum / (shape - 1) : .infinity
        case .empirical(let table): table.mean
        }
    }
}
