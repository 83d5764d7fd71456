import KubernetesAPI
import Simulation

/// The containers of a workload's template that stay running: the main ones and sidecars.
struct WorkloadContainers {
    /// Returns the template's spec of an object that makes pods, or nil for all others.
    static func spec(of object: KubernetesObject) -> PodSpec? {
        var object = object
        var found: PodSpec?
        change(&object) { found = $0 }
        return found
    }

    /// Lets `body` change the template's spec; objects that make no pods stay as they are.
    static func change(_ object: inout KubernetesObject, _ body: (inout PodSpec) -> Void) {
        switch object {
        case .pod(var pod):
            body(&pod.spec)
            object = .pod(pod)
        case .replicaSet(var owner):
            body(&owner.spec.template.spec)
            object = .replicaSet(owner)
        case .deployment(var owner):
            body(&owner.spec.template.spec)
            object = .deployment(owner)
        case .statefulSet(var owner):
            body(&owner.spec.template.spec)
            object = .statefulSet(owner)
        case .daemonSet(var owner):
            body(&owner.spec.template.spec)
            object = .daemonSet(owner)
        case .job(var owner):
            body(&owner.spec.template.spec)
            object = .job(owner)
        case .cronJob(var owner):
            body(&owner.spec.jobTemplate.template.spec)
            object = .cronJob(owner)
        case .replicationController(var owner):
            body(&owner.spec.template.spec)
            object = .replicationController(owner)
        case .namespace, .node, .service, .podDisruptionBudget, .priorityClass, .persistentVolume,
            .persistentVolumeClaim, .storageClass, .horizontalPodAutoscaler, .verticalPodAutoscaler, .resourceQuota,
            .limitRange,
            .controllerRevision, .lease, .endpoints, .endpointSlice, .csiNode, .other:
            break
        }
    }

    /// Returns the names of the containers of an object that nobody else owns, with their specs.
    static func places(of object: KubernetesObject) -> [(place: ContainerPlace, container: Container)] {
        guard object.metadata.controllerReference == nil, let spec = spec(of: object) else { return [] }
        let staying = spec.initContainers.filter(\.isSidecar) + spec.containers
        return staying.map { (place(of: $0, in: object), $0) }
    }

    static func place(of container: Container, in object: KubernetesObject) -> ContainerPlace {
        let namespace = object.metadata.namespaceOrDefault
        return ContainerPlace(
            namespace: namespace, kind: object.kind.name, owner: object.metadata.name, container: container.name)
    }
}
