/// A law of lifetimes: how likely each length is.
///
/// One file per family in this folder, each with its maximum likelihood. Lengths are above zero.
package protocol LifetimeLaw: Sendable {
    /// The natural logarithm of the density at a length.
    func logDensity(_ length: Double) -> Double
    /// The natural logarithm of the share that lives longer.
    func logSurvival(_ length: Double) -> Double
    /// Returns the length that the `share` (above 0, below 1) does not outlive.
    func quantile(_ share: Double) -> Double
}

extension LifetimeLaw {
    /// Returns the logarithm of how likely a sample is: densities of what ended, survival of what did not.
    package func logLikelihood(of sample: LifetimeSample) -> Double {
        sample.ended.reduce(0) { $0 + logDensity($1) } + sample.censored.reduce(0) { $0 + logSurvival($1) }
    }
}

/// The families of laws that are fitted, the simplest first.
package enum LifetimeFamily: String, Hashable, Sendable, CaseIterable {
    case exponential, weibull, lognormal, gompertz

    /// Returns the likeliest law of the family; the sample must be without a problem.
    package func fit(_ sample: LifetimeSample) -> LifetimeFit {
        precondition(sample.problem == nil, "no law can be fitted: \(String(describing: sample.problem))")
        return switch self {
        case .exponential: ExponentialLaw.fit(sample)
        case .weibull: WeibullLaw.fit(sample)
        case .lognormal: LognormalLaw.fit(sample)
        case .gompertz: GompertzLaw.fit(sample)
        }
    }
}

/// The likeliest law of a family, and how well its parameters are known.
package struct LifetimeFit: Sendable {
    /// A parameter with its standard error.
    package struct Parameter: Hashable, Sendable {
        /// As the law calls it.
        package let name: String
        package let value: Double
        /// From the observed information; nil where the likelihood is greatest at a bound.
        package let standardError: Double?
    }

    package let family: LifetimeFamily
    package let law: any LifetimeLaw
    package let parameters: [Parameter]
    package let logLikelihood: Double

    init(_ family: LifetimeFamily, _ law: some LifetimeLaw, _ parameters: [Parameter], of sample: LifetimeSample) {
        self.family = family
        self.law = law
        self.parameters = parameters
        logLikelihood = law.logLikelihood(of: sample)
    }

    /// Akaike's information criterion: the lower, the better, with a price for each parameter.
    package var aic: Double { 2 * Double(parameters.count) - 2 * logLikelihood }

    /// Returns the value of the parameter called `name`.
    package func value(_ name: String) -> Double? { parameters.first { $0.name == name }?.value }

    /// Returns the fit with the lowest criterion; of equals the first.
    package static func best(of fits: [LifetimeFit]) -> LifetimeFit? {
        fits.reduce(nil) { best, fit in best.map { fit.aic < $0.aic ? fit : $0 } ?? fit }
    }
}

/// The inverse of a symmetric two by two matrix, for the errors of two parameters.
struct Information {
    var first: Double
    var both: Double
    var second: Double

    private var determinant: Double { first * second - both * both }

    /// Variances and covariance; nil when the matrix is not positive definite.
    var covariance: (first: Double, both: Double, second: Double)? {
        guard first > 0, determinant > 0, determinant.isFinite else { return nil }
        return (second / determinant, -both / determinant, first / determinant)
    }

    /// The standard errors of both parameters, as far as they are known.
    var errors: (first: Double?, second: Double?) {
        guard let covariance else { return (nil, nil) }
        return (covariance.first.squareRoot(), covariance.second.squareRoot())
    }
}
