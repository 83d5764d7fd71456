import Chronology
import KubernetesAPI

extension KubernetesObject: StoredObject {
    var owners: [OwnerReference] { metadata.ownerReferences }
    var creationTime: Int64 { metadata.creationTimestamp.nanoseconds }

    var countsAnnotations: Bool {
        if case .deployment = self { return true }
        return false
    }

    func hasEqualStatus(_ other: KubernetesObject) -> Bool {
        var leveled = self
        leveled.takeStatus(of: other)
        return leveled == self
    }

    func hasEqualSpec(_ other: KubernetesObject) -> Bool {
        var leveled = other
        leveled.metadata = metadata
        leveled.takeStatus(of: self)
        return leveled == self
    }

    mutating func takeStatus(of other: KubernetesObject) {
        switch self {
        case .pod(var object):
            guard case .pod(let source) = other else { return }
            object.status = source.status
            self = .pod(object)
        case .node(var object):
            guard case .node(let source) = other else { return }
            object.status = source.status
            self = .node(object)
        case .replicaSet(var object):
            guard case .replicaSet(let source) = other else { return }
            object.status = source.status
            self = .replicaSet(object)
        case .deployment(var object):
            guard case .deployment(let source) = other else { return }
            object.status = source.status
            self = .deployment(object)
        case .statefulSet(var object):
            guard case .statefulSet(let source) = other else { return }
            object.status = source.status
            self = .statefulSet(object)
        case .daemonSet(var object):
            guard case .daemonSet(let source) = other else { return }
            object.status = source.status
            self = .daemonSet(object)
        case .job(var object):
            guard case .job(let source) = other else { return }
            object.status = source.status
            self = .job(object)
        case .cronJob(var object):
            guard case .cronJob(let source) = other else { return }
            object.active = source.active
            object.lastScheduleTime = source.lastScheduleTime
            object.lastSuccessfulTime = source.lastSuccessfulTime
            self = .cronJob(object)
        case .podDisruptionBudget(var object):
            guard case .podDisruptionBudget(let source) = other else { return }
            object.status = source.status
            self = .podDisruptionBudget(object)
        case .persistentVolume(var object):
            guard case .persistentVolume(let source) = other else { return }
            object.phase = source.phase
            self = .persistentVolume(object)
        case .persistentVolumeClaim(var object):
            guard case .persistentVolumeClaim(let source) = other else { return }
            object.phase = source.phase
            self = .persistentVolumeClaim(object)
        case .resourceQuota(var object):
            guard case .resourceQuota(let source) = other else { return }
            object.used = source.used
            object.statusHard = source.statusHard
            self = .resourceQuota(object)
        case .replicationController(var object):
            guard case .replicationController(let source) = other else { return }
            object.status = source.status
            self = .replicationController(object)
        case .horizontalPodAutoscaler(var object):
            guard case .horizontalPodAutoscaler(let source) = other else { return }
            object.status = source.status
            self = .horizontalPodAutoscaler(object)
        case .verticalPodAutoscaler(var object):
            guard case .verticalPodAutoscaler(let source) = other else { return }
            object.status = source.status
            self = .verticalPodAutoscaler(object)
        case .namespace, .service, .priorityClass, .storageClass, .limitRange,
            .controllerRevision, .lease, .endpoints, .endpointSlice, .csiNode, .other:
            break  // These kinds have no modelled status.
        }
    }

    mutating func resetStatus() {
        switch self {
        case .pod(var object):
            object.status = PodStatus()
            self = .pod(object)
        case .replicaSet(var object):
            object.status = ReplicaSet.Status()
            self = .replicaSet(object)
        case .deployment(var object):
            object.status = Deployment.Status()
            self = .deployment(object)
        case .statefulSet(var object):
            object.status = StatefulSet.Status()
            self = .statefulSet(object)
        case .daemonSet(var object):
            object.status = DaemonSet.Status()
            self = .daemonSet(object)
        case .job(var object):
            object.status = Job.Status()
            self = .job(object)
        case .cronJob(var object):
            object.active = []
            object.lastScheduleTime = nil
            object.lastSuccessfulTime = nil
            self = .cronJob(object)
        case .podDisruptionBudget(var object):
            object.status = PodDisruptionBudget.Status()
            self = .podDisruptionBudget(object)
        case .persistentVolume(var object):
            object.phase = "Pending"
            self = .persistentVolume(object)
        case .persistentVolumeClaim(var object):
            object.phase = "Pending"
            self = .persistentVolumeClaim(object)
        case .resourceQuota(var object):
            object.used = [:]
            object.statusHard = [:]
            self = .resourceQuota(object)
        case .replicationController(var object):
            object.status = ReplicaSet.Status()
            self = .replicationController(object)
        case .horizontalPodAutoscaler(var object):
            object.status = HorizontalPodAutoscaler.Status()
            self = .horizontalPodAutoscaler(object)
        case .verticalPodAutoscaler(var object):
            object.status = VerticalPodAutoscaler.Status()
            self = .verticalPodAutoscaler(object)
        case .namespace, .node, .service, .priorityClass, .storageClass, .limitRange,
            .controllerRevision, .lease, .endpoints, .endpointSlice, .csiNode, .other:
            break
        }
    }
}
