import Chronology
import ClusterStore
import ControlPlane
import KubernetesAPI
import Testing

@Suite("Deleting objects")
struct DeletionTests {
    @Test(
        "a pod's grace is the request's, else its own; none when it is unbound or over",
        arguments: [
            ("running, its own grace", true, PodPhase.running, nil, 30),
            ("running, a given grace", true, .running, 7, 7),
            ("running, a negative grace", true, .running, -1, 1),
            ("running, none", true, .running, 0, nil),
            ("unbound", false, .pending, 60, nil),
            ("succeeded", true, .succeeded, 60, nil),
            ("failed", true, .failed, nil, nil),
        ] as [(String, Bool, PodPhase, Int64?, Int64?)])
    func grace(_ name: String, _ isBound: Bool, _ phase: PodPhase, _ asked: Int64?, _ left: Int64?) throws {
        var store = ObjectStore(seed: 1)
        let pod = try store.add(newPod("a"))
        if isBound { try store.apply(.bind(pod: pod.key, uid: pod.metadata.uid, node: "n"), now: .start) }
        var patch = PodStatusPatch()
        patch.phase = phase
        try store.apply(.patchPodStatus(pod.key, uid: pod.metadata.uid, patch), now: .start)
        let events = try store.drop(pod.key, grace: asked, at: 100)
        let metadata = try #require(events.first).object.metadata
        let after = store.pod(namespace: "default", name: "a")
        if let left {
            #expect(events.names == ["modified"])
            #expect(after?.metadata.deletionGracePeriodSeconds == left)
            #expect(after?.metadata.deletionTimestamp == at(100 + left))
            #expect(after?.metadata.generation == 2)
        } else {
            #expect(events.names == ["deleted"])
            #expect(after == nil)
            #expect(metadata.deletionTimestamp == at(100))
        }
        #expect(metadata.resourceVersion == store.resourceVersion)
    }

    @Test("a second request can only hasten a pod's end")
    func hasten() throws {
        var store = ObjectStore(seed: 1)
        let key = try store.addRunning("a").key
        try store.drop(key, at: 100)
        #expect(try store.drop(key, at: 101).isEmpty)
        #expect(try store.drop(key, grace: 30, at: 101).isEmpty)
        #expect(try store.drop(key, grace: 60, at: 101).isEmpty)
        #expect(try store.drop(key, grace: 10, at: 105).names == ["modified"])
        let metadata = try #require(store.object(key)).metadata
        #expect(metadata.deletionTimestamp == at(110))
        #expect(metadata.deletionGracePeriodSeconds == 10)
        #expect(metadata.generation == 2)
        #expect(try store.drop(key, grace: 0, at: 106).names == ["deleted"])
        #expect(throws: ActionError.notFound) { try store.drop(key) }
    }

    @Test("another uid is a conflict")
    func precondition() throws {
        var store = ObjectStore(seed: 1)
        for object in [KubernetesObject.pod(newPod("a")), .node(newNode("n")), newReplicaSet("r")] {
            let stored = try store.add(object)
            let wrong = UID(high: 1, low: 1)
            #expect(throws: ActionError.conflict) {
                try store.apply(
                    .delete(stored.key, uid: wrong, gracePeriodSeconds: 0, propagation: .background), now: .start)
            }
            try store.apply(
                .delete(stored.key, uid: stored.metadata.uid, gracePeriodSeconds: nil, propagation: .background),
                now: .start)
            #expect(store.object(stored.key) == nil)
        }
    }

    @Test(
        "foreground and orphan leave their finalizer, whose removal ends the object",
        arguments: [
            (DeletionPropagation.foreground, "foregroundDeletion"), (.orphan, "orphan"),
        ])
    func propagation(_ propagation: DeletionPropagation, _ finalizer: String) throws {
        var store = ObjectStore(seed: 1)
        var object = try store.add(newReplicaSet("a"))
        #expect(try store.drop(object.key, propagation, at: 5).names == ["modified"])
        object = try #require(store.object(object.key))
        #expect(object.metadata.finalizers == [finalizer])
        #expect(object.metadata.deletionTimestamp == at(5))
        #expect(object.metadata.deletionGracePeriodSeconds == 0)
        #expect(try store.drop(object.key, nil, at: 6).isEmpty)
        object.metadata.finalizers = ["late"]
        #expect(throws: ActionError.self) { try store.apply(.update(object), now: at(7)) }
        object.metadata.finalizers = []
        #expect(try store.apply(.update(object), now: at(7)).names == ["deleted"])
        #expect(store.object(object.key) == nil)
    }

    @Test(
        "a second request may give the dependents another fate",
        arguments: [
            (DeletionPropagation.foreground, .background, []), (.orphan, .background, []),
            (.foreground, .orphan, ["orphan"]), (.orphan, .foreground, ["foregroundDeletion"]),
            (.foreground, .foreground, ["foregroundDeletion"]), (.orphan, nil, ["orphan"]),
        ] as [(DeletionPropagation, DeletionPropagation?, [String])])
    func secondThoughts(
        _ first: DeletionPropagation, _ second: DeletionPropagation?, _ finalizers: [String]
    ) throws {
        var store = ObjectStore(seed: 1)
        let key = try store.add(newReplicaSet("a")).key
        let before = try #require(try store.drop(key, first, at: 5).last).object.metadata.finalizers
        let names = try store.drop(key, second, at: 6).names
        #expect(names == (finalizers.isEmpty ? ["deleted"] : finalizers == before ? [] : ["modified"]))
        #expect(store.object(key)?.metadata.finalizers ?? [] == finalizers)
    }

    @Test(
        "a request that does not say leaves the pods of two kinds alone",
        arguments: [(ObjectKind.job, ["orphan"]), (.replicationController, ["orphan"]), (.replicaSet, [])])
    func defaults(_ kind: ObjectKind, _ finalizers: [String]) throws {
        var store = ObjectStore(seed: 1)
        let metadata = ObjectMeta(name: "a", namespace: "default")
        let object: KubernetesObject =
            switch kind {
            case .job: .job(Job(metadata: metadata, spec: Job.Spec()))
            case .replicationController:
                .replicationController(ReplicationController(metadata: metadata, spec: ReplicaSet.Spec()))
            default: newReplicaSet("a")
            }
        let key = try store.add(object).key
        try store.drop(key, nil, at: 5)
        #expect(store.object(key)?.metadata.finalizers ?? [] == finalizers)
    }

    @Test("a finalizer holds a pod that is otherwise gone, but not one that still has grace")
    func podFinalizers() throws {
        var store = ObjectStore(seed: 1)
        var pod = newPod("a")
        pod.metadata.finalizers = ["batch.kubernetes.io/job-tracking"]
        pod = try store.add(pod)
        try store.apply(.bind(pod: pod.key, uid: pod.metadata.uid, node: "n"), now: .start)
        try store.drop(pod.key)
        var held = try #require(store.pod(namespace: "default", name: "a"))
        held.metadata.finalizers = []
        #expect(try store.apply(.update(.pod(held)), now: .start).names == ["modified"])
        held.metadata.resourceVersion = 0
        #expect(try store.drop(pod.key, grace: 0).names == ["deleted"])

        pod = newPod("b")
        pod.metadata.finalizers = ["x"]
        pod = try store.add(pod)
        #expect(try store.drop(pod.key).names == ["modified"])
        held = try #require(store.pod(namespace: "default", name: "b"))
        held.metadata.finalizers = []
        #expect(try store.apply(.update(.pod(held)), now: .start).names == ["deleted"])
    }

    @Test("a namespace terminates, takes no more objects, and goes when asked again once it is empty")
    func namespaces() throws {
        var store = ObjectStore(seed: 1)
        let key = try store.add(.namespace(Namespace(metadata: ObjectMeta(name: "team")))).key
        let pod = try store.add(newPod("a", namespace: "team"))
        #expect(try store.drop(key).names == ["modified"])
        #expect(throws: ActionError.self) { try store.add(newReplicaSet("r", namespace: "team")) }
        #expect(try store.drop(key).isEmpty)
        try store.drop(pod.key)
        #expect(try store.drop(key).names == ["deleted"])
        #expect(throws: ActionError.notFound) { try store.add(newPod("a", namespace: "team")) }
        #expect(throws: ActionError.self) { try store.drop(ObjectKey(.namespace, name: "default")) }
        #expect(store.checkIndexes() == [])
    }
}
