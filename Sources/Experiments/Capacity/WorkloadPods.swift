package import KubernetesAPI

/// The pods that manifests lead to, DaemonSets left out.
package enum WorkloadPods {
    /// Returns the spec of the pods that `object` makes, and how many there are at once; nil where it makes none, or owns
    /// nothing because another makes it.
    package static func pods(of object: KubernetesObject) -> (PodSpec, Int64)? {
        guard object.metadata.controllerReference == nil else { return nil }
        switch object {
        case .deployment(let owner): return (owner.spec.template.spec, owner.spec.replicas)
        case .replicaSet(let owner): return (owner.spec.template.spec, owner.spec.replicas)
        case .statefulSet(let owner): return (owner.spec.template.spec, owner.spec.replicas)
        case .replicationController(let owner): return (owner.spec.template.spec, owner.spec.replicas)
        case .job(let owner): return owner.spec.suspend ? nil : (owner.spec.template.spec, owner.spec.parallelism)
        case .cronJob(let owner):
            return owner.spec.suspend ? nil : (owner.spec.jobTemplate.template.spec, owner.spec.jobTemplate.parallelism)
        case .pod(let pod): return pod.status.phase.isTerminal ? nil : (pod.spec, 1)
        case .namespace, .node, .daemonSet, .service, .podDisruptionBudget, .priorityClass, .persistentVolume,
            .persistentVolumeClaim, .storageClass, .horizontalPodAutoscaler, .verticalPodAutoscaler, .resourceQuota,
            .limitRange,
            .controllerRevision, .lease, .endpoints, .endpointSlice, .csiNode, .other:
            return nil
        }
    }
}
