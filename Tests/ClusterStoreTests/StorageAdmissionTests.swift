import ClusterStore
import ControlPlane
import KubernetesAPI
import Testing

@Suite("What the server adds to new objects")
struct StorageAdmissionTests {
    private static func storageClass(_ name: String, isDefault: Bool) -> KubernetesObject {
        var found = StorageClass(metadata: ObjectMeta(name: name))
        if isDefault { found.metadata.annotations["storageclass.kubernetes.io/is-default-class"] = "true" }
        return .storageClass(found)
    }

    @Test(
        "a claim without a class gets the default one, the newest of several",
        arguments: [(nil, "new"), ("", ""), ("slow", "slow")] as [(String?, String)])
    func defaultClass(_ given: String?, _ expected: String) throws {
        var store = ObjectStore(seed: 1)
        _ = try store.add(Self.storageClass("old", isDefault: true), at: 1)
        _ = try store.add(Self.storageClass("new", isDefault: true), at: 2)
        _ = try store.add(Self.storageClass("none", isDefault: false), at: 3)
        var spec = PersistentVolumeClaimSpec()
        spec.storageClassName = given
        let claim = PersistentVolumeClaim(metadata: ObjectMeta(name: "c", namespace: "default"), spec: spec)
        let stored = try store.add(.persistentVolumeClaim(claim), at: 4)
        guard case .persistentVolumeClaim(let found) = stored else { return }
        #expect(found.spec.storageClassName == expected)
        #expect(found.metadata.finalizers == [PersistentVolumeClaim.protection])
    }

    @Test("a volume is protected")
    func volume() throws {
        var store = ObjectStore(seed: 1)
        let volume = PersistentVolume(metadata: ObjectMeta(name: "v"), spec: PersistentVolume.Spec())
        #expect(try store.add(.persistentVolume(volume)).metadata.finalizers == [PersistentVolume.protection])
    }

    @Test("a new node is marked until somebody looks at it; one that was there before is not")
    func node() throws {
        var store = ObjectStore(seed: 1)
        guard case .node(let node) = try store.add(.node(newNode("n1"))) else { return }
        #expect(node.spec.taints == [Taint(key: "node.kubernetes.io/not-ready", effect: .noSchedule)])
        var events: [WatchEvent] = []
        try store.load(.node(newNode("n2")), now: at(0), into: &events)
        #expect(store.node("n2")?.spec.taints == [])
    }

    @Test("finalizers and owners are taken off whatever the version")
    func patch() throws {
        var store = ObjectStore(seed: 1)
        var pod = newPod("a")
        pod.metadata.finalizers = ["x", "y"]
        pod.metadata.ownerReferences = [owner(UID(text: "o"))]
        let stored = try store.add(pod)
        try store.apply(
            .patchMetadata(stored.key, uid: stored.metadata.uid, MetadataPatch(finalizers: ["x"], owners: [UID(text: "o")])),
            now: at(1))
        let after = try #require(store.pod(namespace: "default", name: "a"))
        #expect(after.metadata.finalizers == ["y"] && after.metadata.ownerReferences.isEmpty)
        #expect(throws: ActionError.conflict) {
            try store.apply(.patchMetadata(stored.key, uid: UID(text: "other"), MetadataPatch()), now: at(1))
        }
        try store.apply(.delete(stored.key, uid: nil, gracePeriodSeconds: 0, propagation: .background), now: at(2))
        #expect(store.pod(namespace: "default", name: "a") != nil)
        try store.apply(
            .patchMetadata(stored.key, uid: stored.metadata.uid, MetadataPatch(finalizers: ["y"])), now: at(3))
        #expect(store.pod(namespace: "default", name: "a") == nil)
        #expect(store.checkIndexes().isEmpty)
    }
}
