import KubernetesAPI

/// Warns of what manifests ask for and nobody carries out; the words come from the fidelity table.
struct FidelityCheck {
    let diagnostics: Diagnostics

    /// Looks at all objects of a run.
    func check(_ objects: [LoadedObject]) {
        for loaded in objects {
            report(.kind(loaded.object.kind), subject: loaded.object.kind.name, at: loaded.place)
            if case .job(let job) = loaded.object, Self.hasPolicies(job.spec) {
                report(
                    .jobPolicies, subject: "podFailurePolicy, successPolicy or backoffLimitPerIndex", at: loaded.place)
            }
            guard let spec = Self.podSpec(of: loaded.object) else { continue }
            if !spec.topologySpreadConstraints.isEmpty {
                report(.spreadConstraints, subject: "topologySpreadConstraints", at: loaded.place)
            }
            if spec.affinity?.podAffinity != nil || spec.affinity?.podAntiAffinity != nil {
                report(.podAffinity, subject: "podAffinity and podAntiAffinity", at: loaded.place)
            }
            if spec.volumes.contains(where: Self.isClaim) {
                report(.volumeClaims, subject: "persistent volume claims", at: loaded.place)
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

    private static func hasPolicies(_ job: Job.Spec) -> Bool {
        !job.podFailurePolicy.isEmpty || !job.successPolicy.isEmpty || job.backoffLimitPerIndex != nil
    }

    private static func isClaim(_ volume: Volume) -> Bool {
        switch volume.source {
        case .persistentVolumeClaim, .ephemeral: true
        case .hostPath, .emptyDir, .gcePersistentDisk, .awsElasticBlockStore, .azureDisk, .cinder, .rbd, .iscsi, .csi,
            .other:
            false
        }
    }

    /// Returns the pods that an object asks for, when some controller makes them.
    static func podSpec(of object: KubernetesObject) -> PodSpec? {
        switch object {
        case .pod(let pod): pod.spec
        case .replicaSet(let owner): owner.spec.template.spec
        case .deployment(let owner): owner.spec.template.spec
        case .job(let owner): owner.spec.template.spec
        case .daemonSet(let owner): owner.spec.template.spec
        case .replicationController(let owner): owner.spec.template.spec
        case .namespace, .node, .statefulSet, .cronJob, .service, .podDisruptionBudget, .priorityClass,
            .persistentVolume, .persistentVolumeClaim, .storageClass, .horizontalPodAutoscaler, .resourceQuota,
            .limitRange, .controllerRevision, .lease, .endpoints, .csiNode, .other:
            nil
        }
    }
}
