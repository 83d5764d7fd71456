import Foundation
import Statistics

/// A fitted parameter in the words of a scenario file.
struct FittedParameter {
    let name: String
    /// In seconds when it is a length.
    let value: Double
    let standardError: Double?
    let isLength: Bool

    /// Returns the parameters of a fit as `weibull: {scale, shape}` and the like have them.
    static func all(of fit: LifetimeFit) -> [FittedParameter] {
        fit.parameters.map { parameter in
            let (value, error) = (parameter.value, parameter.standardError)
            return switch parameter.name {
            case "mean", "scale":
                FittedParameter(name: parameter.name, value: value, standardError: error, isLength: true)
            // The error of a function of a parameter is that of the parameter times the function's slope.
            case "mu":
                FittedParameter(
                    name: "median", value: exp(value), standardError: error.map { $0 * exp(value) }, isLength: true)
            case "hazard":
                FittedParameter(
                    name: "initialMean", value: 1 / value, standardError: error.map { $0 / (value * value) },
                    isLength: true)
            case "growth":
                FittedParameter(
                    name: "doubling", value: log(2) / value,
                    standardError: error.map { $0 * log(2) / (value * value) }, isLength: true)
            case _: FittedParameter(name: parameter.name, value: value, standardError: error, isLength: false)
            }
        }
    }

    var text: String {
        if isLength, !value.isFinite { return "\(name) never" }
        if isLength { return "\(name) \(LengthText.text(value, plusOrMinus: standardError))" }
        return "\(name) \(LengthText.number(value))" + (standardError.map { " ± \(LengthText.number($0))" } ?? "")
    }
}

/// Lengths of time as people compare them: a decimal number of the unit that suits them.
enum LengthText {
    /// Returns such as `51.2 d`, or `51.2 ± 0.6 d`.
    static func text(_ seconds: Double, plusOrMinus error: Double? = nil) -> String {
        let (name, size): (String, Double) =
            switch seconds {
            case ..<1: ("ms", 0.001)
            case ..<120: ("s", 1)
            case ..<7_200: ("min", 60)
            case ..<172_800: ("h", 3_600)
            case _: ("d", 86_400)
            }
        let deviation = error.map { " ± \(number($0 / size))" } ?? ""
        return "\(number(seconds / size))\(deviation) \(name)"
    }

    /// Returns a number with three digits, or as many as it has before the point.
    static func number(_ value: Double) -> String {
        (100..<1e6).contains(value.magnitude) ? Figures.fixed(value, 0) : String(format: "%.3g", value)
    }
}
