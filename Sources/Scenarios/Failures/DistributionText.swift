import Chronology
import Foundation
package import VirtualTime

/// Distributions as a scenario file has them.
package enum DistributionText {
    /// Returns the flow mapping, such as `{weibull: {scale: 100h, shape: 0.7}}`, with six digits of each parameter; nil
    /// when a length is nothing or centuries, which no file can say.
    package static func text(_ distribution: Distribution, beside more: String = "") -> String? {
        let own: String? =
            switch distribution {
            case .constant(let value): text("constant", value)
            case .uniform(let low, let high): mapping("uniform", [("low", length(low)), ("high", length(high))])
            case .exponential(let mean): mapping("exponential", [("mean", length(mean))])
            case .normal(let mean, let deviation):
                mapping("normal", [("mean", length(mean)), ("deviation", length(deviation))])
            case .lognormal(let mu, let sigma):
                mapping("lognormal", [("median", length(exp(mu))), ("sigma", number(sigma))])
            case .weibull(let scale, let shape):
                mapping("weibull", [("scale", length(scale)), ("shape", number(shape))])
            case .gompertz(let hazard, let growth):
                mapping("gompertz", [("initialMean", length(1 / hazard)), ("doubling", length(log(2) / growth))])
            case .gamma(let shape, let scale):
                mapping("gamma", [("shape", number(shape)), ("scale", length(scale))])
            case .pareto(let minimum, let shape):
                mapping("pareto", [("minimum", length(minimum)), ("shape", number(shape))])
            case .empirical(let table):
                mapping(
                    "empirical",
                    [
                        ("values", list(table.values.map(length))),
                        (
                            "weights",
                            list(zip(table.cumulativeWeights, [0] + table.cumulativeWeights).map { number($0 - $1) })
                        ),
                    ])
            }
        return own.map { "{\($0)\(more.isEmpty ? "" : ", \(more)")}" }
    }

    private static func text(_ name: String, _ value: Double) -> String? { length(value).map { "\(name): \($0)" } }

    private static func mapping(_ name: String, _ parameters: [(name: String, text: String?)]) -> String? {
        var parts: [String] = []
        for parameter in parameters {
            guard let text = parameter.text else { return nil }
            parts.append("\(parameter.name): \(text)")
        }
        return "\(name): {\(parts.joined(separator: ", "))}"
    }

    private static func list(_ texts: [String?]) -> String? {
        let known = texts.compactMap { $0 }
        return known.count == texts.count ? "[\(known.joined(separator: ", "))]" : nil
    }

    /// A length of time in seconds, to six digits.
    static func length(_ seconds: Double) -> String? {
        guard seconds.isFinite, seconds >= 0 else { return nil }
        if seconds == 0 { return "0s" }
        let step = max(1e-9, pow(10, floor(log10(seconds)) - 5))
        let nanoseconds = ((seconds / step).rounded() * step * 1e9).rounded()
        guard nanoseconds >= 1, nanoseconds < 9.2e18 else { return nil }
        return "\(Duration(nanoseconds: Int64(nanoseconds)))"
    }

    private static func number(_ value: Double) -> String? {
        value.isFinite ? String(format: "%.6g", value) : nil
    }
}
