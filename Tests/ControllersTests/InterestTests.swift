import Chronology
import ControlPlane
import FakeCluster
import KubernetesAPI
import Testing

@testable import Controllers

@Suite("A controller finds no keys in changes that it did not ask for")
struct InterestTests {
    /// A cluster with one object of every kind that controllers look up.
    private static func view() -> FakeView {
        let view = FakeView()
        var tainted = Fixtures.node("n1")
        tainted.spec.taints = [Taint(key: "t", effect: .noExecute)]
        var budget = PodDisruptionBudget(metadata: ObjectMeta(name: "b", namespace: "d"))
        budget.selector = LabelSelector(matchLabels: ["app": "web"])
        let webSelector = LabelSelector(matchLabels: ["app": "web"])
        var terminating = Namespace(metadata: ObjectMeta(name: "t"))
        terminating.metadata.deletionTimestamp = .start
        let objects: [KubernetesObject] = [
            .node(tainted), .node(Fixtures.node("n2")), .deployment(Fixtures.deployment(2)),
            .replicaSet(Fixtures.replicaSet(2)), .job(Fixtures.job(1)),
            .podDisruptionBudget(budget), .statefulSet(Fixtures.statefulSet(2)),
            .daemonSet(Fixtures.daemonSet { $0.selector = webSelector }),
            .replicationController(Fixtures.replicationController(2)), .namespace(terminating),
            .service(EndpointsTests.service()), .storageClass(VolumeTests.storageClass()),
            .persistentVolume(VolumeTests.volume("v")), .persistentVolumeClaim(VolumeTests.claim()),
            .controllerRevision(
                ControllerRevision(
                    metadata: ObjectMeta(name: "r", namespace: "d", labels: ["app": "web"]), revision: 1,
                    template: Fixtures.template())),
        ]
        for object in objects { view.add(object) }
        return view
    }

    private static func owner(_ kind: String) -> OwnerReference {
        let names = ["Job": "j", "ReplicaSet": "rs", "DaemonSet": "agent", "ReplicationController": "rc"]
        return OwnerReference(apiVersion: "v1", kind: kind, name: names[kind] ?? "x", uid: UID(text: kind))
    }

    private static let mutations: [(String, @Sendable (inout Pod) -> Void)] = [
        ("nothing", { _ in }),
        ("bound", { $0.nodeName = "n1" }),
        ("phase", { $0.status.phase = $0.status.phase == .running ? .failed : .running }),
        ("readiness", { $0.status.conditions = [Condition("Ready", $0.isReady ? .false : .true, at: .start)] }),
        ("deletion", { $0.metadata.deletionTimestamp = .start }),
        ("labels", { $0.metadata.labels["app"] = "web2" }),
        ("annotations", { $0.metadata.annotations["a"] = "b" }),
        ("owners", { $0.metadata.ownerReferences = [owner("Job")] }),
        ("orphaned", { $0.metadata.ownerReferences = [] }),
        ("finalizers", { $0.metadata.finalizers = ["x"] }),
        ("disruption", { $0.status.conditions.append(Condition(Condition.disruptionTarget, .true, at: .start)) }),
        ("message", { $0.status.message = "m" }),
        ("spec", { $0.spec.tolerations = [Toleration(key: "t", operator: .exists)] }),
    ]

    @Test("of pods, whatever changes", arguments: [nil, "ReplicaSet", "Job", "StatefulSet", "DaemonSet", "ReplicationController"])
    func pods(ownerKind: String?) {
        let view = Self.view()
        for startsBound in [false, true] {
            var old = Fixtures.pod("p", node: startsBound ? "n1" : nil)
            if let ownerKind { old.metadata.ownerReferences = [Self.owner(ownerKind)] }
            check(.added(.pod(old)), view, "added")
            check(.deleted(.pod(old)), view, "deleted")
            for first in Self.mutations {
                for second in Self.mutations {
                    var new = old
                    first.1(&new)
                    second.1(&new)
                    check(.modified(old: .pod(old), new: .pod(new)), view, "\(first.0), \(second.0)")
                }
            }
        }
    }

    @Test("of other objects")
    func others() {
        let view = Self.view()
        for kind in ObjectKind.allCases where kind != .pod {
            for object in view.objects(of: kind, namespace: nil) {
                check(.added(object), view, kind.name)
                check(.deleted(object), view, kind.name)
                var new = object
                new.metadata.labels["x"] = "y"
                check(.modified(old: object, new: new), view, kind.name)
            }
        }
    }

    private static let audience = ChangeAudience(ControllerRegistry.all.map(\.interest))

    private func check(_ change: WatchEvent, _ view: FakeView, _ what: String) {
        let facets = ChangeFacets(change)
        var present: UInt64 = 0
        for kind in ObjectKind.allCases where !view.objects(of: kind, namespace: nil).isEmpty {
            present |= 1 << UInt64(kind.rawValue)
        }
        let all = Self.audience.bits(for: change)
        let heard = Self.audience.bits(for: change, present: present)
        for (place, descriptor) in ControllerRegistry.all.enumerated() {
            let isIn = all >> UInt32(place) & 1 == 1
            #expect(isIn == descriptor.interest.includes(facets), "the audience of \(what) is wrong on \(descriptor.name)")
            guard heard >> UInt32(place) & 1 == 0 else { continue }
            var controller = descriptor.make()
            let keys = controller.keys(for: change, in: view)
            #expect(keys.isEmpty, "\(descriptor.name) finds \(keys) in \(what)")
        }
    }

    @Test("Pods are of no concern to some controllers until the first object of a kind appears")
    func conditions() {
        let pod = WatchEvent.deleted(.pod(Fixtures.pod("p", node: "n1")))
        let all = Self.audience.bits(for: pod)
        let few = Self.audience.bits(for: pod, present: 0)
        let names = ControllerRegistry.all.enumerated().filter { (all & ~few) >> UInt32($0.offset) & 1 == 1 }.map(\.element.name)
        #expect(names.contains("disruption-controller") && few & ~all == 0 && few != 0)
        // Marks of disruptions are looked after without a budget as well.
        let added = WatchEvent.added(pod.object)
        #expect(Self.audience.bits(for: added, present: 0) & all & ~few != 0)
    }
}
