import KubernetesAPI

/// Warns of VerticalPodAutoscalers that cannot do what people expect of them.
struct VerticalCheck {
    let diagnostics: Diagnostics
    let statement: UsageStatement

    /// Looks at all of them.
    func check() {
        for loaded in statement.objects {
            guard case .verticalPodAutoscaler(let autoscaler) = loaded.object,
                VerticalPodAutoscaler.targetKinds.contains(autoscaler.targetKind), !autoscaler.targetName.isEmpty
            else { continue }
            checkTarget(of: autoscaler, loaded.place)
            if autoscaler.updateMode.appliesToNewPods { checkRivals(of: autoscaler, loaded.place) }
        }
    }

    private func checkTarget(of autoscaler: VerticalPodAutoscaler, _ place: SourcePlace) {
        let (kind, namespace, name) = (autoscaler.targetKind, autoscaler.metadata.namespace, autoscaler.targetName)
        guard statement.spec(of: kind, namespace: namespace, name: name) != nil else {
            let names = statement.objects.map(\.object).filter {
                $0.kind.name == kind && $0.metadata.namespace == namespace
            }.map(\.metadata.name)
            return warn(
                "the manifests have no \(kind) \(namespace)/\(name): nothing is recommended until there is one", place,
                nearest: NearestName.of(name, among: names))
        }
        if statement.isMissing(for: kind, namespace: namespace, name: name) {
            warn(
                "nothing says what the pods of \(namespace)/\(name) use: they are taken to use what the \(kind) requests, "
                    + "and what is recommended follows from that (workloads or services say more)", place)
        }
    }

    /// One scales the number of pods by a resource while the other changes what each of them asks for of it.
    private func checkRivals(of autoscaler: VerticalPodAutoscaler, _ place: SourcePlace) {
        let namespace = autoscaler.metadata.namespace
        guard
            let containers = statement.spec(
                of: autoscaler.targetKind, namespace: namespace, name: autoscaler.targetName)?.spec.containers
        else { return }
        for loaded in statement.objects {
            guard case .horizontalPodAutoscaler(let rival) = loaded.object, rival.metadata.namespace == namespace,
                rival.targetKind == autoscaler.targetKind, rival.targetName == autoscaler.targetName
            else { continue }
            for resource in [ResourceName.cpu, .memory] {
                let isScaledBy = rival.metrics.contains { $0.resource == resource }
                let isChanged = containers.contains { container in
                    autoscaler.policy(for: container.name)?.isOff != true
                        && autoscaler.controlledResources(of: container.name).contains(resource)
                }
                guard isScaledBy, isChanged else { continue }
                warn(
                    "the HorizontalPodAutoscaler \(rival.metadata.name) scales the same pods by their \(resource), and "
                        + "this object changes what they request of it: the two work against each other "
                        + "(controlledResources, or another metric, keeps them apart)", place)
            }
        }
    }

    private func warn(_ message: String, _ place: SourcePlace, nearest: String? = nil) {
        diagnostics.add(
            Diagnostic(
                .warning, file: place.file, position: place.position, path: "spec.targetRef", message: message,
                nearest: nearest))
    }
}
