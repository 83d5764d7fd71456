import Chronology
import Costs
import KubernetesAPI
import Simulation

/// Reads `assert`.
extension ScenarioReading {
    private static let comparisons: [(field: String, comparison: Assertion.Comparison)] = [
        ("atMost", .atMost), ("atLeast", .atLeast), ("equals", .equal), ("below", .less), ("above", .greater),
    ]

    /// Returns the bounds of one entry: a metric may have several, such as `atLeast` and `atMost`.
    func assertions(_ reader: FieldReader, services: [String]) -> [Assertion] {
        let name = reader.requiredString("metric")
        let metrics = ScenarioMetric.all + ScenarioMetric.of(services: services)
        let metric = metrics.first { $0.name == name }
        let names = metrics.map(\.name)
        if metric == nil, !name.isEmpty {
            reader.error(
                "metric", "there is no metric \"\(ManifestTree.shortened(name))\"",
                expected: "one of \(names.joined(separator: ", "))", nearest: NearestName.of(name, among: names))
        }
        let fields = Self.comparisons.map(\.field)
        if !fields.contains(where: reader.has) {
            decoding.error(
                "the metric has no bound", path: reader.path, at: reader.position,
                expected: "one of \(fields.joined(separator: ", "))")
        }
        var assertions: [Assertion] = []
        for (field, comparison) in Self.comparisons {
            guard let tree = reader.value(field), let metric,
                let bound = bound(tree, of: metric, path: reader.path.field(field))
            else { continue }
            assertions.append(
                Assertion(
                    metric: name, comparison: comparison, bound: bound, text: Self.plainText(tree) ?? String(bound)))
        }
        return assertions
    }

    private func bound(_ tree: ManifestTree, of metric: ScenarioMetric, path: FieldPath) -> Int64? {
        switch metric.unit {
        case .count: whole(tree, path: path, from: 0)
        case .money: money(tree, path: path)?.amount
        case .duration: duration(tree, path: path)?.nanoseconds
        }
    }
}
