import KubernetesAPI

/// Warns of what manifests ask for and nobody carries out; the words come from the fidelity table.
struct FidelityCheck {
    let diagnostics: Diagnostics

    /// Looks at all objects of a run.
    func check(_ objects: [LoadedObject]) {
        for loaded in objects {
            report(.kind(loaded.object.kind), subject: loaded.object.kind.name, at: loaded.place)
            if case .statefulSet(let set) = loaded.object, Self.hasMaxUnavailable(set.spec) {
                report(.statefulMaxUnavailable, subject: "maxUnavailable", at: loaded.place)
            }
            if let spec = Self.podSpec(of: loaded.object), Self.restartsAllContainers(spec) {
                report(.restartAllContainers, subject: "RestartAllContainers", at: loaded.place)
            }
        }
    }

    private func report(_ trigger: Fidelity.Trigger, subject: String, at place: SourcePlace) {
        guard let absent = Fidelity.absent(trigger) else { return }
        diagnostics.addFolded(
            Diagnostic(
                diagnostics.isStrict ? .error : .warning, file: place.file, position: place.position,
                message: "\(subject): not modelled yet; \(absent.meaning)"),
            pattern: "fidelity \(absent.field)")
    }

    private static func restartsAllContainers(_ spec: PodSpec) -> Bool {
        (spec.initContainers + spec.containers).contains { container in
            container.restartPolicyRules.contains { $0.action == .restartAllContainers }
        }
    }

    private static func hasMaxUnavailable(_ set: StatefulSet.Spec) -> Bool {
        guard case .rollingUpdate(_, let unavailable?) = set.updateStrategy else { return false }
        return unavailable != .number(1)
    }

    /// Returns the pods that an object asks for, when some controller makes them.
    static func podSpec(of object: KubernetesObject) -> PodSpec? {
        switch object {
        case .pod(let pod): pod.spec
        case .replicaSet(let owner): owner.spec.template.spec
        case .deployment(let owner): owner.spec.template.spec
        case .statefulSet(let owner): owner.spec.template.spec
        case .job(let owner): owner.spec.template.spec
        case .cronJob(let owner): owner.spec.jobTemplate.template.spec
        case .daemonSet(let owner): owner.spec.template.spec
        case .replicationController(let owner): owner.spec.template.spec
        case .namespace, .node, .service, .podDisruptionBudget, .priorityClass,
            .persistentVolume, .persistentVolumeClaim, .storageClass, .horizontalPodAutoscaler, .verticalPodAutoscaler,
            .resourceQuota,
            .limitRange, .controllerRevision, .lease, .endpoints, .endpointSlice, .csiNode, .other:
            nil
        }
    }
}
