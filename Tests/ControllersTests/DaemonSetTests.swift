import Chronology
import ControlPlane
@testable import Controllers
import FakeCluster
import KubernetesAPI
import Testing

@Suite("The daemon set controller")
struct DaemonSetTests {
    private static let key = Fixtures.key(.daemonSet, "agent")

    private static func host(_ daemonSet: DaemonSet, nodes: [String] = ["n1", "n2", "n3"]) -> FakeHost {
        var host = FakeHost([DaemonSetReconciler()])
        for name in nodes { host.view.add(.node(Fixtures.node(name))) }
        host.view.add(.daemonSet(daemonSet))
        host.settle()
        return host
    }

    private static func daemonSet(_ host: FakeHost) -> DaemonSet {
        guard case .daemonSet(let found)? = host.view.object(key) else { fatalError("no daemon set") }
        return found
    }

    private static func revisions(_ host: FakeHost) -> [ControllerRevision] {
        host.view.objects(of: .controllerRevision, namespace: "d").compactMap {
            if case .controllerRevision(let revision) = $0 { revision } else { nil }
        }
    }

    private static func setImage(_ image: String, _ host: inout FakeHost) {
        host.view.change(key, spec: true) { object in
            guard case .daemonSet(var daemonSet) = object else { return }
            daemonSet.spec.template = Fixtures.template(image, app: "agent")
            object = .daemonSet(daemonSet)
        }
    }

    private static func numbers(_ host: FakeHost) -> [Int64] {
        let status = daemonSet(host).status
        return [
            status.desiredNumberScheduled, status.currentNumberScheduled, status.updatedNumberScheduled,
            status.numberReady, status.numberAvailable, status.numberUnavailable, status.numberMisscheduled,
        ]
    }

    @Test("makes a revision, and a pod for every node that the scheduler can bind there only")
    func creation() {
        var host = Self.host(Fixtures.daemonSet())
        #expect(Self.revisions(host).map(\.revision) == [1])
        #expect(Self.revisions(host)[0].metadata.controllerReference?.kind == "DaemonSet")
        let hash = Self.revisions(host)[0].metadata.labels["controller-revision-hash"]
        #expect(Self.revisions(host)[0].metadata.name == "agent-\(hash ?? "?")")
        #expect(host.view.pods.map { DaemonSetPlacement.target(of: $0) } == ["n1", "n2", "n3"])
        #expect(host.view.pods.allSatisfy { $0.nodeName == nil && $0.metadata.generateName == "agent-" })
        #expect(host.view.pods.allSatisfy { $0.metadata.labels["controller-revision-hash"] == hash })
        #expect(Self.numbers(host) == [3, 3, 3, 0, 0, 3, 0])
        host.kubelet()
        host.settle()
        #expect(Self.numbers(host) == [3, 3, 3, 3, 3, 0, 0])
        #expect(Self.daemonSet(host).status.observedGeneration == 1)
        #expect(host.events.filter { $0.reason == "SuccessfulCreate" }.count == 3)
        #expect(host.leftovers().isEmpty)
    }

    @Test("gives a new node its pod, and tells of pods on nodes where none belongs any more")
    func nodes() {
        var host = Self.host(Fixtures.daemonSet())
        host.kubelet()
        host.settle()
        host.view.add(.node(Fixtures.node("n4")))
        host.settle()
        #expect(host.view.pods.count == 4)
        host.kubelet()
        host.settle()
        host.view.changeNode("n1") { $0.spec.taints = [Taint(key: "k", effect: .noExecute)] }
        host.settle()
        #expect(Self.numbers(host) == [3, 3, 3, 3, 3, 0, 1])
        host.kubelet()
        host.settle()
        #expect(Self.numbers(host) == [3, 3, 3, 3, 3, 0, 0])
        #expect(host.view.pods.count == 3)
        host.view.changeNode("n1") { $0.spec.taints = [] }
        host.settle()
        #expect(host.view.pods.count == 4)
    }

    @Test("has no ear for the loss of a node: the status lags")
    func lostNode() {
        var host = Self.host(Fixtures.daemonSet())
        host.kubelet()
        host.settle()
        host.view.remove(ObjectKey(.node, name: "n3"))
        #expect(host.settle() == 0)
        #expect(Self.numbers(host) == [3, 3, 3, 3, 3, 0, 0])
    }

    @Test("replaces a failed pod and says why")
    func failure() {
        var host = Self.host(Fixtures.daemonSet(), nodes: ["n1"])
        host.kubelet()
        host.settle()
        let name = host.view.pods[0].metadata.name
        host.exit(host.view.pods[0], .failed)
        host.settle()
        #expect(host.view.pods.count == 1 && host.view.pods[0].status.phase == .pending)
        let told = host.events.first { $0.reason == "FailedDaemonPod" }
        #expect(told?.message == "Found failed daemon pod d/\(name) on node n1, will try to kill it")
        #expect(told?.kind == .warning)
        host.kubelet()
        host.settle()
        host.exit(host.view.pods[0], .failed)
        host.settle()
        #expect(host.view.pods[0].status.phase == .failed, "the second failure within a second waits")
        host.run(for: .seconds(1))
        #expect(host.view.pods[0].status.phase == .pending)
    }

    @Test(
        "rolls over all nodes, within its limits",
        arguments: [
            (IntOrPercent.number(1), IntOrPercent.number(0)), (.number(2), .number(0)), (.percent(50), .number(0)),
            (.number(0), .number(1)), (.number(0), .percent(50)),
        ])
    func rollout(unavailable: IntOrPercent, surge: IntOrPercent) {
        let names = ["n1", "n2", "n3", "n4", "n5"]
        var host = Self.host(Fixtures.daemonSet(unavailable: unavailable, surge: surge), nodes: names)
        host.kubelet()
        host.settle()
        Self.setImage("app:v2", &host)
        let least = 5 - unavailable.scaled(of: 5, roundUp: true)
        for _ in 0..<20 {
            host.settle()
            let available = Set(host.view.pods.filter { $0.isReady && $0.isActive }.compactMap(\.nodeName))
            #expect(Int64(available.count) >= least)
            #expect(Int64(host.view.pods.count(where: \.isActive)) <= 5 + surge.scaled(of: 5, roundUp: true))
            host.kubelet()
            host.run(for: .seconds(1))
        }
        #expect(host.view.pods.count == 5)
        #expect(host.view.pods.allSatisfy { $0.spec.containers[0].image == "app:v2" })
        #expect(Self.numbers(host) == [5, 5, 5, 5, 5, 0, 0])
        #expect(Self.revisions(host).map(\.revision) == [1, 2])
        #expect(host.leftovers().isEmpty)
    }

    @Test("renumbers the revision that it is rolled back to, and keeps as many old ones as it may")
    func history() {
        var host = Self.host(Fixtures.daemonSet { $0.revisionHistoryLimit = 1 }, nodes: ["n1"])
        func roll(_ image: String) {
            Self.setImage(image, &host)
            for _ in 0..<4 {
                host.settle()
                host.kubelet()
            }
            host.settle()
        }
        roll("app:v1")
        roll("app:v2")
        #expect(Self.revisions(host).map(\.revision) == [1, 2])
        roll("app:v1")
        #expect(Self.revisions(host).map(\.revision) == [3, 2])
        roll("app:v3")
        #expect(Self.revisions(host).map(\.revision) == [3, 4])
    }

    @Test("merges revisions that say the same into the newest")
    func duplicates() {
        let daemonSet = Fixtures.daemonSet()
        func revision(_ name: String, _ number: Int64) -> ControllerRevision {
            let labels: StringMap = ["app": "agent", "controller-revision-hash": name]
            return ControllerRevision(
                metadata: ObjectMeta(name: name, namespace: "d", labels: labels), revision: number,
                template: daemonSet.spec.template)
        }
        var host = FakeHost([DaemonSetReconciler()])
        host.view.add(.node(Fixtures.node("n1")))
        host.view.add(.controllerRevision(revision("x", 4)))
        host.view.add(.controllerRevision(revision("y", 7)))
        var pod = Fixtures.pod("bare", node: "n1")
        pod.metadata.labels = ["app": "agent", "controller-revision-hash": "x"]
        host.view.add(.pod(pod))
        host.view.add(.daemonSet(daemonSet))
        host.run(for: .seconds(5))
        #expect(Self.revisions(host).map(\.metadata.name) == ["y"])
        #expect(Self.revisions(host)[0].metadata.controllerReference?.name == "agent")
        #expect(host.view.pods.map(\.metadata.name) == ["bare"])
        #expect(host.view.pods[0].isUpdated(to: "y"))
        #expect(host.view.pods[0].metadata.controllerReference?.name == "agent")
    }

    @Test("counts a collision of names before it records a template")
    func collision() {
        var host = Self.host(Fixtures.daemonSet(), nodes: [])
        let first = Self.revisions(host)[0]
        let key = ObjectKey(.controllerRevision, namespace: "d", name: first.metadata.name)
        host.view.change(key) { object in
            guard case .controllerRevision(var revision) = object else { return }
            revision.template = Fixtures.template("app:v9", app: "agent")
            object = .controllerRevision(revision)
        }
        host.settle()
        #expect(Self.daemonSet(host).status.collisionCount == 1)
        #expect(Self.revisions(host).map(\.revision) == [1, 2])
    }

    @Test("reports although pods cannot be made, and goes on when they can")
    func quota() {
        var host = FakeHost([DaemonSetReconciler()])
        host.view.add(.node(Fixtures.node("n1")))
        host.view.refusesPods = true
        host.view.add(.daemonSet(Fixtures.daemonSet()))
        host.run(for: .seconds(3))
        #expect(Self.numbers(host) == [1, 0, 0, 0, 0, 1, 0])
        #expect(host.events.contains { $0.reason == "FailedCreate" && $0.kind == .warning })
        host.view.refusesPods = false
        host.run(for: .seconds(3))
        #expect(Self.numbers(host) == [1, 1, 1, 0, 0, 1, 0])
    }

    @Test("touches nothing when it selects everything, or is being deleted")
    func refusals() {
        var host = Self.host(Fixtures.daemonSet { $0.selector = LabelSelector() })
        #expect(host.view.pods.isEmpty)
        #expect(host.events.map(\.reason) == ["SelectingAll"])
        host = Self.host(Fixtures.daemonSet())
        _ = host.view.delete(Self.key, propagation: .foreground)
        _ = host.view.delete(host.view.pods[0].key, grace: 0)
        #expect(host.settle() == 0)
        #expect(host.view.pods.count == 2)
    }

    @Test("waits for minReadySeconds before a pod counts as available")
    func minReady() {
        var host = Self.host(Fixtures.daemonSet { $0.minReadySeconds = 10 })
        host.kubelet()
        host.settle()
        #expect(Self.numbers(host) == [3, 3, 3, 3, 0, 3, 0])
        host.run(for: .seconds(9))
        #expect(Self.numbers(host)[4] == 0)
        host.run(for: .seconds(1))
        #expect(Self.numbers(host) == [3, 3, 3, 3, 3, 0, 0])
    }

    @Test("surges on to the next nodes when its new pods have been ready for minReadySeconds")
    func surgeAvailability() {
        let set = Fixtures.daemonSet(unavailable: .number(0), surge: .number(1)) { $0.minReadySeconds = 10 }
        var host = Self.host(set)
        host.kubelet()
        host.run(for: .seconds(10))
        #expect(Self.numbers(host) == [3, 3, 3, 3, 3, 0, 0])
        Self.setImage("app:v2", &host)
        for _ in 0..<30 {
            host.settle()
            host.kubelet()
            host.run(for: .seconds(2))
        }
        #expect(host.view.pods.map { $0.spec.containers[0].image } == ["app:v2", "app:v2", "app:v2"])
        #expect(Self.numbers(host) == [3, 3, 3, 3, 3, 0, 0])
    }

    @Test("does nothing about a view that does not show its own creations yet")
    func expectations() {
        var reconciler = DaemonSetReconciler()
        let view = FakeView()
        view.add(.node(Fixtures.node("n1")))
        view.add(.daemonSet(Fixtures.daemonSet()))
        func creations() -> Int {
            let actions = reconciler.reconcile(Self.key, in: view).actions
            var count = 0
            for case .create(.pod(let pod)) in actions {
                count += 1
                reconciler.observe(.create(.pod(pod)), error: nil)
            }
            return count
        }
        #expect(creations() == 1)
        #expect(creations() == 0)
        view.now = .start + .minutes(6)
        #expect(creations() == 1)
    }
}
