import CGSL

/// The scale on which a model works.
package enum DemandTransform: Hashable, Sendable {
    case plain
    /// The logarithm of the value plus an offset (at least 0): what is added there is a factor here.
    case logarithm(offset: Double)

    /// Returns the logarithm that suits the values, or nil when one of them is below zero or none is above.
    package static func logarithm(of values: some Sequence<Double>) -> DemandTransform? {
        var least = Double.infinity
        var sum = 0.0
        var count = 0.0
        for value in values where !value.isNaN {
            guard value >= 0 else { return nil }
            least = min(least, value)
            sum += value
            count += 1
        }
        guard sum > 0 else { return nil }
        let mean = sum / count
        // Near zero a logarithm makes noise of nothing: values below a twentieth of the mean count as little apart.
        return .logarithm(offset: least > mean / 20 ? 0 : mean / 20)
    }

    func forward(_ value: Double) -> Double {
        switch self {
        case .plain: value
        case .logarithm(let offset): log(max(value + offset, .leastNormalMagnitude))
        }
    }

    /// Returns the logarithm of how many times nearer to each other values at `value` are on the scale.
    func shrinking(at value: Double) -> Double {
        switch self {
        case .plain: 0
        case .logarithm(let offset): log(max(value + offset, .leastNormalMagnitude))
        }
    }

    func backward(_ value: Double) -> Double {
        switch self {
        case .plain: value
        case .logarithm(let offset): max(0, exp(min(value, 700)) - offset)
        }
    }
}
