import KubernetesAPI
import Workloads

/// Completes services under traffic: finds those that they call, and the Kubernetes Services that stand before them.
struct ServiceAssembly {
    let drafts: [ServiceDraft]
    let context: DecodingContext

    /// Returns the services; what is named and nobody has is recorded.
    func services(_ objects: [KubernetesObject]) -> [ServiceSpec] {
        let titles = drafts.map(\.spec.title)
        var services: [ServiceSpec] = []
        for (index, draft) in drafts.enumerated() {
            if titles[..<index].contains(draft.spec.title) {
                error("the service \(draft.spec.title) occurs twice", draft.path, draft.position)
            }
            if draft.spec.backing == .service { checkService(draft, objects) }
            var spec = draft.spec
            for call in draft.calls {
                let title = call.callee.contains("/") ? call.callee : "\(spec.namespace)/\(call.callee)"
                guard let callee = titles.firstIndex(of: title) else {
                    error(
                        "there is no service \"\(ManifestTree.shortened(call.callee))\" under traffic", call.path,
                        call.position, expected: "one of \(titles.joined(separator: ", "))",
                        nearest: NearestName.of(title, among: titles))
                    continue
                }
                spec.calls.append(
                    ServiceSpec.Call(callee: callee, perRequest: call.perRequest, payload: call.payload))
            }
            services.append(spec)
        }
        if let circle = ServiceGraph.circle(services.map { $0.calls.map(\.callee) }) {
            let names = circle.map { titles[$0] }.joined(separator: " → ")
            let draft = drafts[circle[0]]
            error(
                "services call each other in a circle: \(names)", draft.path.field("calls"), draft.position,
                expected: "calls that end somewhere")
        }
        return services
    }

    private func checkService(_ draft: ServiceDraft, _ objects: [KubernetesObject]) {
        let names = objects.filter { $0.kind == .service && $0.metadata.namespace == draft.spec.namespace }
            .map(\.metadata.name)
        for case .service(let service) in objects
        where service.metadata.name == draft.spec.name && service.metadata.namespace == draft.spec.namespace {
            if service.selector.isEmpty {
                error(
                    "the Service \(draft.spec.title) selects no pods", draft.path.field("name"), draft.position,
                    expected: "a Service with a selector, or match")
            }
            return
        }
        error(
            "the manifests hold no Service \(draft.spec.title)", draft.path.field("name"), draft.position,
            expected: "the name of a Service, or match for the workload whose pods serve",
            nearest: NearestName.of(draft.spec.name, among: names))
    }

    private func error(
        _ message: String, _ path: FieldPath, _ position: Position, expected: String? = nil, nearest: String? = nil
    ) {
        context.error(message, path: path, at: position, expected: expected, nearest: nearest)
    }
}
