import Chronology
import KubernetesAPI
import Observations

/// What is known beside the object that is told of.
struct ExportContext {
    /// The machines of the run by name; the latest of each.
    var machines: [String: NodeRow] = [:]
}

/// A family whose samples are read from objects of one kind.
struct ObjectFamily<Object>: Sendable {
    let family: MetricFamily
    let target: @Sendable (Object) -> MetricTarget
    let samples: @Sendable (Object, ExportContext) -> [MetricSample]

    init(
        _ family: MetricFamily, target: @escaping @Sendable (Object) -> MetricTarget = { _ in .kubeStateMetrics },
        samples: @escaping @Sendable (Object, ExportContext) -> [MetricSample]
    ) {
        self.family = family
        self.target = target
        self.samples = samples
    }
}

// MARK: - Families of kube-state-metrics

extension ObjectFamily {
    /// A gauge with any number of samples for an object.
    static func gauge(
        _ name: String, _ help: String, _ samples: @escaping @Sendable (Object) -> [MetricSample]
    ) -> Self {
        ObjectFamily(MetricFamily(name, help: help)) { object, _ in samples(object) }
    }

    /// A gauge with one number for an object; none for nil.
    static func number(_ name: String, _ help: String, _ value: @escaping @Sendable (Object) -> Int64?) -> Self {
        gauge(name, help) { object in value(object).map { [MetricSample([], Double($0))] } ?? [] }
    }

    /// A gauge that is 1 for all objects, and tells of them in its labels.
    static func facts(
        _ name: String, _ help: String, _ labels: @escaping @Sendable (Object) -> [(String, String)]
    ) -> Self {
        gauge(name, help) { [MetricSample(labels($0))] }
    }

    /// A gauge with a time, as seconds since 1970; none for nil.
    static func time(_ name: String, _ help: String, _ value: @escaping @Sendable (Object) -> Instant?) -> Self {
        gauge(name, help) { object in value(object).map { [MetricSample(at: $0)] } ?? [] }
    }
}

extension ObjectMeta {
    /// One sample for each owner, or one that says that there is none.
    var ownerSamples: [MetricSample] {
        let names = ("owner_kind", "owner_name", "owner_is_controller")
        // Labels without a value are absent: one sample remains, without them.
        guard !ownerReferences.isEmpty else { return [MetricSample()] }
        return ownerReferences.map { owner in
            MetricSample([(names.0, owner.kind), (names.1, owner.name), (names.2, owner.controller ? "true" : "false")])
        }
    }

    /// The labels as kube-state-metrics writes them when it is told to write all.
    var labelPairs: [(String, String)] { labels.pairs.map { ("label_" + LabelText.name($0.key), $0.value) } }
}

extension Quantity {
    /// As a number; exact for all that is written in an object.
    var double: Double { Double(nanos) / 1e9 }
}
