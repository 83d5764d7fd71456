// A pod is one reference already: a box around it would only cost another allocation for each change.

/// Any object of a cluster.
@usableFromInline
package enum KubernetesObject: Equatable, Sendable {
    indirect case namespace(Namespace)
    indirect case node(Node)
    case pod(Pod)
    indirect case replicaSet(ReplicaSet)
    indirect case deployment(Deployment)
    indirect case statefulSet(StatefulSet)
    indirect case daemonSet(DaemonSet)
    indirect case job(Job)
    indirect case cronJob(CronJob)
    indirect case service(Service)
    indirect case podDisruptionBudget(PodDisruptionBudget)
    indirect case priorityClass(PriorityClass)
    indirect case persistentVolume(PersistentVolume)
    indirect case persistentVolumeClaim(PersistentVolumeClaim)
    indirect case storageClass(StorageClass)
    indirect case horizontalPodAutoscaler(HorizontalPodAutoscaler)
    indirect case verticalPodAutoscaler(VerticalPodAutoscaler)
    indirect case resourceQuota(ResourceQuota)
    indirect case limitRange(LimitRange)
    indirect case replicationController(ReplicationController)
    indirect case controllerRevision(ControllerRevision)
    indirect case lease(Lease)
    indirect case endpoints(Endpoints)
    indirect case csiNode(CSINode)
    indirect case endpointSlice(EndpointSlice)
    indirect case other(UnmodelledObject)
}

// MARK: - What all objects have

extension KubernetesObject {
    @inlinable
    package var kind: ObjectKind {
        switch self {
        case .namespace: .namespace
        case .node: .node
        case .pod: .pod
        case .replicaSet: .replicaSet
        case .deployment: .deployment
        case .statefulSet: .statefulSet
        case .daemonSet: .daemonSet
        case .job: .job
        case .cronJob: .cronJob
        case .service: .service
        case .podDisruptionBudget: .podDisruptionBudget
        case .priorityClass: .priorityClass
        case .persistentVolume: .persistentVolume
        case .persistentVolumeClaim: .persistentVolumeClaim
        case .storageClass: .storageClass
        case .horizontalPodAutoscaler: .horizontalPodAutoscaler
        case .verticalPodAutoscaler: .verticalPodAutoscaler
        case .resourceQuota: .resourceQuota
        case .limitRange: .limitRange
        case .replicationController: .replicationController
        case .controllerRevision: .controllerRevision
        case .lease: .lease
        case .endpoints: .endpoints
        case .csiNode: .csiNode
        case .endpointSlice: .endpointSlice
        case .other: .other
        }
    }

    @usableFromInline package var metadata: ObjectMeta {
        get {
            switch self {
            case .namespace(let object): object.metadata
            case .node(let object): object.metadata
            case .pod(let object): object.metadata
            case .replicaSet(let object): object.metadata
            case .deployment(let object): object.metadata
            case .statefulSet(let object): object.metadata
            case .daemonSet(let object): object.metadata
            case .job(let object): object.metadata
            case .cronJob(let object): object.metadata
            case .service(let object): object.metadata
            case .podDisruptionBudget(let object): object.metadata
            case .priorityClass(let object): object.metadata
            case .persistentVolume(let object): object.metadata
            case .persistentVolumeClaim(let object): object.metadata
            case .storageClass(let object): object.metadata
            case .horizontalPodAutoscaler(let object): object.metadata
            case .verticalPodAutoscaler(let object): object.metadata
            case .resourceQuota(let object): object.metadata
            case .limitRange(let object): object.metadata
            case .replicationController(let object): object.metadata
            case .controllerRevision(let object): object.metadata
            case .lease(let object): object.metadata
            case .endpoints(let object): object.metadata
            case .csiNode(let object): object.metadata
            case .endpointSlice(let object): object.metadata
            case .other(let object): object.metadata
            }
        }
        set {
            switch self {
            case .namespace(var object):
                object.metadata = newValue
                self = .namespace(object)
            case .node(var object):
                object.metadata = newValue
                self = .node(object)
            case .pod(var object):
                object.metadata = newValue
                self = .pod(object)
            case .replicaSet(var object):
                object.metadata = newValue
                self = .replicaSet(object)
            case .deployment(var object):
                object.metadata = newValue
                self = .deployment(object)
            case .statefulSet(var object):
                object.metadata = newValue
                self = .statefulSet(object)
            case .daemonSet(var object):
                object.metadata = newValue
                self = .daemonSet(object)
            case .job(var object):
                object.metadata = newValue
                self = .job(object)
            case .cronJob(var object):
                object.metadata = newValue
                self = .cronJob(object)
            case .service(var object):
                object.metadata = newValue
                self = .service(object)
            case .podDisruptionBudget(var object):
                object.metadata = newValue
                self = .podDisruptionBudget(object)
            case .priorityClass(var object):
                object.metadata = newValue
                self = .priorityClass(object)
            case .persistentVolume(var object):
                object.metadata = newValue
                self = .persistentVolume(object)
            case .persistentVolumeClaim(var object):
                object.metadata = newValue
                self = .persistentVolumeClaim(object)
            case .storageClass(var object):
                object.metadata = newValue
                self = .storageClass(object)
            case .horizontalPodAutoscaler(var object):
                object.metadata = newValue
                self = .horizontalPodAutoscaler(object)
            case .verticalPodAutoscaler(var object):
                object.metadata = newValue
                self = .verticalPodAutoscaler(object)
            case .resourceQuota(var object):
                object.metadata = newValue
                self = .resourceQuota(object)
            case .limitRange(var object):
                object.metadata = newValue
                self = .limitRange(object)
            case .replicationController(var object):
                object.metadata = newValue
                self = .replicationController(object)
            case .controllerRevision(var object):
                object.metadata = newValue
                self = .controllerRevision(object)
            case .lease(var object):
                object.metadata = newValue
                self = .lease(object)
            case .endpoints(var object):
                object.metadata = newValue
                self = .endpoints(object)
            case .csiNode(var object):
                object.metadata = newValue
                self = .csiNode(object)
            case .endpointSlice(var object):
                object.metadata = newValue
                self = .endpointSlice(object)
            case .other(var object):
                object.metadata = newValue
                self = .other(object)
            }
        }
    }

    package var key: ObjectKey {
        if case .other(let object) = self {
            return ObjectKey(.other, namespace: metadata.namespace, name: "\(object.kindInKey)/\(metadata.name)")
        }
        return ObjectKey(kind, namespace: metadata.namespace, name: metadata.name)
    }
}
