/// The kinds of object that the simulated API server stores and somebody acts on.
///
/// Kinds that are accepted but not modelled are `other`; their name is in the object.
@frozen
@usableFromInline
package enum ObjectKind: UInt8, Hashable, Sendable, CaseIterable {
    case namespace, node, pod, replicaSet, deployment, statefulSet, daemonSet, job, cronJob
    case service, podDisruptionBudget, priorityClass, persistentVolume, persistentVolumeClaim
    case storageClass, horizontalPodAutoscaler, resourceQuota, limitRange, replicationController
    case controllerRevision, lease, endpoints, csiNode, endpointSlice
    case other
    // Behind `other`: raw values are part of the digests of runs.
    case verticalPodAutoscaler

    /// The name as it stands in a manifest's `kind`.
    package var name: String {
        switch self {
        case .namespace: "Namespace"
        case .node: "Node"
        case .pod: "Pod"
        case .replicaSet: "ReplicaSet"
        case .deployment: "Deployment"
        case .statefulSet: "StatefulSet"
        case .daemonSet: "DaemonSet"
        case .job: "Job"
        case .cronJob: "CronJob"
        case .service: "Service"
        case .podDisruptionBudget: "PodDisruptionBudget"
        case .priorityClass: "PriorityClass"
        case .persistentVolume: "PersistentVolume"
        case .persistentVolumeClaim: "PersistentVolumeClaim"
        case .storageClass: "StorageClass"
        case .horizontalPodAutoscaler: "HorizontalPodAutoscaler"
        case .resourceQuota: "ResourceQuota"
        case .limitRange: "LimitRange"
        case .replicationController: "ReplicationController"
        case .controllerRevision: "ControllerRevision"
        case .lease: "Lease"
        case .endpoints: "Endpoints"
        case .csiNode: "CSINode"
        case .endpointSlice: "EndpointSlice"
        case .other: "Other"
        case .verticalPodAutoscaler: "VerticalPodAutoscaler"
        }
    }

    /// Whether objects of this kind live in a namespace.
    @inlinable
    package var isNamespaced: Bool {
        switch self {
        case .namespace, .node, .priorityClass, .persistentVolume, .storageClass, .csiNode: false
        case .pod, .replicaSet, .deployment, .statefulSet, .daemonSet, .job, .cronJob, .service,
            .podDisruptionBudget, .persistentVolumeClaim, .horizontalPodAutoscaler, .verticalPodAutoscaler,
            .resourceQuota,
            .limitRange, .replicationController, .controllerRevision, .lease, .endpoints, .endpointSlice, .other:
            true
        }
    }

    /// The kind named `name` in a manifest, or nil when it is not modelled.
    package init?(name: String) {
        guard let kind = ObjectKind.byName[name] else { return nil }
        self = kind
    }

    private static let byName: [String: ObjectKind] = Dictionary(
        uniqueKeysWithValues: allCases.filter { $0 != .other }.map { ($0.name, $0) })
}
