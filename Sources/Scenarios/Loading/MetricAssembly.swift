import KubernetesAPI
import Simulation
import Workloads

/// Completes the metrics of a scenario, and looks whether autoscalers ask for any that nobody has.
struct MetricAssembly {
    let context: DecodingContext
    let diagnostics: Diagnostics

    /// Returns the metrics; a service that is named and not under traffic is recorded.
    func metrics(_ drafts: [MetricDraft], services: [ServiceSpec]) -> [CustomMetric] {
        let titles = services.map(\.title)
        return drafts.compactMap { draft in
            let source: CustomMetric.Source
            switch draft.source {
            case .curve(let curve): source = .curve(curve)
            case .service(let name, let figure):
                let title = name.contains("/") ? name : "\(draft.namespace)/\(name)"
                guard let place = titles.firstIndex(of: title) else {
                    context.error(
                        "there is no service \"\(ManifestTree.shortened(name))\" under traffic",
                        path: draft.path.field("service"), at: draft.position,
                        expected: titles.isEmpty ? "an entry of services" : "one of \(titles.joined(separator: ", "))",
                        nearest: NearestName.of(title, among: titles))
                    return nil
                }
                source = .service(place, figure)
            }
            return CustomMetric(
                name: draft.name, namespace: draft.namespace, subject: draft.subject, source: source)
        }
    }

    /// Warns of metrics that autoscalers will not find.
    func check(_ objects: [LoadedObject], in setup: WorldSetup) {
        for loaded in objects {
            guard case .horizontalPodAutoscaler(let autoscaler) = loaded.object else { continue }
            checkTarget(of: autoscaler, loaded.place, objects)
            for metric in autoscaler.metrics {
                if metric.name != nil, !isServed(metric, of: autoscaler, setup.metrics) {
                    warn(
                        "no entry of metrics is the \(metric.type) metric \"\(metric.name ?? "")\" of "
                            + "\(autoscaler.metadata.namespace)/\(autoscaler.metadata.name): it cannot be read, and "
                            + "replicas do not go down", loaded.place)
                }
                if metric.resource != nil { checkUsage(of: autoscaler, loaded.place, objects, setup) }
            }
        }
    }

    /// Warns of an autoscaler whose workload is not there: it changes nothing, and the run looks as if it had no need to.
    private func checkTarget(
        of autoscaler: HorizontalPodAutoscaler, _ place: SourcePlace, _ objects: [LoadedObject]
    ) {
        let (kind, namespace, name) = (autoscaler.targetKind, autoscaler.metadata.namespace, autoscaler.targetName)
        // What strangers bring along can be scaled too; of that nothing is known.
        guard Self.scaledKinds.contains(kind), !name.isEmpty else { return }
        let alike = objects.map(\.object).filter { $0.kind.name == kind }.map(\.metadata)
        if alike.contains(where: { $0.namespace == namespace && $0.name == name }) { return }
        let elsewhere = alike.first { $0.name == name }
        diagnostics.add(
            Diagnostic(
                .warning, file: place.file, position: place.position, path: "spec.scaleTargetRef",
                message: "the manifests have no \(kind) \(namespace)/\(name): nothing is scaled until there is one",
                expected: elsewhere.map { "namespace: \($0.namespace), where there is one of this name" },
                nearest: NearestName.of(name, among: alike.filter { $0.namespace == namespace }.map(\.name))))
    }

    private static let scaledKinds = ["Deployment", "ReplicaSet", "StatefulSet", "ReplicationController"]

    private func isServed(
        _ metric: HorizontalPodAutoscaler.Metric, of autoscaler: HorizontalPodAutoscaler, _ known: [CustomMetric]
    ) -> Bool {
        known.contains { candidate in
            guard candidate.name == metric.name, candidate.namespace == autoscaler.metadata.namespace else {
                return false
            }
            return switch candidate.subject {
            case .pods: metric.type == "Pods"
            case .object(let key):
                metric.type == "Object" && key.kind.name == metric.objectKind && key.name == metric.objectName
            case .external(let labels): metric.type == "External" && metric.selector?.matches(labels) ?? true
            }
        }
    }

    /// Warns when nothing says what the pods use: they are taken to use what they request, whatever their number is.
    private func checkUsage(
        of autoscaler: HorizontalPodAutoscaler, _ place: SourcePlace, _ objects: [LoadedObject], _ setup: WorldSetup
    ) {
        let (namespace, name) = (autoscaler.metadata.namespace, autoscaler.targetName)
        let statement = UsageStatement(objects: objects, setup: setup)
        guard statement.isMissing(for: autoscaler.targetKind, namespace: namespace, name: name) else { return }
        warn(
            "nothing says what the pods of \(namespace)/\(name) use: they are taken to use what they request, however "
                + "many there are (workloads or services say more)", place)
    }

    private func warn(_ message: String, _ place: SourcePlace) {
        diagnostics.add(Diagnostic(.warning, file: place.file, position: place.position, message: message))
    }
}
