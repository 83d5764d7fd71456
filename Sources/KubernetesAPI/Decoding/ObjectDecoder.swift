// Counterpart: the scheme of the API server: which kinds are served in which versions.

extension KubernetesObject {
    /// Makes an object of one document (not of a list), or records why not and returns nil.
    ///
    /// Defaults are filled in as the API server does on create. An object with errors may still be returned, so that
    /// further checks can find more; the caller asks the diagnostics whether any were found.
    package static func decode(_ tree: ManifestTree, context: DecodingContext) -> KubernetesObject? {
        guard let reader = FieldReader(tree, path: .root, context: context) else { return nil }
        let kind = reader.requiredString("kind")
        let apiVersion = reader.requiredString("apiVersion")
        guard !kind.isEmpty, !apiVersion.isEmpty else { return nil }
        guard let known = ObjectKind(name: kind), let versions = servedVersions(of: known) else {
            return decodeOther(reader, apiVersion: apiVersion, kind: kind)
        }
        guard versions.contains(apiVersion) else {
            // The same word in another group is another kind, such as Knative's Service.
            guard group(of: apiVersion) == group(of: versions[0]) || group(of: apiVersion) == "extensions" else {
                return decodeOther(reader, apiVersion: apiVersion, kind: kind)
            }
            reader.error(
                "apiVersion", "\(kind) is not served in version \(ManifestTree.shortened(apiVersion))",
                expected: versions.joined(separator: " or "))
            return nil
        }
        var metadata = reader.object("metadata") { ObjectMeta(reading: $0) } ?? ObjectMeta()
        if metadata.name.isEmpty, metadata.generateName.isEmpty {
            reader.error("metadata", "the object has no name", expected: "metadata.name")
        }
        if !known.isNamespaced {
            metadata.namespace = ""
        } else if metadata.namespace.isEmpty {
            metadata.namespace = "default"
        }
        let object = body(of: known, apiVersion: apiVersion, metadata: metadata, reader: reader)
        reader.finish()
        return object
    }

    /// The versions in which a kind is accepted, or nil for kinds that are never written in manifests.
    package static func servedVersions(of kind: ObjectKind) -> [String]? {
        switch kind {
        case .namespace, .node, .pod, .service, .persistentVolume, .persistentVolumeClaim, .resourceQuota,
            .limitRange, .replicationController, .endpoints:
            ["v1"]
        case .replicaSet, .deployment, .statefulSet, .daemonSet, .controllerRevision: ["apps/v1"]
        case .job, .cronJob: ["batch/v1"]
        case .podDisruptionBudget: ["policy/v1"]
        case .priorityClass: ["scheduling.k8s.io/v1"]
        case .storageClass, .csiNode: ["storage.k8s.io/v1"]
        case .horizontalPodAutoscaler: ["autoscaling/v2", "autoscaling/v1"]
        case .verticalPodAutoscaler: ["autoscaling.k8s.io/v1"]
        case .lease: ["coordination.k8s.io/v1"]
        case .endpointSlice: ["discovery.k8s.io/v1"]
        case .other: nil
        }
    }

    /// Returns the group of an apiVersion; empty for the core group.
    static func group(of apiVersion: String) -> Substring {
        guard let slash = apiVersion.firstIndex(of: "/") else { return "" }
        return apiVersion[..<slash]
    }

    private static func body(
        of kind: ObjectKind, apiVersion: String, metadata: ObjectMeta, reader: FieldReader
    ) -> KubernetesObject? {
        switch kind {
        case .namespace: .namespace(Namespace(reading: reader, metadata: metadata))
        case .node: .node(Node(reading: reader, metadata: metadata))
        case .pod: .pod(Pod(reading: reader, metadata: metadata))
        case .replicaSet: .replicaSet(ReplicaSet(reading: reader, metadata: metadata))
        case .deployment: .deployment(Deployment(reading: reader, metadata: metadata))
        case .statefulSet: .statefulSet(StatefulSet(reading: reader, metadata: metadata))
        case .daemonSet: .daemonSet(DaemonSet(reading: reader, metadata: metadata))
        case .job: .job(Job(reading: reader, metadata: metadata))
        case .cronJob: .cronJob(CronJob(reading: reader, metadata: metadata))
        case .service: .service(Service(reading: reader, metadata: metadata))
        case .podDisruptionBudget: .podDisruptionBudget(PodDisruptionBudget(reading: reader, metadata: metadata))
        case .priorityClass: .priorityClass(PriorityClass(reading: reader, metadata: metadata))
        case .persistentVolume: .persistentVolume(PersistentVolume(reading: reader, metadata: metadata))
        case .persistentVolumeClaim:
            .persistentVolumeClaim(PersistentVolumeClaim(reading: reader, metadata: metadata))
        case .storageClass: .storageClass(StorageClass(reading: reader, metadata: metadata))
        case .horizontalPodAutoscaler:
            .horizontalPodAutoscaler(
                HorizontalPodAutoscaler(reading: reader, metadata: metadata, isV1: apiVersion == "autoscaling/v1"))
        case .verticalPodAutoscaler:
            .verticalPodAutoscaler(VerticalPodAutoscaler(reading: reader, metadata: metadata))
        case .resourceQuota: .resourceQuota(ResourceQuota(reading: reader, metadata: metadata))
        case .limitRange: .limitRange(LimitRange(reading: reader, metadata: metadata))
        case .replicationController:
            .replicationController(ReplicationController(reading: reader, metadata: metadata))
        case .controllerRevision: .controllerRevision(ControllerRevision(reading: reader, metadata: metadata))
        case .lease: .lease(Lease(reading: reader, metadata: metadata))
        case .endpoints: .endpoints(Endpoints(reading: reader, metadata: metadata))
        case .endpointSlice: .endpointSlice(EndpointSlice(reading: reader, metadata: metadata))
        case .csiNode: .csiNode(CSINode(reading: reader, metadata: metadata))
        case .other: nil
        }
    }
}
