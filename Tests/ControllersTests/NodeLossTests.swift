import Chronology
import ControlPlane
import Controllers
import FakeCluster
import KubernetesAPI
import Testing

@Suite("Lost nodes, in the cases that are seldom")
struct NodeLossTests {
    private static func host(_ reconcilers: [any Reconciler], nodes: Int = 1) -> FakeHost {
        var host = FakeHost(reconcilers)
        for index in 1...nodes { host.view.add(.node(Fixtures.node("n\(index)"))) }
        host.settle()
        return host
    }

    private static func silence(_ host: inout FakeHost, _ node: String) {
        let metadata = ObjectMeta(name: node, namespace: NodeLifecycleReconciler.leaseNamespace)
        host.view.add(.lease(Lease(metadata: metadata, renewTime: host.view.now)))
    }

    private static func revive(_ host: inout FakeHost, _ node: String) {
        host.view.remove(ObjectKey(.lease, namespace: NodeLifecycleReconciler.leaseNamespace, name: node))
        let now = host.view.now
        host.view.changeNode(node) { $0.status.conditions.set(Condition("Ready", .true, at: now)) }
    }

    private static func tainted(_ host: FakeHost) -> Int {
        host.view.nodes().filter { $0.spec.taints.contains { $0.effect == .noExecute } }.count
    }

    private static func pod(_ host: FakeHost) -> Pod? { host.view.pod(namespace: "d", name: "p") }

    private static func messages(_ host: FakeHost, _ reason: String) -> [String] {
        host.events.filter { $0.reason == reason }.map { String($0.message.prefix { $0 != " " }) }
    }

    /// A pod that bears the taint `a` for half a minute, and a node that has it.
    private static func evicting(_ more: Toleration? = nil) -> FakeHost {
        var host = host([TaintEvictionReconciler()])
        var pod = Fixtures.pod("p", node: "n1")
        pod.spec.tolerations = [Toleration(key: "a", operator: .exists, tolerationSeconds: 30)]
        if let more { pod.spec.tolerations.append(more) }
        host.view.add(.pod(pod))
        host.view.changeNode("n1") { $0.spec.taints.append(Taint(key: "a", effect: .noExecute)) }
        host.run(for: .seconds(5))
        return host
    }

    // MARK: - Evictions that run

    @Test(
        "a second taint takes the pod at once if it is not tolerated, and changes nothing if it is for no time",
        arguments: [(false, ["Cancelling", "Marking"]), (true, ["Marking"])])
    func secondTaint(isTolerated: Bool, events: [String]) {
        let toleration = Toleration(key: "b", operator: .exists, tolerationSeconds: 0)
        var host = Self.evicting(isTolerated ? toleration : nil)
        host.view.changeNode("n1") { $0.spec.taints.append(Taint(key: "b", effect: .noExecute)) }
        host.settle()
        #expect(Self.pod(host)?.isTerminating == !isTolerated)
        host.run(for: .seconds(25))
        #expect(Self.pod(host)?.isTerminating == true)
        #expect(Self.messages(host, "TaintManagerEviction") == events)
    }

    @Test("they go on when the node is deleted")
    func nodeDeleted() {
        var host = Self.evicting()
        host.view.remove(ObjectKey(.node, name: "n1"))
        host.run(for: .seconds(24))
        #expect(Self.pod(host)?.isTerminating == false)
        host.run(for: .seconds(1))
        #expect(Self.pod(host)?.isTerminating == true)
        #expect(Self.messages(host, "TaintManagerEviction") == ["Marking"])
    }

    @Test("they mark a pod that somebody deleted, and are cancelled when it is gone", arguments: [true, false])
    func podDeleted(isGone: Bool) {
        var host = Self.evicting()
        _ = host.view.apply(.evict(pod: Fixtures.key(.pod, "p")))
        if isGone { host.view.remove(Fixtures.key(.pod, "p")) }
        host.run(for: .minutes(1))
        #expect(Self.messages(host, "TaintManagerEviction") == [isGone ? "Cancelling" : "Marking"])
        let mark = Self.pod(host)?.status.conditions.named("DisruptionTarget")
        #expect(mark?.reason == (isGone ? nil : "DeletionByTaintManager"))
        #expect(host.leftovers().isEmpty)
    }

    // MARK: - Nodes that are not ready

    @Test("pods stay ready on a node that says itself that it is not, even when it falls silent then")
    func notReady() {
        var host = Self.host([NodeLifecycleReconciler()], nodes: 3)
        host.view.add(.pod(Fixtures.pod("p", node: "n1")))
        host.view.changeNode("n1") { $0.status.conditions.set(Condition("Ready", .false, at: .start)) }
        host.run(for: .seconds(10))
        #expect(Self.pod(host)?.isReady == true && Self.tainted(host) == 1)
        Self.silence(&host, "n1")
        host.run(for: .minutes(2))
        #expect(host.view.node("n1")?.status.conditions.named("Ready")?.status == .unknown)
        #expect(Self.pod(host)?.isReady == true)
        #expect(Self.messages(host, "NodeNotReady").isEmpty)
    }

    @Test("the monitor tells of nodes that come, fall silent and go, at its passes")
    func monitor() {
        var host = Self.host([NodeLifecycleReconciler()], nodes: 3)
        host.run(for: .seconds(61))
        #expect(host.events.isEmpty)
        host.view.add(.node(Fixtures.node("late")))
        host.run(for: .seconds(3))
        #expect(host.events.isEmpty)
        host.run(for: .seconds(2))
        Self.silence(&host, "late")
        host.run(for: .minutes(2))
        host.view.remove(ObjectKey(.node, name: "late"))
        host.run(for: .seconds(5))
        #expect(
            host.events.map(\.message) == [
                "Node late event: Registered Node late in Controller", "Node late status is now: NodeNotReady",
                "Node late event: Removing Node late from Controller",
            ])
    }

    // MARK: - Rates

    @Test(
        "what was held back begins ten seconds after the pass that sees the end of it",
        arguments: [(4, 3), (2, 2)])
    func release(nodes: Int, lost: Int) {
        var host = Self.host([NodeLifecycleReconciler()], nodes: nodes)
        for index in 1...lost { Self.silence(&host, "n\(index)") }
        host.run(for: .seconds(82))
        Self.revive(&host, "n\(lost)")
        host.run(for: .seconds(12))
        #expect(Self.tainted(host) == 0)
        host.run(for: .seconds(2))
        #expect(Self.tainted(host) == 1)
        host.run(for: .seconds(8))
        #expect(Self.tainted(host) == 1)
        host.run(for: .seconds(2))
        #expect(Self.tainted(host) == lost - 1)
    }

    @Test("a node that is left out of disruption checks counts for no zone")
    func excluded() {
        var host = Self.host([NodeLifecycleReconciler()], nodes: 4)
        host.view.changeNode("n1") { $0.metadata.labels["node.kubernetes.io/exclude-disruption"] = "" }
        for index in 1...3 { Self.silence(&host, "n\(index)") }
        host.run(for: .seconds(56))
        #expect(Self.tainted(host) == 1)
    }

    @Test("a node that is deleted while it waits has its turn all the same")
    func deletedWhileWaiting() {
        var host = Self.host([NodeLifecycleReconciler()], nodes: 10)
        for index in 1...3 { Self.silence(&host, "n\(index)") }
        host.run(for: .seconds(56))
        #expect(Self.tainted(host) == 1)
        let next = host.view.nodes().first { !$0.isReady && $0.spec.taints.allSatisfy { $0.effect != .noExecute } }
        host.view.remove(ObjectKey(.node, name: next?.metadata.name ?? ""))
        host.run(for: .seconds(12))
        #expect(Self.tainted(host) == 1)
        host.run(for: .seconds(10))
        #expect(Self.tainted(host) == 2)
    }

    // MARK: - Pods without a node

    @Test("pods of a node that is lost a second time are spared anew")
    func lostTwice() {
        var host = Self.host([PodGCReconciler()])
        host.view.add(.pod(Fixtures.pod("q", node: "late")))
        host.run(for: .seconds(70))
        #expect(host.view.pods.isEmpty)
        host.view.add(.node(Fixtures.node("late")))
        host.run(for: .seconds(5))
        host.view.add(.pod(Fixtures.pod("p", node: "late")))
        host.view.remove(ObjectKey(.node, name: "late"))
        host.run(for: .seconds(40))
        #expect(Self.pod(host) != nil)
        host.run(for: .seconds(20))
        #expect(Self.pod(host) == nil)
    }
}
