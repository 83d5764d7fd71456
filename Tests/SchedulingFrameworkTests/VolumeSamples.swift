import KubernetesAPI

@testable import SchedulingFramework

/// Makers of storage objects and pods for the tests of volume plugins.
enum Sample {
    static func node(_ name: String = "n1", _ labels: StringMap = [:]) -> NodeInfo {
        var node = Node(metadata: ObjectMeta(name: name, labels: labels))
        node.metadata.labels["kubernetes.io/hostname"] = name
        node.status.allocatable = [.cpu: Quantity(4), .memory: Quantity(8 << 30), .pods: Quantity(110)]
        return NodeInfo(node)
    }

    static func pod(_ uid: UInt64 = 1, namespace: String = "default", _ sources: [Volume.Source] = []) -> PodInfo {
        var spec = PodSpec(containers: [Container(name: "c", image: "i")])
        spec.volumes = sources.enumerated().map { Volume(name: "v\($0.offset)", source: $0.element) }
        var metadata = ObjectMeta(name: "p\(uid)", namespace: namespace)
        metadata.uid = UID(high: 0, low: uid)
        return PodInfo(Pod(metadata: metadata, spec: spec))
    }

    static func pod(_ uid: UInt64 = 1, namespace: String = "default", claims: String...) -> PodInfo {
        pod(uid, namespace: namespace, claims.map { .persistentVolumeClaim(name: $0) })
    }

    /// A claim; bound in full when it names a volume.
    static func claim(
        _ name: String, volume: String = "", in className: String? = "late", size: Int64 = 10,
        namespace: String = "default", edit: (inout PersistentVolumeClaim) -> Void = { _ in }
    ) -> KubernetesObject {
        var spec = PersistentVolumeClaimSpec()
        spec.accessModes = [.readWriteOnce]
        spec.request = Quantity(size)
        spec.storageClassName = className
        spec.volumeName = volume
        var metadata = ObjectMeta(name: name, namespace: namespace)
        metadata.uid = UID(text: name)
        if !volume.isEmpty { metadata.annotations[VolumeAnnotation.bindCompleted] = "yes" }
        var claim = PersistentVolumeClaim(metadata: metadata, spec: spec)
        edit(&claim)
        return .persistentVolumeClaim(claim)
    }

    /// An available volume, on one host when it is given.
    static func volume(
        _ name: String, in className: String = "late", size: Int64 = 10, host: String? = nil, labels: StringMap = [:],
        edit: (inout PersistentVolume) -> Void = { _ in }
    ) -> KubernetesObject {
        var spec = PersistentVolume.Spec()
        spec.capacity = Quantity(size)
        spec.accessModes = [.readWriteOnce]
        spec.storageClassName = className
        spec.nodeAffinity = host.map { reach("kubernetes.io/hostname", $0) }
        var volume = PersistentVolume(metadata: ObjectMeta(name: name, labels: labels), spec: spec)
        volume.phase = "Available"
        edit(&volume)
        return .persistentVolume(volume)
    }

    static func reach(_ key: String, _ value: String) -> NodeSelector {
        let requirement = NodeSelectorRequirement(key: key, operator: .in, values: [value])
        return NodeSelector(terms: [NodeSelectorTerm(matchExpressions: [requirement])])
    }

    static func storageClass(
        _ name: String = "late", waits: Bool = true, provisioner: String = "kubernetes.io/no-provisioner",
        topologies: [NodeSelectorTerm] = []
    ) -> KubernetesObject {
        var object = StorageClass(metadata: ObjectMeta(name: name))
        object.waitForFirstConsumer = waits
        object.provisioner = provisioner
        object.allowedTopologies = topologies
        return .storageClass(object)
    }

    /// The drivers of the node n1 with their limits.
    static func drivers(_ limits: [(String, Int64?)], migrated: String = "") -> KubernetesObject {
        var object = CSINode(metadata: ObjectMeta(name: "n1"))
        if !migrated.isEmpty { object.metadata.annotations["storage.alpha.kubernetes.io/migrated-plugins"] = migrated }
        object.drivers = limits.map { CSINode.Driver(name: $0.0, allocatableCount: $0.1) }
        return .csiNode(object)
    }

    static func snapshot(_ objects: [KubernetesObject], nodes: [NodeInfo] = []) -> Snapshot {
        let snapshot = Snapshot(nodes: nodes)
        for object in objects { snapshot.storage.apply(object, isDeleted: false) }
        return snapshot
    }

    /// Runs a plugin's filter alone, as when a profile has switched its pre-filter off.
    static func judgeUnprepared(
        _ plugin: some FilterPlugin, _ pod: PodInfo, on node: NodeInfo, in snapshot: Snapshot
    ) -> Verdict {
        plugin.filter(pod, on: node, state: CycleState(snapshot))
    }

    /// Runs a plugin's pre-filter and filter; nil when the pre-filter skips.
    static func judge<Plugin: PreFilterPlugin & FilterPlugin>(
        _ plugin: Plugin, _ pod: PodInfo, on node: NodeInfo, in snapshot: Snapshot
    ) -> Verdict? {
        let state = CycleState()
        let outcome = plugin.preFilter(pod, in: snapshot, state: state)
        if outcome.verdict.code == .skip { return nil }
        return outcome.verdict.isSuccess ? plugin.filter(pod, on: node, state: state) : outcome.verdict
    }
}
