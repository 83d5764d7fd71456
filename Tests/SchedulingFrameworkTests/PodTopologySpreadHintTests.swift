import Chronology
import Foundation
import KubernetesAPI
import Testing

@testable import SchedulingFramework

@Suite struct PodTopologySpreadHintTests {
    private static let zone: String = "topology.kubernetes.io/zone"

    private static func pod(
        uid: UInt64, _ labels: StringMap = ["app": "web"], on node: String? = "n", namespace: String = "default",
        edit: (inout Pod) -> Void = { _ in }
    ) -> Pod {
        var metadata = ObjectMeta(name: "p\(uid)", namespace: namespace, labels: labels)
        metadata.uid = UID(high: 0, low: uid)
        var pod = Pod(metadata: metadata, spec: PodSpec(), nodeName: node)
        edit(&pod)
        return pod
    }

    /// The pod that waits, with a hard constraint.
    private static func waiting(_ edit: (inout TopologySpreadConstraint) -> Void = { _ in }) -> Pod {
        var constraint = TopologySpreadConstraint(
            maxSkew: 1, topologyKey: zone, whenUnsatisfiable: .doNotSchedule,
            labelSelector: LabelSelector(matchLabels: ["app": "web"]))
        edit(&constraint)
        return pod(uid: 1, on: nil) { $0.spec.topologySpreadConstraints = [constraint] }
    }

    private static func node(_ labels: StringMap, taints: [Taint] = []) -> KubernetesObject {
        var node = Node(metadata: ObjectMeta(name: "n", labels: labels))
        node.spec.taints = taints
        return .node(node)
    }

    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var change: ClusterChange
        var isWorthIt: Bool
        var waiting: Pod

        init(_ title: String, _ change: ClusterChange, _ isWorthIt: Bool, waiting: Pod = PodTopologySpreadHintTests.waiting()) {
            (testDescription, self.change, self.isWorthIt) = (title, change, isWorthIt)
            self.waiting = waiting
        }
    }

    private static func change(_ action: EventActions, _ old: Pod?, _ new: Pod?) -> ClusterChange {
        ClusterChange(.assignedPod, action, old: old.map { .pod($0) }, new: new.map { .pod($0) })
    }

    private static func change(_ action: EventActions, _ old: KubernetesObject?, _ new: KubernetesObject?) -> ClusterChange {
        ClusterChange(.node, action, old: old, new: new)
    }

    private static let tolerant = waiting { $0.nodeTaintsPolicy = .honor }
    private static let rows: [Row] = [
        Row("a counted pod comes", change(.add, nil, pod(uid: 2)), true),
        Row("a counted pod goes", change(.delete, pod(uid: 2), nil), true),
        Row("another pod comes", change(.add, nil, pod(uid: 2, ["app": "db"])), false),
        Row("another pod goes", change(.delete, pod(uid: 2, ["app": "db"]), nil), false),
        Row("a pod of another namespace goes", change(.delete, pod(uid: 2, namespace: "x"), nil), false),
        Row("a pod without a place goes", change(.delete, pod(uid: 2, on: nil), nil), false),
        Row(
            "a pod with a nomination goes",
            change(.delete, pod(uid: 2, on: nil) { $0.status.nominatedNodeName = "n" }, nil), true),
        Row("a pod becomes counted", change(.podLabel, pod(uid: 2, [:]), pod(uid: 2)), true),
        Row(
            "a label changes that is not asked for",
            change(.podLabel, pod(uid: 2), pod(uid: 2, ["app": "web", "x": "y"])), false),
        Row("nothing of the labels changes", change(.otherUpdate, pod(uid: 2), pod(uid: 2)), false),
        Row(
            "the pod itself tolerates more, where taints are honoured",
            change(.podToleration, tolerant, edited(tolerant)), true, waiting: tolerant),
        Row(
            "the pod itself tolerates more, where they are not",
            change(.podToleration, waiting(), edited(waiting())), false),
        Row("a node with the key comes", change(.add, nil, node([zone: "a"])), true),
        Row("a node without the key comes", change(.add, nil, node([:])), false),
        Row("a node with the key goes", change(.delete, node([zone: "a"]), nil), true),
        Row("a node without the key goes", change(.delete, node([:]), nil), false),
        Row("a node moves to another domain", change(.nodeLabel, node([zone: "a"]), node([zone: "b"])), true),
        Row("a node loses the key", change(.nodeLabel, node([zone: "a"]), node([:])), true),
        Row(
            "a node changes another label", change(.nodeLabel, node([zone: "a"]), node([zone: "a", "x": "y"])), false),
        Row(
            "a node loses a taint",
            change(.nodeTaint, node([zone: "a"], taints: [Taint(key: "t", effect: .noSchedule)]), node([zone: "a"])),
            true),
        Row(
            "a node without the key loses a taint",
            change(.nodeTaint, node([:], taints: [Taint(key: "t", effect: .noSchedule)]), node([:])), false),
    ]

    private static func edited(_ pod: Pod) -> Pod {
        var pod = pod
        pod.spec.tolerations = [Toleration(operator: .exists)]
        return pod
    }

    @Test("what is worth another attempt", arguments: rows)
    func hints(row: Row) {
        let hint = PodTopologySpread().hint(PodInfo(row.waiting), after: row.change)
        #expect((hint == .queue) == row.isWorthIt)
    }

    @Test("where default constraints refuse a pod, any pod of its namespace may matter")
    func defaults() {
        var arguments = PodTopologySpread.Arguments()
        arguments.defaultingType = .list
        arguments.defaultConstraints = [
            TopologySpreadConstraint(maxSkew: 1, topologyKey: Self.zone, whenUnsatisfiable: .doNotSchedule)
        ]
        let plugin = PodTopologySpread(arguments: arguments)
        let pod = PodInfo(Self.pod(uid: 1, on: nil))
        #expect(plugin.hint(pod, after: Self.change(.add, nil, Self.pod(uid: 2, ["app": "db"]))) == .queue)
        #expect(plugin.hint(pod, after: Self.change(.add, nil, Self.pod(uid: 2, namespace: "x"))) == .skip)
        #expect(plugin.hint(pod, after: Self.change(.podLabel, Self.pod(uid: 2), Self.pod(uid: 2, [:]))) == .queue)
        #expect(plugin.hint(pod, after: Self.change(.add, nil, Self.node([:]))) == .skip)
        #expect(plugin.hint(pod, after: Self.change(.add, nil, Self.node([Self.zone: "a"]))) == .queue)
    }

    // MARK: - Arithmetic

    @Test("the logarithm is the right one to the last bit but one")
    func logarithm() {
        for size in 0...60_000 {
            let ours = PodTopologySpread.topologyWeight(domains: size)
            let theirs = log(Double(size + 2))
            #expect((ours - theirs).magnitude <= theirs.ulp, "ln \(size + 2)")
        }
        #expect(PodTopologySpread.naturalLogarithm(1) == 0)
    }

    @Test("credits are rounded half away from zero, and scores turned around")
    func arithmetic() {
        #expect(PodTopologySpread.credit(count: 3, maxSkew: 5, weight: 1.5) == 8.5)
        #expect(PodTopologySpread.rawScore(8.5) == 9)
        #expect(PodTopologySpread.rawScore(8.49) == 8)
        #expect(PodTopologySpread.normalized(9, lowest: 3, highest: 9) == 33)
        #expect(PodTopologySpread.normalized(3, lowest: 3, highest: 9) == 100)
        #expect(PodTopologySpread.normalized(0, lowest: 0, highest: 0) == 100)
        #expect(PodTopologySpread.globalMinimum(lowest: 4, domains: 2, minDomains: 3) == 0)
        #expect(PodTopologySpread.globalMinimum(lowest: 4, domains: 3, minDomains: 3) == 4)
        #expect(PodTopologySpread.isTooSkewed(count: 4, selfMatch: 1, minimum: 4, maxSkew: 1) == false)
        #expect(PodTopologySpread.isTooSkewed(count: 5, selfMatch: 1, minimum: 4, maxSkew: 1))
    }

    // MARK: - Selectors in the snapshot

    @Test("services are found by namespace, and a change of what selects pods has a new version")
    func snapshot() {
        let snapshot = Snapshot()
        func put(_ object: KubernetesObject) -> Bool {
            let before = snapshot.selectorVersion
            snapshot.set(object, at: object.key)
            return snapshot.selectorVersion != before
        }
        var service = Service(metadata: ObjectMeta(name: "b", namespace: "x"))
        service.selector = ["app": "web"]
        #expect(put(.service(service)))
        #expect(!put(.service(service)))
        var other = service
        other.metadata.name = "a"
        #expect(put(.service(other)))
        #expect(snapshot.services(in: "x").map(\.metadata.name) == ["a", "b"])
        other.selector = ["app": "db"]
        #expect(put(.service(other)))
        #expect(snapshot.services(in: "x").map(\.selector) == [["app": "db"], ["app": "web"]])
        var set = ReplicaSet(metadata: ObjectMeta(name: "r", namespace: "x"), spec: ReplicaSet.Spec())
        #expect(put(.replicaSet(set)))
        set.status.replicas = 3
        #expect(!put(.replicaSet(set)))
        set.spec.selector = LabelSelector()
        #expect(put(.replicaSet(set)))
        #expect(!put(.namespace(Namespace(metadata: ObjectMeta(name: "x")))))
        let version = snapshot.selectorVersion
        snapshot.set(nil, at: KubernetesObject.service(service).key)
        #expect(snapshot.selectorVersion != version)
        #expect(snapshot.services(in: "x").map(\.metadata.name) == ["a"])
        // Replaced as a whole, they are found anew.
        snapshot.objects = [KubernetesObject.service(service).key: .service(service)]
        #expect(snapshot.services(in: "x").map(\.metadata.name) == ["b"])
        #expect(snapshot.services(in: "y").isEmpty)
    }
}
