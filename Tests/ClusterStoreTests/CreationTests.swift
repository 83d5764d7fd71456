import Chronology
import ClusterStore
import ControlPlane
import KubernetesAPI
import Testing

@Suite("Creating objects")
struct CreationTests {
    @Test("the server assigns uid, time, version and generation, and resets the status")
    func assigns() throws {
        var store = ObjectStore(seed: 1)
        var pod = newPod("a")
        pod.status.phase = .running
        pod.metadata.deletionTimestamp = at(1)
        let before = store.resourceVersion
        let now = Instant(nanoseconds: 5_000_000_001)
        let events = try store.apply(.create(.pod(pod)), now: now)
        let stored = try #require(store.pod(namespace: "default", name: "a"))
        #expect(events.names == ["added"])
        #expect(stored.metadata.uid != .none)
        #expect(stored.metadata.creationTimestamp == now)
        #expect(stored.metadata.deletionTimestamp == nil)
        #expect(stored.metadata.resourceVersion == before + 1)
        #expect(stored.metadata.generation == 1)
        #expect(stored.status.phase == .pending)
        #expect(stored.status.qosClass == .bestEffort)
        #expect(store.object(uid: stored.metadata.uid) == .pod(stored))
    }

    @Test("a refused creation says why and changes nothing")
    func refusals() throws {
        var store = ObjectStore(seed: 1)
        _ = try store.add(newPod("a"))
        _ = try store.add(.namespace(Namespace(metadata: ObjectMeta(name: "going"))))
        try store.drop(ObjectKey(.namespace, name: "going"))
        var versioned = newPod("b")
        versioned.metadata.resourceVersion = 7
        var unknownClass = newPod("c")
        unknownClass.spec.priorityClassName = "nowhere"
        var wrongPriority = newPod("d")
        wrongPriority.spec.priority = 5
        let digest = store.digest()
        #expect(throws: ActionError.alreadyExists) { try store.add(newPod("a")) }
        #expect(throws: ActionError.notFound) { try store.add(newPod("b", namespace: "missing")) }
        let longLabel = newPod("f", labels: ["revision": String(repeating: "x", count: 64)])
        for pod in [versioned, newPod(""), newPod("x", namespace: ""), longLabel] {
            let error = #expect(throws: ActionError.self) { try store.add(pod) }
            guard case .invalid? = error else { Issue.record("\(String(describing: error))"); continue }
        }
        #expect(throws: ActionError.namespaceTerminating("going")) { try store.add(newPod("e", namespace: "going")) }
        for pod in [unknownClass, wrongPriority] {
            let error = #expect(throws: ActionError.self) { try store.add(pod) }
            guard case .forbidden? = error else { Issue.record("\(String(describing: error))"); continue }
        }
        #expect(store.digest() == digest)
    }

    @Test("a missing namespace is created first when the store is told to")
    func namespaces() throws {
        var store = ObjectStore(seed: 1, options: ObjectStore.Options(createsNamespaces: true))
        let events = try store.apply(.create(.pod(newPod("a", namespace: "new"))), now: .start)
        #expect(events.names == ["added", "added"])
        #expect(events.first?.object.key == ObjectKey(.namespace, name: "new"))
        #expect(try store.apply(.create(.pod(newPod("b", namespace: "new"))), now: .start).count == 1)
    }

    @Test("generated names have five letters of upstream's alphabet, never collide and fit a label")
    func names() throws {
        var store = ObjectStore(seed: 3)
        var seen: Set<String> = []
        let alphabet = Set("bcdfghjklmnpqrstvwxz2456789")
        var template = newPod("")
        template.metadata.generateName = "web-"
        for _ in 0..<5000 {
            let name = try store.add(template).metadata.name
            #expect(name.hasPrefix("web-") && name.count == 9 && name.dropFirst(4).allSatisfy(alphabet.contains))
            #expect(seen.insert(name).inserted)
        }
        template.metadata.generateName = String(repeating: "long", count: 20)
        #expect(try store.add(template).metadata.name.utf8.count == 63)
        let other = UnmodelledObject(
            apiVersion: "v1", kind: "ConfigMap", metadata: ObjectMeta(name: "", namespace: "default"))
        var object = KubernetesObject.other(other)
        object.metadata.generateName = "settings-"
        let stored = try store.add(object)
        #expect(stored.metadata.name.hasPrefix("settings-") && stored.metadata.name.count == 14)
        #expect(store.object(stored.key) == stored)
    }

    @Test("an exported object keeps its identity when loaded, and a default namespace takes over labels")
    func loading() throws {
        var store = ObjectStore(seed: 1)
        var events: [WatchEvent] = []
        var pod = newPod("a")
        pod.metadata.uid = UID(high: 1, low: 2)
        pod.metadata.creationTimestamp = at(-100)
        pod.metadata.resourceVersion = 99
        pod.metadata.generation = 4
        pod.status.phase = .running
        pod.nodeName = "node-1"
        pod.spec.priority = 77
        pod.spec.priorityClassName = "not-exported"
        _ = try store.add(newPod("young"))
        try store.load(.pod(pod), now: .start, into: &events)
        let stored = try #require(store.pod(namespace: "default", name: "a"))
        #expect(stored.metadata.uid == UID(high: 1, low: 2))
        #expect(stored.metadata.creationTimestamp == at(-100))
        #expect(stored.metadata.generation == 4)
        #expect(stored.metadata.resourceVersion == store.resourceVersion)
        #expect(stored.priority == 77 && stored.status.phase == .running)
        #expect(store.pods(inNamespace: "default").map(\.metadata.name) == ["a", "young"])
        var copy = pod
        copy.metadata.name = "b"
        #expect(throws: ActionError.alreadyExists) { try store.load(.pod(copy), now: .start, into: &events) }
        try store.load(
            .namespace(Namespace(metadata: ObjectMeta(name: "default", labels: ["team": "x"]))), now: .start,
            into: &events)
        #expect(store.object(ObjectKey(.namespace, name: "default"))?.metadata.labels["team"] == "x")
        #expect(events.names == ["added", "modified"])
        #expect(store.checkIndexes() == [])
    }

    @Test("what an export holds in a namespace that is going away stays until it has gone; nothing new comes to it")
    func leavingNamespace() throws {
        var store = ObjectStore(seed: 1)
        var events: [WatchEvent] = []
        var namespace = Namespace(metadata: ObjectMeta(name: "leaving"))
        namespace.metadata.uid = UID(high: 1, low: 1)
        namespace.metadata.deletionTimestamp = at(-5)
        try store.load(.namespace(namespace), now: .start, into: &events)
        var pod = newPod("a")
        pod.metadata.namespace = "leaving"
        pod.metadata.uid = UID(high: 1, low: 2)
        try store.load(.pod(pod), now: .start, into: &events)
        #expect(store.pod(namespace: "leaving", name: "a") != nil)
        pod.metadata.name = "b"
        pod.metadata.uid = .none
        #expect(throws: ActionError.namespaceTerminating("leaving")) { try store.add(pod) }
    }
}
