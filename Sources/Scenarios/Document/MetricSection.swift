import KubernetesAPI
import Simulation
import Workloads

/// A custom or external metric before the service is known that its figures come from.
struct MetricDraft {
    /// What its values are.
    enum Source {
        case curve(Curve)
        case service(String, CustomMetric.Figure)
    }

    /// The APIs that show metrics beside the resources of pods.
    enum MetricType: String, CaseIterable {
        case pods = "Pods"
        case object = "Object"
        case external = "External"
    }

    var name: String
    var namespace: String
    var subject: CustomMetric.Subject
    var source: Source
    var path: FieldPath
    var position: Position
}

/// Reads `metrics`: what autoscalers can ask for beside the processor and the memory of pods.
extension ScenarioReading {
    func metric(_ reader: FieldReader) -> MetricDraft? {
        let name = reader.requiredString("name")
        let namespace = reader.string("namespace") ?? "default"
        let type: MetricDraft.MetricType? = reader.requiredChoice("type")
        let subject = type.flatMap { self.subject($0, reader, namespace: namespace) }
        let source = self.source(reader)
        guard !name.isEmpty, let subject, let source else { return nil }
        return MetricDraft(
            name: name, namespace: namespace, subject: subject, source: source, path: reader.path,
            position: reader.position)
    }

    private func subject(
        _ type: MetricDraft.MetricType, _ reader: FieldReader, namespace: String
    ) -> CustomMetric.Subject? {
        switch type {
        case .pods: return .pods(reader.object("match") { workloadMatch($0) })
        case .external:
            return .external(reader.optionalStringMap("labels") ?? StringMap())
        case .object:
            reader.require("object", expected: "what the metric describes: a kind and a name")
            let found = reader.object("object") { (object: FieldReader) -> CustomMetric.Subject? in
                let (kind, name) = (object.requiredString("kind"), object.requiredString("name"))
                guard !kind.isEmpty, !name.isEmpty else { return nil }
                guard let known = ObjectKind(name: kind) else {
                    let names = ObjectKind.allCases.map(\.name)
                    object.error(
                        "kind", "there is no kind \"\(ManifestTree.shortened(kind))\"",
                        expected: "a kind of object such as Service", nearest: NearestName.of(kind, among: names))
                    return nil
                }
                return .object(ObjectKey(known, namespace: namespace, name: name))
            }
            return found ?? nil
        }
    }

    private func source(_ reader: FieldReader) -> MetricDraft.Source? {
        let curve = reader.read("value") { tree, path -> Curve? in
            switch usage(tree, of: .metric, path: path) {
            case .absolute(let curve)?: return curve
            case .permilleOfRequest?:
                wrong(tree, path: path, expected: UsedResource.metric.example)
                return nil
            case nil: return nil
            }
        }
        let service = reader.string("service")
        let figure: CustomMetric.Figure? = reader.choice("figure")
        guard reader.has("value") != reader.has("service") else {
            decoding.error(
                reader.has("value") ? "found value and service" : "nothing says what the metric's values are",
                path: reader.path, at: reader.position, expected: "exactly one of value, service")
            return nil
        }
        if let service { return .service(service, figure ?? .requestsPerSecond) }
        if reader.has("figure") { reader.error("figure", "a curve has no figures", expected: "service beside it") }
        return curve.map { .curve($0) }
    }
}
