package import ControlPlane
import KubernetesAPI

extension PodScheduler {
    /// Returns whether `observe` would take anything from `event`: the host need not deliver what the scheduler ignores.
    package func wants(_ event: WatchEvent) -> Bool {
        switch event {
        case .modified(.pod(let old), .pod(let new)):
            // Most changes of a pod on a node are of its status, which no plugin reads.
            if new.nodeName == nil || old.nodeName == nil || new.status.phase.isTerminal { return true }
            return !old.looksLike(new) || cache.hasFreedPorts || profiles.contains(where: \.hearsOfOtherUpdates)
        case .modified(.replicaSet(let old), .replicaSet(let new)):
            return old.spec.selector != new.spec.selector || old.metadata.labels != new.metadata.labels
                || old.metadata.ownerReferences != new.metadata.ownerReferences
        case .added(let object), .deleted(let object), .modified(_, let object):
            switch object {
            case .deployment, .daemonSet, .job, .cronJob, .priorityClass, .horizontalPodAutoscaler,
                .verticalPodAutoscaler, .resourceQuota,
                .limitRange, .controllerRevision, .lease, .endpoints, .endpointSlice:
                return false
            case .other(let object): return object.podGroup != nil && queue.gangs.isOn
            case .pod, .node, .podDisruptionBudget, .namespace, .service, .persistentVolume, .persistentVolumeClaim,
                .storageClass, .csiNode, .replicaSet, .statefulSet, .replicationController:
                return true
            }
        }
    }
}
