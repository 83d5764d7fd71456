import Chronology
import ControlPlane
import Controllers
import KubernetesAPI
import Testing

/// Pods are written `node:age[!][flags]`: `new` or `old` says the template; `-` not ready, `x` being deleted, `F` failed,
/// `S` succeeded, `u` not bound yet.
@Suite("The plan of a daemon set")
struct DaemonSetPlanTests {
    struct Row: CustomTestStringConvertible, Sendable {
        var name: String
        var nodes: [String]
        var pods: [String]
        var unavailable: IntOrPercent = .number(1)
        var surge: IntOrPercent = .number(0)
        var onDelete = false
        var minReady: Int64 = 0
        var created: [String] = []
        var deleted: [String] = []

        var testDescription: String { name }
    }

    private static let now = Instant.start + .minutes(1)

    /// Nodes end in `!` under NoSchedule and in `#` under NoExecute.
    private static func node(_ text: String) -> Node {
        var node = Fixtures.node(String(text.filter { $0 != "!" && $0 != "#" }))
        if text.hasSuffix("!") { node.spec.taints = [Taint(key: "k", effect: .noSchedule)] }
        if text.hasSuffix("#") { node.spec.taints = [Taint(key: "k", effect: .noExecute)] }
        return node
    }

    private static func pod(_ text: String, _ index: Int, _ placement: DaemonSetPlacement) -> Pod {
        let parts = text.split(separator: ":").map(String.init)
        let flags = parts.count > 2 ? parts[2] : ""
        let template = placement.template(for: parts[0], labels: ["app": "agent", "controller-revision-hash": parts[1]])
        var pod = Pod(
            metadata: ObjectMeta(name: text, namespace: "d", labels: template.labels), specBox: template.specBox)
        pod.metadata.uid = UID(text: text)
        pod.metadata.creationTimestamp = .start + .seconds(Int64(index))
        if !flags.contains("u") { pod.nodeName = parts[0] }
        if flags.contains("x") { pod.metadata.deletionTimestamp = now }
        pod.status.phase = flags.contains("F") ? .failed : flags.contains("S") ? .succeeded : .running
        // `~` became ready five seconds ago.
        let since: Instant = flags.contains("~") ? now - .seconds(5) : .start
        pod.status.conditions = [Condition("Ready", flags.contains("-") ? .false : .true, at: since)]
        return pod
    }

    static let rows: [Row] = [
        Row(name: "makes one pod on each node", nodes: ["a", "b", "c!", "d#"], pods: [], created: ["a", "b"]),
        Row(name: "does nothing when all is well", nodes: ["a", "b"], pods: ["a:new", "b:new"]),
        Row(name: "keeps a pod that a later NoSchedule would have kept away", nodes: ["a!"], pods: ["a:new"]),
        Row(name: "deletes a pod under NoExecute", nodes: ["a#"], pods: ["a:new"], deleted: ["a:new"]),
        Row(name: "waits while its pod is being deleted", nodes: ["a"], pods: ["a:new:x"]),
        Row(
            name: "does not wait for an ended pod that is being deleted", nodes: ["a"], pods: ["a:new:xF"],
            created: ["a"]),
        Row(
            name: "deletes failed and succeeded pods", nodes: ["a", "b"], pods: ["a:new:F", "b:new:S"],
            deleted: ["a:new:F", "b:new:S"]),
        Row(name: "leaves a failed pod alone that is being deleted", nodes: ["a"], pods: ["a:new:Fx"], created: ["a"]),
        Row(
            name: "keeps the oldest of several pods", nodes: ["a"], pods: ["a:new", "a:new:-", "a:old"],
            deleted: ["a:new:-", "a:old"]),
        Row(
            name: "keeps a bound pod before an older one that waits", nodes: ["a"], pods: ["a:new:u", "a:new"],
            deleted: ["a:new:u"]),
        Row(
            name: "deletes pods that wait for a missing node, and only these", nodes: ["a"],
            pods: ["a:new", "z:new", "z:new:u"], deleted: ["z:new:u"]),

        Row(
            name: "replaces one pod at a time", nodes: ["a", "b", "c"], pods: ["a:old", "b:old", "c:old"],
            deleted: ["a:old"]),
        Row(name: "waits for the new pod to be ready", nodes: ["a", "b", "c"], pods: ["a:new:-", "b:old", "c:old"]),
        Row(name: "goes on when it is", nodes: ["a", "b", "c"], pods: ["a:new", "b:old", "c:old"], deleted: ["b:old"]),
        Row(
            name: "counts a node without a pod as unavailable: it gets one first", nodes: ["a", "b"], pods: ["b:old"],
            created: ["a"]),
        Row(name: "counts a node whose pod is being deleted", nodes: ["a", "b"], pods: ["a:old:x", "b:old"]),
        Row(
            name: "replaces old pods that are not ready at once", nodes: ["a", "b", "c"],
            pods: ["a:old", "b:old:-", "c:old:-"], deleted: ["b:old:-", "c:old:-"]),
        Row(
            name: "replaces two pods at a time", nodes: ["a", "b", "c"], pods: ["a:old", "b:old", "c:old"],
            unavailable: .number(2), deleted: ["a:old", "b:old"]),
        Row(
            name: "rounds a share up", nodes: ["a", "b", "c"], pods: ["a:old", "b:old", "c:old"],
            unavailable: .percent(50), deleted: ["a:old", "b:old"]),
        Row(
            name: "takes nothing for one", nodes: ["a", "b"], pods: ["a:old", "b:old"], unavailable: .number(0),
            deleted: ["a:old"]),
        Row(
            name: "waits until the new pod has been ready long enough", nodes: ["a", "b"], pods: ["a:new:~", "b:old"],
            minReady: 6),
        Row(
            name: "goes on when it has", nodes: ["a", "b"], pods: ["a:new:~", "b:old"], minReady: 5,
            deleted: ["b:old"]),
        Row(name: "updates nobody on delete", nodes: ["a", "b"], pods: ["a:old", "b:old:-"], onDelete: true),

        Row(
            name: "surges onto one node", nodes: ["a", "b"], pods: ["a:old", "b:old"], unavailable: .number(0),
            surge: .number(1), created: ["a"]),
        Row(
            name: "waits for the surging pod", nodes: ["a", "b"], pods: ["a:old", "a:new:-", "b:old"],
            unavailable: .number(0), surge: .number(1)),
        Row(
            name: "deletes the old pod when the new one is available", nodes: ["a", "b"],
            pods: ["a:old", "a:new", "b:old"], unavailable: .number(0), surge: .number(1), deleted: ["a:old"]),
        Row(
            name: "deletes an old pod that is not ready beside a new one", nodes: ["a"], pods: ["a:old:-", "a:new:-"],
            unavailable: .number(0), surge: .number(1), deleted: ["a:old:-"]),
        Row(
            name: "surges beside all old pods that are not ready", nodes: ["a", "b", "c"],
            pods: ["a:old:-", "b:old:-", "c:old"], unavailable: .number(0), surge: .number(1), created: ["a", "b", "c"]),
        Row(
            name: "makes a pod beside one that is being deleted", nodes: ["a"], pods: ["a:old:x"],
            unavailable: .number(0), surge: .number(1), created: ["a"]),
        Row(
            name: "moves away only when enough pods are available", nodes: ["a!", "b"], pods: ["a:old", "b:new:-"],
            unavailable: .number(0), surge: .number(1)),
        Row(
            name: "moves away when enough pods are available", nodes: ["a!", "b"], pods: ["a:old", "b:new"],
            unavailable: .number(0), surge: .number(1), deleted: ["a:old"]),
        Row(
            name: "keeps the oldest of each template when surging", nodes: ["a"],
            pods: ["a:old", "a:new:-", "a:old:~"], unavailable: .number(0), surge: .number(1), deleted: ["a:old:~"]),
    ]

    @Test("makes and deletes what upstream would", arguments: rows)
    func plan(row: Row) {
        let daemonSet = Fixtures.daemonSet(unavailable: row.unavailable, surge: row.surge) { spec in
            if row.onDelete { spec.updateStrategy = .onDelete }
            spec.minReadySeconds = row.minReady
        }
        let placement = DaemonSetPlacement(daemonSet.spec.template)
        let pods = row.pods.enumerated().map { Self.pod($1, $0, placement) }
        let nodes = DaemonSetNodes(row.nodes.map(Self.node), pods: pods, placement: placement)
        var backoff = FailedPodBackoff()
        let plan = DaemonSetPlan.make(daemonSet, nodes: nodes, hash: "new", backoff: &backoff, now: Self.now)
        #expect(plan.created == row.created)
        #expect(plan.deleted.map(\.metadata.name) == row.deleted)
    }

    @Test("makes at most 250 pods at a time")
    func burst() {
        let daemonSet = Fixtures.daemonSet()
        let nodes = DaemonSetNodes(
            (0..<300).map { Fixtures.node("n\($0)") }, pods: [], placement: DaemonSetPlacement(daemonSet.spec.template))
        var backoff = FailedPodBackoff()
        let plan = DaemonSetPlan.make(daemonSet, nodes: nodes, hash: "h", backoff: &backoff, now: Self.now)
        #expect(plan.created.count == 250)
    }

    @Test(
        "sees all new pods but those of the last batch",
        arguments: [(0, 0), (1, 0), (2, 1), (3, 1), (4, 3), (7, 3), (8, 7), (250, 127)])
    func batches(count: Int, seen: Int) {
        #expect(DaemonSetPlan.seen(of: count) == seen)
    }

    @Test("deletes failed pods of a node ever more slowly, and anew after a change of the template")
    func backoff() {
        var daemonSet = Fixtures.daemonSet()
        var backoff = FailedPodBackoff()
        var now = Self.now
        func admit() -> Duration? { backoff.admit(daemonSet, node: "a", now: now) }
        #expect(admit() == nil)
        #expect(admit() == .seconds(1))
        now = now + .seconds(1)
        #expect(admit() == nil)
        now = now + .milliseconds(1999)
        #expect(admit() == .seconds(2))
        now = now + .milliseconds(1)
        #expect(admit() == nil)
        #expect(admit() == .seconds(4))
        #expect(backoff.admit(daemonSet, node: "b", now: now) == nil)
        daemonSet.status.observedGeneration = 2
        #expect(admit() == nil)
        now = now + .minutes(31)
        #expect(admit() == nil)
        #expect(admit() == .seconds(1), "half an hour of peace clears the account")
    }
}
