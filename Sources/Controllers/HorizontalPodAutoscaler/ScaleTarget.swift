import ControlPlane
import KubernetesAPI

/// What an autoscaler scales, as its `scale` subresource shows it.
struct ScaleTarget {
    let object: KubernetesObject
    /// What it is to have, and what it has.
    let replicas: Int64
    let present: Int64
    let selector: LabelSelector?

    /// Reads the object; nil for one that is not there or has no scale.
    init?(_ key: ObjectKey, in view: any ClusterView) {
        guard let object = view.object(key) else { return nil }
        self.object = object
        switch object {
        case .deployment(let workload):
            (replicas, present) = (workload.spec.replicas, workload.status.replicas)
            selector = workload.spec.selector
        case .replicaSet(let workload):
            (replicas, present) = (workload.spec.replicas, workload.status.replicas)
            selector = workload.spec.selector
        case .replicationController(let workload):
            (replicas, present) = (workload.spec.replicas, workload.status.replicas)
            selector = workload.spec.selector
        case .statefulSet(let workload):
            (replicas, present) = (workload.spec.replicas, workload.status.replicas)
            selector = workload.spec.selector
        case .namespace, .node, .pod, .daemonSet, .job, .cronJob, .service, .podDisruptionBudget, .priorityClass,
            .persistentVolume, .persistentVolumeClaim, .storageClass, .horizontalPodAutoscaler, .verticalPodAutoscaler,
            .resourceQuota,
            .limitRange, .controllerRevision, .lease, .endpoints, .endpointSlice, .csiNode, .other:
            return nil
        }
    }

    /// The key of what an autoscaler scales; nil for a kind that nobody knows.
    static func key(of autoscaler: HorizontalPodAutoscaler) -> ObjectKey? {
        guard let kind = ObjectKind(name: autoscaler.targetKind) else { return nil }
        return ObjectKey(kind, namespace: autoscaler.metadata.namespace, name: autoscaler.targetName)
    }

    /// The request that gives it another number of replicas.
    func scaled(to count: Int64) -> Action {
        switch object {
        case .deployment(var workload):
            workload.spec.replicas = count
            return .update(.deployment(workload))
        case .replicaSet(var workload):
            workload.spec.replicas = count
            return .update(.replicaSet(workload))
        case .replicationController(var workload):
            workload.spec.replicas = count
            return .update(.replicationController(workload))
        case .statefulSet(var workload):
            workload.spec.replicas = count
            return .update(.statefulSet(workload))
        case .namespace, .node, .pod, .daemonSet, .job, .cronJob, .service, .podDisruptionBudget, .priorityClass,
            .persistentVolume, .persistentVolumeClaim, .storageClass, .horizontalPodAutoscaler, .verticalPodAutoscaler,
            .resourceQuota,
            .limitRange, .controllerRevision, .lease, .endpoints, .endpointSlice, .csiNode, .other:
            preconditionFailure("\(object.key) has no scale")
        }
    }
}
