import Chronology
import ClusterStore
import ControlPlane
import KubernetesAPI
import Testing

/// A point in time, in seconds since the start.
func at(_ seconds: Int64) -> Instant { Instant(nanoseconds: seconds * 1_000_000_000) }

/// A pod that is not stored yet.
func newPod(_ name: String, namespace: String = "default", labels: StringMap = ["app": "web"]) -> Pod {
    Pod(
        metadata: ObjectMeta(name: name, namespace: namespace, labels: labels),
        spec: PodSpec(containers: [Container(name: "main", image: "web:1")]))
}

func newNode(_ name: String) -> Node { Node(metadata: ObjectMeta(name: name)) }

func newReplicaSet(_ name: String, namespace: String = "default") -> KubernetesObject {
    .replicaSet(ReplicaSet(metadata: ObjectMeta(name: name, namespace: namespace), spec: ReplicaSet.Spec()))
}

func newPriorityClass(_ name: String, _ value: Int32, globalDefault: Bool = false) -> KubernetesObject {
    var object = PriorityClass(metadata: ObjectMeta(name: name))
    object.value = value
    object.globalDefault = globalDefault
    return .priorityClass(object)
}

func owner(_ uid: UID, controller: Bool = true) -> OwnerReference {
    OwnerReference(apiVersion: "apps/v1", kind: "ReplicaSet", name: "owner", uid: uid, controller: controller)
}

extension ObjectStore {
    /// Creates `object` and returns it as stored.
    mutating func add(_ object: KubernetesObject, at seconds: Int64 = 0) throws -> KubernetesObject {
        let events = try apply(.create(object), now: at(seconds))
        return try #require(events.last).object
    }

    /// Creates a pod and returns it as stored.
    mutating func add(_ pod: Pod, at seconds: Int64 = 0) throws -> Pod {
        guard case .pod(let stored) = try add(.pod(pod), at: seconds) else { fatalError("not a pod") }
        return stored
    }

    /// Creates a pod that runs on a node.
    mutating func addRunning(
        _ name: String, node: String = "node-1", labels: StringMap = ["app": "web"], ready: Bool = true
    ) throws -> Pod {
        let pod = try add(newPod(name, labels: labels))
        try apply(.bind(pod: pod.key, uid: pod.metadata.uid, node: node), now: now)
        var patch = PodStatusPatch(conditions: [Condition(Condition.ready, ready ? .true : .false, at: now)])
        patch.phase = .running
        try apply(.patchPodStatus(pod.key, uid: pod.metadata.uid, patch), now: now)
        return try #require(self.pod(namespace: "default", name: name))
    }

    /// Asks for the deletion of the object at `key`.
    @discardableResult
    mutating func drop(
        _ key: ObjectKey, grace: Int64? = nil, _ propagation: DeletionPropagation? = .background, at seconds: Int64 = 0
    ) throws -> [WatchEvent] {
        try apply(
            .delete(key, uid: nil, gracePeriodSeconds: grace, propagation: propagation), now: at(seconds))
    }
}

extension [WatchEvent] {
    /// The events' names, in order.
    var names: [String] {
        map { event in
            switch event {
            case .added: "added"
            case .modified: "modified"
            case .deleted: "deleted"
            }
        }
    }
}
