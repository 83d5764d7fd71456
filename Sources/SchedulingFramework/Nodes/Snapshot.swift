package import KubernetesAPI

/// The cluster as one scheduling cycle sees it: nodes in a stable order, and the other objects that plugins read.
///
/// It must not change during a cycle; the scheduler's cache keeps one and hands it out.
package final class Snapshot {
    /// In the order in which they are looked at.
    package var nodes: [NodeInfo] = []
    /// In name order.
    package var disruptionBudgets: [PodDisruptionBudget] = []
    /// Namespaces, volumes, claims, classes, services and the like, by key. To change one of many, use `set`.
    package var objects: [ObjectKey: KubernetesObject] = [:] {
        didSet {
            serviceIndex = nil
            selectorVersion += 1
        }
    }
    /// Changes whenever a service, or an owner of pods, comes, goes or selects other pods; perhaps more often.
    package private(set) var selectorVersion: UInt64 = 0
    /// nil when it must be made anew.
    private var serviceIndex: ServiceIndex? = ServiceIndex()
    /// Volumes, claims and what bears on them, with what was promised to pods on their way to a node.
    package var storage = StorageCatalog()
    /// Images present anywhere, by name.
    package var images: [NameKey: ImageState] = [:]

    package init(nodes: [NodeInfo] = []) { self.nodes = nodes }

    /// The object at `key`, or nil.
    package func object(_ key: ObjectKey) -> KubernetesObject? { objects[key] }

    /// The labels of the namespace `name`; nil when there is no such namespace.
    package func namespaceLabels(_ name: String) -> StringMap? {
        guard case .namespace(let namespace)? = objects[ObjectKey(.namespace, name: name)] else { return nil }
        return namespace.metadata.labels
    }

    /// Puts `object` at `key`, or takes away what is there when it is nil.
    package func set(_ object: KubernetesObject?, at key: ObjectKey) {
        let (index, version) = (serviceIndex, selectorVersion)
        let old = objects[key]
        objects[key] = object
        serviceIndex = index
        selectorVersion = Self.selects(old, like: object) ? version : version + 1
        guard key.kind == .service else { return }
        if case .service(let service)? = object {
            serviceIndex?.set(service, at: key)
        } else {
            serviceIndex?.set(nil, at: key)
        }
    }

    /// The services of `namespace`, in name order.
    package func services(in namespace: String) -> [Service] {
        let index = serviceIndex ?? ServiceIndex(objects)
        serviceIndex = index
        return index.services(in: namespace)
    }

    /// Whether two versions of an object select the same pods; of kinds that select none, all do.
    private static func selects(_ left: KubernetesObject?, like right: KubernetesObject?) -> Bool {
        switch (left, right) {
        case (.service(let left), .service(let right)): left.selector == right.selector
        case (.replicaSet(let left), .replicaSet(let right)): left.spec.selector == right.spec.selector
        case (.statefulSet(let left), .statefulSet(let right)): left.spec.selector == right.spec.selector
        case (.replicationController(let left), .replicationController(let right)):
            left.spec.selector == right.spec.selector
        case (_, _): !isSelecting(left) && !isSelecting(right)
        }
    }

    private static func isSelecting(_ object: KubernetesObject?) -> Bool {
        switch object?.kind {
        case .service, .replicaSet, .statefulSet, .replicationController: true
        case .namespace, .node, .pod, .deployment, .daemonSet, .job, .cronJob, .podDisruptionBudget, .priorityClass,
            .persistentVolume, .persistentVolumeClaim, .storageClass, .horizontalPodAutoscaler, .verticalPodAutoscaler,
            .resourceQuota,
            .limitRange, .controllerRevision, .lease, .endpoints, .endpointSlice, .csiNode, .other, nil:
            false
        }
    }
}
