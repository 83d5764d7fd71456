import CGSL

/// The law whose logarithm is normal with the mean `mu` and the deviation `sigma`.
package struct LognormalLaw: LifetimeLaw, Hashable {
    package let mu: Double
    package let sigma: Double

    /// Creates the law; `sigma` is above zero.
    package init(mu: Double, sigma: Double) {
        self.mu = mu
        self.sigma = sigma
    }

    private func place(_ length: Double) -> Double { (log(length) - mu) / sigma }

    package func logDensity(_ length: Double) -> Double {
        let place = place(length)
        return -log(length * sigma) - 0.5 * (place * place + log(2 * Double.pi))
    }

    package func logSurvival(_ length: Double) -> Double { Self.logTail(place(length)) }

    package func quantile(_ share: Double) -> Double { exp(mu + sigma * gsl_cdf_ugaussian_Pinv(share)) }

    /// Below this many deviations the tail is all there is; GSL ends the process where a result underflows.
    private static let lowest = -30.0

    /// The logarithm of the share of a standard normal beyond `place`.
    private static func logTail(_ place: Double) -> Double {
        place < lowest ? 0 : gsl_sf_log_erfc(place / 2.0.squareRoot()) - log(2)
    }

    /// The density of a standard normal at `place` over the share beyond it.
    private static func tailHazard(_ place: Double) -> Double { place < lowest ? 0 : gsl_sf_hazard(place) }

    /// Mean and deviation of the logarithms (by n, not n - 1), unless something is censored.
    static func fit(_ sample: LifetimeSample) -> LifetimeFit {
        let logs = sample.ended.map { log($0) }
        let ends = Double(logs.count)
        let mean = logs.reduce(0, +) / ends
        let squares = logs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let deviation = (squares / ends).squareRoot()
        guard !sample.censored.isEmpty else {
            return fit(mean, deviation, (deviation / ends.squareRoot(), deviation / (2 * ends).squareRoot()), sample)
        }
        var climb = Climb(ended: logs, censored: sample.censored.map { log($0) })
        climb.start(mean: mean, deviation: deviation)
        climb.run()
        // By the chain rule from the parameters of the climb, 1 / sigma and mu / sigma.
        let (theta, gamma) = (climb.theta, climb.gamma)
        var errors: (Double?, Double?) = (nil, nil)
        if let covariance = climb.information.covariance {
            let slope = -gamma / (theta * theta)
            let variance =
                slope * slope * covariance.first + 2 * slope / theta * covariance.both
                + covariance.second / (theta * theta)
            errors = (variance.squareRoot(), covariance.first.squareRoot() / (theta * theta))
        }
        return fit(gamma / theta, 1 / theta, errors, sample)
    }

    private static func fit(
        _ mu: Double, _ sigma: Double, _ errors: (Double?, Double?), _ sample: LifetimeSample
    ) -> LifetimeFit {
        LifetimeFit(
            .lognormal, LognormalLaw(mu: mu, sigma: sigma),
            [
                LifetimeFit.Parameter(name: "mu", value: mu, standardError: errors.0),
                LifetimeFit.Parameter(name: "sigma", value: sigma, standardError: errors.1),
            ], of: sample)
    }

    /// Newton's way up the likelihood of a censored normal sample in theta = 1 / sigma and gamma = mu / sigma, in which
    /// it has a single peak (R. Olsen, "Note on the uniqueness of the maximum likelihood estimator", 1978).
    private struct Climb {
        let ended: [Double]
        let censored: [Double]
        private(set) var theta = 1.0
        private(set) var gamma = 0.0
        private(set) var information = Information(first: 0, both: 0, second: 0)
        private static let stepsMax = 200

        init(ended: [Double], censored: [Double]) {
            self.ended = ended
            self.censored = censored
        }

        mutating func start(mean: Double, deviation: Double) {
            // All ended alike would start at an infinite theta.
            let spread = max(deviation, 1e-3 * max(1, mean.magnitude))
            theta = 1 / spread
            gamma = mean / spread
        }

        private func height(_ theta: Double, _ gamma: Double) -> Double {
            guard theta > 0 else { return -.infinity }
            let squares = ended.reduce(0) { $0 + (theta * $1 - gamma) * (theta * $1 - gamma) }
            return Double(ended.count) * log(theta) - squares / 2
                + censored.reduce(0) { $0 + logTail(theta * $1 - gamma) }
        }

        mutating func run() {
            var best = height(theta, gamma)
            for _ in 0..<Self.stepsMax {
                let slope = slopes()
                guard let inverse = information.covariance else { return }
                let step = (
                    theta: inverse.first * slope.theta + inverse.both * slope.gamma,
                    gamma: inverse.both * slope.theta + inverse.second * slope.gamma
                )
                var share = 1.0
                var next = height(theta + step.theta, gamma + step.gamma)
                while !(next >= best), share > 1e-9 {
                    share /= 2
                    next = height(theta + share * step.theta, gamma + share * step.gamma)
                }
                guard next >= best else { return }
                theta += share * step.theta
                gamma += share * step.gamma
                best = next
                if abs(step.theta) <= 1e-12 * theta, abs(step.gamma) <= 1e-12 * max(1, gamma.magnitude) { break }
            }
            _ = slopes()
        }

        /// Returns the first derivatives, and keeps the second ones with their signs turned.
        private mutating func slopes() -> (theta: Double, gamma: Double) {
            var slope = (theta: Double(ended.count) / theta, gamma: 0.0)
            var sum = Information(first: Double(ended.count) / (theta * theta), both: 0, second: 0)
            for log in ended {
                let place = theta * log - gamma
                slope.theta -= place * log
                slope.gamma += place
                sum.first += log * log
                sum.both -= log
                sum.second += 1
            }
            for log in censored {
                let place = theta * log - gamma
                let hazard = tailHazard(place)
                let curve = hazard * (hazard - place)
                slope.theta -= hazard * log
                slope.gamma += hazard
                sum.first += curve * log * log
                sum.both -= curve * log
                sum.second += curve
            }
            information = sum
            return slope
        }
    }
}
