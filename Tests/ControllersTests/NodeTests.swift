import Chronology
import ControlPlane
import Controllers
import FakeCluster
import KubernetesAPI
import Testing

@Suite("The node controllers")
struct NodeTests {
    private static func host(nodes: Int, zone: (Int) -> String = { _ in "z" }) -> FakeHost {
        var host = FakeHost([NodeLifecycleReconciler(), TaintEvictionReconciler(), PodGCReconciler()])
        for index in 1...nodes { host.view.add(.node(Fixtures.node("n\(index)", zone: zone(index)))) }
        host.settle()
        return host
    }

    private static func silence(_ host: inout FakeHost, _ node: String) {
        let metadata = ObjectMeta(name: node, namespace: NodeLifecycleReconciler.leaseNamespace)
        host.view.add(.lease(Lease(metadata: metadata, renewTime: host.view.now)))
    }

    private static func taints(_ host: FakeHost, _ node: String) -> [String] {
        (host.view.node(node)?.spec.taints ?? []).map { "\($0.key):\($0.effect.rawValue)" }.sorted()
    }

    private static func tainted(_ host: FakeHost) -> Int {
        host.view.nodes().filter { $0.spec.taints.contains { $0.effect == .noExecute } }.count
    }

    private static let noSchedule = "node.kubernetes.io/unreachable:NoSchedule"
    private static let noExecute = "node.kubernetes.io/unreachable:NoExecute"

    @Test("declares a silent node unknown at the first pass after 50 s, and marks its pods not ready")
    func unknown() {
        var host = Self.host(nodes: 3)
        host.view.add(.pod(Fixtures.pod("p", node: "n1")))
        host.run(for: .seconds(3))
        Self.silence(&host, "n1")
        host.run(for: .seconds(51))
        #expect(host.view.node("n1")?.isReady == true)
        host.run(for: .seconds(1))
        #expect(host.view.node("n1")?.status.conditions.map(\.status) == Array(repeating: .unknown, count: 4))
        #expect(host.view.node("n1")?.status.conditions.named("Ready")?.reason == "NodeStatusUnknown")
        #expect(host.view.pod(namespace: "d", name: "p")?.isReady == false)
        #expect(Self.taints(host, "n1").contains(Self.noSchedule))
        host.run(for: .seconds(1))
        #expect(Self.taints(host, "n1") == [Self.noExecute, Self.noSchedule])
    }

    @Test("pods that end are looked at together, by the next scan")
    func scans() {
        let view = FakeView()
        view.now = .start + .seconds(7)
        var controller = PodGCReconciler()
        func ended(_ name: String) -> WatchEvent {
            let pod = Fixtures.pod(name)
            var after = pod
            after.status.phase = .failed
            return .modified(old: .pod(pod), new: .pod(after))
        }
        #expect(controller.keys(for: ended("a"), in: view) == [ReconcilerSettings.periodicKey])
        #expect(controller.reconcile(ReconcilerSettings.periodicKey, in: view).recheckAfter == .seconds(13))
        #expect(controller.keys(for: ended("b"), in: view).isEmpty)
        view.now = .start + .seconds(20)
        #expect(controller.reconcile(ReconcilerSettings.periodicKey, in: view).actions.isEmpty)
        #expect(controller.keys(for: ended("c"), in: view) == [ReconcilerSettings.periodicKey])
    }

    @Test("takes the taints off when the node comes back: NoSchedule at once, NoExecute at the next pass")
    func recovery() {
        var host = Self.host(nodes: 3)
        Self.silence(&host, "n1")
        host.run(for: .seconds(61))
        #expect(Self.taints(host, "n1").count == 2)
        host.view.remove(ObjectKey(.lease, namespace: NodeLifecycleReconciler.leaseNamespace, name: "n1"))
        let now = host.view.now
        host.view.changeNode("n1") { node in
            for type: ConditionType in ["MemoryPressure", "DiskPressure", "PIDPressure"] {
                node.status.conditions.set(Condition(type, .false, at: now))
            }
            node.status.conditions.set(Condition("Ready", .true, at: now))
        }
        host.settle()
        #expect(Self.taints(host, "n1") == [Self.noExecute])
        host.run(for: .seconds(5))
        #expect(Self.taints(host, "n1").isEmpty)
        #expect(host.leftovers().isEmpty)
    }

    @Test("taints one node of a zone with NoExecute every ten seconds")
    func rate() {
        var host = Self.host(nodes: 10)
        for index in 1...4 { Self.silence(&host, "n\(index)") }
        host.run(for: .seconds(56))
        #expect(Self.tainted(host) == 1)
        host.run(for: .seconds(20))
        #expect(Self.tainted(host) == 3)
        host.run(for: .seconds(10))
        #expect(Self.tainted(host) == 4)
    }

    @Test(
        "holds back in a small zone most of which is lost, and in a cluster that is lost whole",
        arguments: [(4, 3), (2, 2)])
    func disruption(nodes: Int, lost: Int) {
        var host = Self.host(nodes: nodes)
        for index in 1...lost { Self.silence(&host, "n\(index)") }
        host.run(for: .minutes(5))
        #expect(Self.tainted(host) == 0)
        #expect(host.view.nodes().filter { !$0.isReady }.count == lost)
        let now = host.view.now
        // One node back: the others have their turn now.
        host.view.remove(ObjectKey(.lease, namespace: NodeLifecycleReconciler.leaseNamespace, name: "n1"))
        host.view.changeNode("n1") { $0.status.conditions.set(Condition("Ready", .true, at: now)) }
        host.run(for: .minutes(1))
        #expect(Self.tainted(host) == lost - 1)
    }

    @Test("slows down in a large zone most of which is lost")
    func large() {
        var host = Self.host(nodes: 60)
        for index in 1...40 { Self.silence(&host, "n\(index)") }
        host.run(for: .seconds(56))
        #expect(Self.tainted(host) == 1)
        host.run(for: .seconds(90))
        #expect(Self.tainted(host) == 1)
        host.run(for: .seconds(20))
        #expect(Self.tainted(host) == 2)
    }

    @Test("evicts from a zone that is lost whole while another stands")
    func zones() {
        var host = Self.host(nodes: 4) { $0 <= 2 ? "a" : "b" }
        for index in 1...2 { Self.silence(&host, "n\(index)") }
        host.run(for: .seconds(70))
        #expect(Self.tainted(host) == 2)
    }

    @Test(
        "tells the state of a zone",
        arguments: [
            (0, 1, NodeZones.State.fullDisruption), (0, 0, .normal), (1, 2, .normal), (1, 3, .partialDisruption),
            (9, 11, .partialDisruption), (10, 11, .normal), (5, 1, .normal),
        ])
    func state(ready: Int64, notReady: Int64, state: NodeZones.State) {
        #expect(NodeZones.state(ready: ready, notReady: notReady, threshold: 55) == state)
    }

    @Test("taints a cordoned node and one under pressure")
    func cordon() {
        var host = Self.host(nodes: 1)
        host.view.changeNode("n1") {
            $0.spec.unschedulable = true
            $0.status.conditions.set(Condition("MemoryPressure", .true, at: .start))
        }
        host.settle()
        #expect(
            Self.taints(host, "n1") == [
                "node.kubernetes.io/memory-pressure:NoSchedule", "node.kubernetes.io/unschedulable:NoSchedule",
            ])
        host.view.changeNode("n1") { $0.spec.unschedulable = false }
        host.settle()
        #expect(Self.taints(host, "n1") == ["node.kubernetes.io/memory-pressure:NoSchedule"])
    }

    // MARK: - Taint eviction

    private static func tolerant(_ seconds: Int64?) -> Toleration {
        Toleration(
            key: "node.kubernetes.io/unreachable", operator: .exists, effect: .noExecute, tolerationSeconds: seconds)
    }

    @Test(
        "lets pods stay for the shortest time of the tolerations that are used",
        arguments: [
            ([Toleration](), TaintEvictionReconciler.Tolerance.never),
            ([NodeTests.tolerant(nil)], .forever),
            ([NodeTests.tolerant(30)], .until(.seconds(30))),
            ([NodeTests.tolerant(-1)], .until(.zero)),
            // The first that matches counts, whatever follows.
            ([NodeTests.tolerant(60), NodeTests.tolerant(5)], .until(.seconds(60))),
            ([NodeTests.tolerant(nil), NodeTests.tolerant(5)], .forever),
        ])
    func tolerance(tolerations: [Toleration], expected: TaintEvictionReconciler.Tolerance) {
        let taint = Taint(key: "node.kubernetes.io/unreachable", effect: .noExecute)
        #expect(TaintEvictionReconciler.tolerance(of: tolerations, taints: [taint]) == expected)
        #expect(TaintEvictionReconciler.tolerance(of: tolerations, taints: []) == .forever)
    }

    @Test("marks and deletes a pod when its time is over, and not when the taint goes first")
    func eviction() {
        var host = Self.host(nodes: 1)
        var pod = Fixtures.pod("p", node: "n1")
        pod.spec.tolerations = [Toleration(key: "k", operator: .exists, tolerationSeconds: 30)]
        host.view.add(.pod(pod))
        let taint = Taint(key: "k", effect: .noExecute)
        host.view.changeNode("n1") { $0.spec.taints.append(taint) }
        host.run(for: .seconds(20))
        host.view.changeNode("n1") { $0.spec.taints.removeAll { $0 == taint } }
        host.run(for: .seconds(20))
        #expect(host.view.pod(namespace: "d", name: "p")?.isTerminating == false)
        #expect(host.events.last?.message == "Cancelling deletion of Pod d/p")
        host.view.changeNode("n1") { $0.spec.taints.append(taint) }
        host.run(for: .seconds(29))
        #expect(host.view.pod(namespace: "d", name: "p")?.isTerminating == false)
        host.run(for: .seconds(1))
        let gone = host.view.pod(namespace: "d", name: "p")
        #expect(gone?.isTerminating == true)
        #expect(gone?.status.conditions.named("DisruptionTarget")?.reason == "DeletionByTaintManager")
    }

    // MARK: - Pod garbage collection

    @Test("removes pods of a node that has been missing for 40 s, as failed")
    func orphanedPods() {
        var host = Self.host(nodes: 1)
        host.run(for: .seconds(1))
        host.view.add(.pod(Fixtures.pod("lost", node: "ghost")))
        host.run(for: .seconds(58))
        #expect(host.view.pod(namespace: "d", name: "lost") != nil)
        host.run(for: .seconds(2))
        #expect(host.view.pod(namespace: "d", name: "lost") == nil)
        #expect(
            host.actions.contains { action in
                guard case .patchPodStatus(_, _, let patch) = action else { return false }
                return patch.phase == .failed && patch.conditions.first?.reason == "DeletionByPodGC"
            })
    }

    @Test("spares pods whose node comes back in time")
    func nodeReturns() {
        var host = Self.host(nodes: 1)
        host.view.add(.pod(Fixtures.pod("lost", node: "late")))
        host.run(for: .seconds(30))
        host.view.add(.node(Fixtures.node("late")))
        host.run(for: .minutes(5))
        #expect(host.view.pod(namespace: "d", name: "lost") != nil)
    }

    @Test("deletes ended pods beyond the threshold: evicted ones first, then the oldest")
    func threshold() {
        var evicted = Fixtures.pod("evicted", phase: .failed)
        evicted.status.reason = "Evicted"
        let pods = [Fixtures.pod("old", phase: .failed), Fixtures.pod("new", phase: .succeeded), evicted]
        let names = PodGCReconciler.surplus(pods, threshold: 1).map(\.key.name)
        #expect(names == ["evicted", "old"])
        #expect(PodGCReconciler.surplus(pods, threshold: 0).isEmpty)
        #expect(PodGCReconciler.surplus(pods, threshold: 3).isEmpty)
    }

    @Test("finds surplus ended pods within 20 s of their end")
    func thresholdInTime() {
        var host = FakeHost([PodGCReconciler(terminatedPodThreshold: 2)])
        host.view.now = .start + .seconds(1)
        for index in 0..<5 {
            host.view.add(.pod(Fixtures.pod("p\(index)", node: nil, phase: .succeeded, ready: false)))
        }
        host.run(for: .seconds(20))
        #expect(host.view.pods.map(\.metadata.name) == ["p3", "p4"])
    }

    @Test("ends deletions that hang on a node that is out of service")
    func outOfService() {
        var host = Self.host(nodes: 2)
        host.view.add(.pod(Fixtures.pod("stuck", node: "n1")))
        host.view.changeNode("n1") {
            $0.status.conditions.set(Condition("Ready", .unknown, at: .start))
            $0.spec.taints.append(Taint(key: PodGCReconciler.outOfServiceTaint, effect: .noSchedule))
        }
        host.settle()
        _ = host.view.delete(Fixtures.key(.pod, "stuck"))
        host.run(for: .seconds(21))
        #expect(host.view.pods.isEmpty)
    }
}
