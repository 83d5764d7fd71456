import Chronology
package import ControlPlane
package import KubernetesAPI

/// One more pod of a workload, with the claims that would be made for it.
package struct WorkloadSample {
    /// Such as `deployment/web`, or a file.
    package let name: String
    package let pod: Pod
    /// Claims of a StatefulSet, made anew for each pod.
    package let claims: [PersistentVolumeClaim]

    /// Creates a sample of a pod that stands by itself, which would come into `view`.
    package init(name: String, pod: Pod, in view: any ClusterView) {
        self.name = name
        self.pod = PlacementTrial.peaceful(Self.filled(pod, in: view))
        claims = []
    }

    /// Kinds with pods of which there can be more, by the names that kubectl takes.
    package static let kinds: [(name: String, kind: ObjectKind)] = [
        ("deployment", .deployment), ("statefulset", .statefulSet), ("replicaset", .replicaSet),
        ("replicationcontroller", .replicationController), ("job", .job),
    ]

    /// Creates a sample of a workload in `view`; nil when `object` has no pods of which there can be more.
    package init?(_ object: KubernetesObject, in view: any ClusterView) {
        guard let template = Self.template(of: object),
            let word = Self.kinds.first(where: { $0.kind == object.kind })?.name
        else { return nil }
        let metadata = object.metadata
        name = "\(word)/\(metadata.name)"
        let owners =
            object.kind == .deployment
            ? view.replicaSets(controlledBy: metadata.uid).map(\.metadata.uid) : [metadata.uid]
        // A pod that is there has been through admission; of several revisions the newest counts.
        let known = owners.flatMap { view.pods(controlledBy: $0) }.last { $0.isActive }
        var pod = Pod(
            metadata: ObjectMeta(name: metadata.name, namespace: metadata.namespace, labels: template.labels),
            specBox: template.specBox)
        pod.metadata.annotations = template.annotations
        if let known {
            // The claims of a StatefulSet's replica give way to those of the sample.
            pod.specBox = known.specBox
            pod.metadata.labels = known.metadata.labels
            for label in Self.labelsOfOne { pod.metadata.labels[label] = nil }
            pod.metadata.ownerReferences = known.metadata.ownerReferences
        }
        self.pod = PlacementTrial.peaceful(Self.filled(pod, in: view))
        claims = Self.claims(of: object)
    }

    /// Labels that tell one pod of a workload from the others.
    private static let labelsOfOne = [
        "apps.kubernetes.io/pod-index", "statefulset.kubernetes.io/pod-name",
        "batch.kubernetes.io/job-completion-index",
    ]

    /// What the limit ranges of its namespace make of a pod that leaves requests open.
    private static func filled(_ pod: Pod, in view: any ClusterView) -> Pod {
        let namespace = pod.metadata.namespaceOrDefault
        var spec = pod.spec
        for case .limitRange(let range) in view.objects(of: .limitRange, namespace: namespace) {
            for item in range.items { item.fill(&spec) }
        }
        var filled = pod
        filled.spec = spec
        return filled
    }

    private static func claims(of object: KubernetesObject) -> [PersistentVolumeClaim] {
        guard case .statefulSet(let set) = object else { return [] }
        return set.spec.volumeClaimTemplates
    }

    private static func template(of object: KubernetesObject) -> PodTemplateSpec? {
        switch object {
        case .deployment(let owner): owner.spec.template
        case .replicaSet(let owner): owner.spec.template
        case .statefulSet(let owner): owner.spec.template
        case .replicationController(let owner): owner.spec.template
        case .job(let owner): owner.spec.template
        case .pod, .namespace, .node, .daemonSet, .cronJob, .service, .podDisruptionBudget, .priorityClass,
            .persistentVolume, .persistentVolumeClaim, .storageClass, .horizontalPodAutoscaler, .verticalPodAutoscaler,
            .resourceQuota,
            .limitRange, .controllerRevision, .lease, .endpoints, .endpointSlice, .csiNode, .other:
            nil
        }
    }
}
