import Chronology
import KubernetesAPI
import VirtualTime
import Workloads

/// Reads how long something takes: a length of time, or a distribution of lengths.
extension ScenarioReading {
    static let distributionNames = [
        "constant", "uniform", "exponential", "normal", "lognormal", "weibull", "gompertz", "gamma", "pareto",
        "empirical",
    ]
    private static let distributionExample =
        "a length of time such as 30s, or one of "
        + distributionNames.map { "{\($0): …}" }.joined(separator: ", ")

    /// Returns a distribution; `others` are keys beside the distribution's own that the caller reads.
    func distribution(_ tree: ManifestTree, path: FieldPath, beside others: [String] = []) -> Distribution? {
        guard let entries = tree.entries else {
            guard tree.string != nil || tree.summary == "the number 0" else {
                wrong(tree, path: path, expected: Self.distributionExample)
                return nil
            }
            return duration(tree, path: path).map { .constant($0.inSeconds) }
        }
        let own = entries.filter { !others.contains($0.key) }
        guard own.count == 1, let entry = own.first else {
            let found = own.isEmpty ? "no distribution" : own.map(\.key).joined(separator: " and ")
            error(
                "found \(found)", path: path, at: tree,
                expected: "exactly one of \(Self.distributionNames.joined(separator: ", "))")
            return nil
        }
        let place = path.field(entry.key)
        guard Self.distributionNames.contains(entry.key) else {
            decoding.error(
                "unknown distribution", path: place, at: entry.keyPosition,
                expected: "one of \(Self.distributionNames.joined(separator: ", "))",
                nearest: NearestName.of(entry.key, among: Self.distributionNames + others))
            return nil
        }
        if entry.key == "constant" { return duration(entry.value, path: place).map { .constant($0.inSeconds) } }
        let before = decoding.diagnostics.errorCount
        guard let reader = FieldReader(entry.value, path: place, context: decoding) else { return nil }
        let result = parameters(of: entry.key, reader)
        reader.finish()
        guard let result, decoding.diagnostics.errorCount == before else { return nil }
        if let problem = result.problem {
            error(problem, path: place, at: entry.value)
            return nil
        }
        return result
    }

    /// Returns a length that may be `never`.
    func length(_ tree: ManifestTree, path: FieldPath) -> Behavior.Length? {
        if tree.string == "never" { return .never }
        return distribution(tree, path: path).map { .after($0) }
    }

    // MARK: - Parameters

    private func parameters(of name: String, _ reader: FieldReader) -> Distribution? {
        switch name {
        case "uniform":
            guard let low = seconds("low", reader), let high = seconds("high", reader) else { return nil }
            return .uniform(low: low, high: high)
        case "exponential": return seconds("mean", reader).map { .exponential(mean: $0) }
        case "normal":
            guard let mean = seconds("mean", reader), let deviation = seconds("deviation", reader) else { return nil }
            return .normal(mean: mean, deviation: deviation)
        case "lognormal": return lognormal(reader)
        case "weibull":
            guard let scale = seconds("scale", reader), let shape = number("shape", reader) else { return nil }
            return .weibull(scale: scale, shape: shape)
        case "gompertz":
            // A hazard per second tells nobody anything: its inverse at the start and its doubling time do.
            guard let mean = seconds("initialMean", reader), let doubling = seconds("doubling", reader) else {
                return nil
            }
            guard mean > 0, doubling > 0 else {
                reader.error("initialMean", "the mean and the doubling time must be above zero")
                return nil
            }
            return .gompertz(hazard: 1 / mean, growth: 0.693_147_180_559_945_3 / doubling)
        case "gamma":
            guard let scale = seconds("scale", reader), let shape = number("shape", reader) else { return nil }
            return .gamma(shape: shape, scale: scale)
        case "pareto":
            guard let minimum = seconds("minimum", reader), let shape = number("shape", reader) else { return nil }
            return .pareto(minimum: minimum, shape: shape)
        default: return empirical(reader)
        }
    }

    private func lognormal(_ reader: FieldReader) -> Distribution? {
        if reader.has("mean") {
            guard let mean = seconds("mean", reader), let sigma = number("sigma", reader) else { return nil }
            if mean > 0 { return .lognormal(mean: mean, sigma: sigma) }
            reader.error("mean", "the mean must be above zero")
            return nil
        }
        guard let median = seconds("median", reader) else {
            _ = (reader.value("p95"), reader.value("sigma"))
            return nil
        }
        guard median > 0 else {
            reader.error("median", "the median must be above zero")
            _ = (reader.value("p95"), reader.value("sigma"))
            return nil
        }
        if reader.has("sigma") { return number("sigma", reader).map { .lognormal(median: median, sigma: $0) } }
        guard let p95 = seconds("p95", reader) else { return nil }
        guard p95 >= median else {
            reader.error("p95", "the 95th percentile is below the median")
            return nil
        }
        return .lognormal(median: median, p95: p95)
    }

    private func empirical(_ reader: FieldReader) -> Distribution? {
        reader.require("values", expected: "a list of lengths of time")
        var values: [Double] = []
        for (index, element) in reader.elements("values").enumerated() {
            let place = reader.path.field("values").index(index)
            if let value = duration(element, path: place) { values.append(value.inSeconds) }
        }
        var weights = [Double](repeating: 1, count: values.count)
        if reader.has("weights") {
            weights = []
            for (index, element) in reader.elements("weights").enumerated() {
                let place = reader.path.field("weights").index(index)
                if let weight = number(element, path: place) { weights.append(weight) }
            }
            if weights.count != values.count {
                reader.error("weights", "\(values.count) values have \(weights.count) weights")
                return nil
            }
        }
        guard let table = EmpiricalTable(values: values, weights: weights) else {
            reader.error("values", "at least one value with a weight above zero is required")
            return nil
        }
        return .empirical(table)
    }

    /// Returns a required length in seconds.
    private func seconds(_ name: String, _ reader: FieldReader) -> Double? {
        reader.require(name, expected: Self.durationExample)
        return reader.read(name) { duration($0, path: $1) }?.inSeconds
    }

    /// Returns a required plain number.
    private func number(_ name: String, _ reader: FieldReader) -> Double? {
        reader.require(name, expected: "a number")
        return reader.read(name) { number($0, path: $1) }
    }

    private func number(_ tree: ManifestTree, path: FieldPath) -> Double? {
        switch tree.value {
        case .scalar(.integer(let text)), .scalar(.float(let text)):
            if let number = Double(text), number.isFinite { return number }
        case .scalar(.string), .scalar(.bool), .mapping, .sequence, .null: break
        }
        wrong(tree, path: path, expected: "a number")
        return nil
    }
}
