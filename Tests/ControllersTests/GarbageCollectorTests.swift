import Chronology
import ControlPlane
import Controllers
import FakeCluster
import KubernetesAPI
import Testing

@Suite("The garbage collector")
struct GarbageCollectorTests {
    private static func thing(_ name: String, owners: [KubernetesObject] = [], blocks: Bool = true) -> KubernetesObject {
        var service = Service(metadata: ObjectMeta(name: name, namespace: "d"))
        service.metadata.ownerReferences = owners.map {
            OwnerReference(
                apiVersion: "v1", kind: "Service", name: $0.metadata.name, uid: $0.metadata.uid, controller: false,
                blockOwnerDeletion: blocks)
        }
        return .service(service)
    }

    private static func chain() -> FakeHost {
        let host = FakeHost([GarbageCollectorReconciler()])
        let a = host.view.add(thing("a"))
        let b = host.view.add(thing("b", owners: [a]))
        host.view.add(thing("c", owners: [b]))
        return host
    }

    private static func names(_ host: FakeHost) -> [String] { host.view.stored.map(\.metadata.name) }

    @Test("deletes a chain of dependents after their owners")
    func background() {
        var host = Self.chain()
        host.settle()
        #expect(Self.names(host) == ["a", "b", "c"])
        _ = host.view.delete(Fixtures.key(.service, "a"))
        host.settle()
        #expect(Self.names(host).isEmpty)
    }

    @Test("deletes the leaves of a foreground deletion first")
    func foreground() {
        var host = Self.chain()
        host.settle()
        host.view.change(Fixtures.key(.service, "c")) { $0.metadata.finalizers = ["example.com/hold"] }
        _ = host.view.delete(Fixtures.key(.service, "a"), propagation: .foreground)
        host.settle()
        #expect(Self.names(host) == ["a", "b", "c"])
        #expect(host.view.stored.allSatisfy { $0.metadata.deletionTimestamp != nil })
        host.view.change(Fixtures.key(.service, "c")) { $0.metadata.finalizers = [] }
        host.settle()
        #expect(Self.names(host).isEmpty)
    }

    @Test("what is deleted and holds nothing up goes by itself", arguments: [[], ["example.com/hold"], ["orphan"]])
    func plainDeletions(finalizers: [String]) {
        let host = FakeHost([GarbageCollectorReconciler()])
        let before = Self.thing("a")
        guard case .service(var service) = before else { return }
        service.metadata.deletionTimestamp = .start
        service.metadata.finalizers = finalizers
        let keys = GarbageCollectorReconciler()
            .keys(for: .modified(old: before, new: .service(service)), in: host.view)
        #expect(keys == (finalizers == ["orphan"] ? [before.key] : []))
    }

    @Test("does not wait for a dependent that does not block")
    func nonBlocking() {
        var host = FakeHost([GarbageCollectorReconciler()])
        let a = host.view.add(Self.thing("a"))
        host.view.add(Self.thing("b", owners: [a], blocks: false))
        host.view.change(Fixtures.key(.service, "b")) { $0.metadata.finalizers = ["example.com/hold"] }
        host.settle()
        _ = host.view.delete(Fixtures.key(.service, "a"), propagation: .foreground)
        host.settle()
        #expect(Self.names(host) == ["b"])
        #expect(host.view.stored[0].metadata.deletionTimestamp != nil)
    }

    @Test("takes the reference off the children of an orphaning deletion, not off grandchildren")
    func orphan() {
        var host = Self.chain()
        host.settle()
        _ = host.view.delete(Fixtures.key(.service, "a"), propagation: .orphan)
        host.settle()
        #expect(Self.names(host) == ["b", "c"])
        #expect(host.view.stored[0].metadata.ownerReferences.isEmpty)
        #expect(host.view.stored[1].metadata.ownerReferences.count == 1)
    }

    @Test("breaks a circle in a foreground deletion")
    func circle() {
        var host = FakeHost([GarbageCollectorReconciler()])
        let a = host.view.add(Self.thing("a"))
        let b = host.view.add(Self.thing("b", owners: [a]))
        host.view.change(Fixtures.key(.service, "a")) {
            $0.metadata.ownerReferences = Self.thing("x", owners: [b]).metadata.ownerReferences
        }
        host.settle()
        #expect(Self.names(host) == ["a", "b"])
        _ = host.view.delete(Fixtures.key(.service, "a"), propagation: .foreground)
        host.settle()
        #expect(Self.names(host).isEmpty)
    }

    @Test("keeps an object that one owner still holds, and drops the reference to the other")
    func twoOwners() {
        var host = FakeHost([GarbageCollectorReconciler()])
        let a = host.view.add(Self.thing("a"))
        let b = host.view.add(Self.thing("b"))
        host.view.add(Self.thing("c", owners: [a, b]))
        _ = host.view.delete(Fixtures.key(.service, "a"))
        host.settle()
        #expect(Self.names(host) == ["b", "c"])
        #expect(host.view.stored[1].metadata.ownerReferences.map(\.name) == ["b"])
    }

    @Test("deletes what is created for an owner that is not there")
    func absent() {
        var host = FakeHost([GarbageCollectorReconciler()])
        var ghost = Self.thing("ghost")
        ghost.metadata.uid = UID(text: "ghost")
        host.view.add(Self.thing("c", owners: [ghost]))
        host.settle()
        #expect(host.view.stored.isEmpty)
    }

    @Test(
        "deletes what names its owner wrongly, and leaves alone what has no namespace to look in",
        arguments: [
            ("rightly", false, nil), ("by another name", true, nil), ("by another kind", true, nil),
            ("from another namespace", true, "OwnerRefInvalidNamespace"),
            ("from no namespace", false, "OwnerRefInvalidNamespace"),
        ] as [(String, Bool, String?)])
    func coordinates(_ how: String, _ goes: Bool, _ event: String?) throws {
        var host = FakeHost([GarbageCollectorReconciler()])
        let owner = host.view.add(Self.thing("a"))
        var metadata = Self.thing("b", owners: [owner]).metadata
        if how == "by another name" { metadata.ownerReferences[0].name = "x" }
        if how == "by another kind" { metadata.ownerReferences[0].kind = "ReplicaSet" }
        if how == "from another namespace" { metadata.namespace = "other" }
        if how == "from no namespace" {
            metadata.namespace = ""
            host.view.add(.persistentVolume(PersistentVolume(metadata: metadata, spec: PersistentVolume.Spec())))
        } else {
            host.view.add(.service(Service(metadata: metadata)))
        }
        host.settle()
        #expect(Self.names(host) == (goes ? ["a"] : ["a", "b"]))
        #expect(host.events.first?.reason == event)
        // A cluster-scoped object outlives even the owner.
        _ = host.view.delete(owner.key)
        host.settle()
        #expect(Self.names(host) == (how == "from no namespace" ? ["b"] : []))
    }

    @Test("lets go of an owner that need not wait for its dependents any more")
    func secondThoughts() {
        var host = FakeHost([GarbageCollectorReconciler()])
        let a = host.view.add(Self.thing("a"))
        host.view.add(Self.thing("b", owners: [a]))
        host.view.change(Fixtures.key(.service, "b")) { $0.metadata.finalizers = ["example.com/hold"] }
        _ = host.view.delete(a.key, propagation: .foreground)
        host.settle()
        #expect(Self.names(host) == ["a", "b"])
        _ = host.view.delete(a.key, propagation: .background)
        host.settle()
        #expect(Self.names(host) == ["b"])
    }

    @Test("takes a deployment apart from the pods up in a foreground deletion")
    func deployment() {
        var host = FakeHost([DeploymentReconciler(), ReplicaSetReconciler(), GarbageCollectorReconciler()])
        host.view.add(.deployment(Fixtures.deployment(2)))
        host.settle()
        host.kubelet()
        host.settle()
        _ = host.view.delete(Fixtures.key(.deployment, "web"), propagation: .foreground)
        host.settle()
        #expect(host.view.stored.count == 4)
        #expect(host.view.pods.allSatisfy { $0.isTerminating })
        host.kubelet()
        host.settle()
        #expect(host.view.stored.isEmpty)
    }
}
