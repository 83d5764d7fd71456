import CGSL

/// The law whose hazard is a power of age: survival exp(-(t / scale)^shape).
package struct WeibullLaw: LifetimeLaw, Hashable {
    package let scale: Double
    package let shape: Double

    /// Creates the law; both parameters are above zero.
    package init(scale: Double, shape: Double) {
        self.scale = scale
        self.shape = shape
    }

    package func logDensity(_ length: Double) -> Double {
        let place = log(length / scale)
        return log(shape / scale) + (shape - 1) * place - exp(shape * place)
    }

    package func logSurvival(_ length: Double) -> Double { -exp(shape * log(length / scale)) }

    package func quantile(_ share: Double) -> Double { scale * pow(-log1p(-share), 1 / shape) }

    /// The shape is where the derivative of the likelihood, greatest over the scale, is zero; it falls all the way.
    static func fit(_ sample: LifetimeSample) -> LifetimeFit {
        let ends = Double(sample.ended.count)
        let longest = log(sample.longest)
        // Logarithms less the greatest, so that no power overflows.
        let endedLogs = sample.ended.map { log($0) - longest }
        let logs = endedLogs + sample.censored.map { log($0) - longest }
        let meanLog = endedLogs.reduce(0, +) / ends
        func score(_ shape: Double) -> Double {
            var (sum, weighted) = (0.0, 0.0)
            for place in logs {
                let power = exp(shape * place)
                sum += power
                weighted += power * place
            }
            return weighted / sum - 1 / shape - meanLog
        }
        let shape = rootOfIncreasing(near: 1, score)
        let power = logs.reduce(0) { $0 + exp(shape * $1) } / ends
        let scale = exp(longest + log(power) / shape)

        var (first, second) = (0.0, 0.0)
        for place in logs {
            let distance = place + longest - log(scale)
            let power = exp(shape * distance)
            first += power * distance
            second += power * distance * distance
        }
        let ratio = shape / scale
        let errors = Information(
            first: ends * ratio * ratio, both: -ratio * first, second: ends / (shape * shape) + second
        ).errors
        return LifetimeFit(
            .weibull, WeibullLaw(scale: scale, shape: shape),
            [
                LifetimeFit.Parameter(name: "scale", value: scale, standardError: errors.first),
                LifetimeFit.Parameter(name: "shape", value: shape, standardError: errors.second),
            ], of: sample)
    }
}
