import KubernetesAPI
import Testing

@testable import SchedulingFramework

/// Which changes make another attempt worthwhile for a pod that InterPodAffinity refused.
@Suite struct InterPodAffinityHintTests {
    struct PodRow: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// The pod's.
        var affinity: Affinity?
        /// Labels of the other pod before and after; nil where there is none.
        var old: StringMap?
        var new: StringMap?
        /// The other pod's.
        var otherAffinity: Affinity?
        var namespace = "default"
        var isOnNode = true
        var isNominated = false
        var expected: QueueingHint

        init(
            _ text: String, _ affinity: Affinity?, _ old: StringMap?, _ new: StringMap?, other: Affinity? = nil,
            in namespace: String = "default", isOnNode: Bool = true, isNominated: Bool = false,
            _ expected: QueueingHint
        ) {
            testDescription = text
            self.affinity = affinity
            self.old = old
            self.new = new
            otherAffinity = other
            self.namespace = namespace
            self.isOnNode = isOnNode
            self.isNominated = isNominated
            self.expected = expected
        }
    }

    private typealias Make = InterPodAffinityTests
    private static let nearDB = Make.near(Make.term("db"))
    private static let farDB = Make.far(Make.term("db"))
    private static let everywhere = Make.near(Make.term("db", namespaceSelector: LabelSelector()))
    private static let inBlue = Make.near(
        Make.term("db", namespaceSelector: LabelSelector(matchLabels: ["team": "blue"])))
    private static let db: StringMap = ["app": "db"]
    private static let other: StringMap = ["app": "other"]

    private static let podRows = [
        PodRow("a pod to be near to came", nearDB, nil, db, .queue),
        PodRow("another pod came", nearDB, nil, other, .skip),
        PodRow("a pod to be near to came, but not on a node", nearDB, nil, db, isOnNode: false, .skip),
        PodRow("it is nominated to a node", nearDB, nil, db, isOnNode: false, isNominated: true, .queue),
        PodRow("it is in another namespace", nearDB, nil, db, in: "blue", .skip),
        PodRow("all namespaces are meant", everywhere, nil, db, in: "blue", .queue),
        PodRow("namespaces chosen by label are not looked up here", inBlue, nil, db, in: "blue", .skip),
        PodRow("of two terms one is met", Make.near(Make.term("db"), Make.term("x")), nil, db, .skip),
        PodRow("a pod to be far from went", farDB, db, nil, .queue),
        PodRow("a pod to be near to went", nearDB, db, nil, .skip),
        PodRow("a pod went that wanted to be far from this one", nil, other, nil, other: Make.far(Make.term("web")), .queue),
        PodRow("a pod went that wanted to be far from a third", nil, other, nil, other: Make.far(Make.term("x")), .skip),
        PodRow("a pod became one to be near to", nearDB, other, db, .queue),
        PodRow("a pod was and is one to be near to", nearDB, db, ["app": "db", "x": "y"], .skip),
        PodRow("a pod is no longer one to be far from", farDB, db, other, .queue),
        PodRow("a pod became one to be far from", farDB, other, db, .skip),
    ]

    @Test("changes of other pods", arguments: podRows)
    func pods(row: PodRow) {
        func object(_ labels: StringMap?) -> KubernetesObject? {
            guard let labels else { return nil }
            var other = Make.pod(2, labels, in: row.namespace, row.otherAffinity).pod
            if row.isOnNode { other.nodeName = "a1" }
            if row.isNominated { other.status.nominatedNodeName = "a1" }
            return .pod(other)
        }
        let pod = Make.pod(1, ["app": "web"], in: "default", row.affinity)
        let action: EventActions = row.old == nil ? .add : row.new == nil ? .delete : .podLabel
        let change = ClusterChange(.assignedPod, action, old: object(row.old), new: object(row.new))
        #expect(InterPodAffinity().hint(pod, after: change) == row.expected)
    }

    @Test("new labels of the pod itself are worth an attempt")
    func ownLabels() {
        let pod = Make.pod(1, ["app": "web"], in: "default", nil)
        let newer = Make.pod(1, ["app": "other"], in: "default", nil)
        let change = ClusterChange(.unscheduledPod, .podLabel, old: .pod(pod.pod), new: .pod(newer.pod))
        #expect(InterPodAffinity().hint(pod, after: change) == .queue)
    }

    struct NodeRow: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var affinity: Affinity?
        /// nil for a node that came.
        var old: StringMap?
        var new: StringMap
        var expected: QueueingHint

        init(_ text: String, _ affinity: Affinity?, _ old: StringMap?, _ new: StringMap, _ expected: QueueingHint) {
            testDescription = text
            self.affinity = affinity
            self.old = old
            self.new = new
            self.expected = expected
        }
    }

    private static let zoneA: StringMap = ["zone": "a"]
    private static let zoneB: StringMap = ["zone": "b"]

    private static let nodeRows = [
        NodeRow("a node came in a domain of affinity", nearDB, nil, zoneA, .queue),
        NodeRow("a node came outside of all domains of affinity", nearDB, nil, [:], .skip),
        NodeRow("a node came outside of all domains of anti-affinity", farDB, nil, [:], .queue),
        NodeRow("a node came for a pod without terms", nil, nil, zoneA, .skip),
        NodeRow("a node entered a domain of affinity", nearDB, [:], zoneA, .queue),
        NodeRow("a node moved to another domain of affinity", nearDB, zoneA, zoneB, .queue),
        NodeRow("a node left a domain of affinity", nearDB, zoneA, [:], .skip),
        NodeRow("a node stayed in its domain", nearDB, zoneA, ["zone": "a", "x": "y"], .skip),
        NodeRow("a node left a domain of anti-affinity", farDB, zoneA, [:], .queue),
        NodeRow("a node moved to another domain of anti-affinity", farDB, zoneA, zoneB, .queue),
        NodeRow("a node entered a domain of anti-affinity", farDB, [:], zoneA, .skip),
    ]

    @Test("changes of nodes", arguments: nodeRows)
    func nodes(row: NodeRow) {
        func node(_ labels: StringMap) -> KubernetesObject { .node(Node(metadata: ObjectMeta(name: "n", labels: labels))) }
        let pod = Make.pod(1, ["app": "web"], in: "default", row.affinity)
        let change = ClusterChange(
            .node, row.old == nil ? .add : .nodeLabel, old: row.old.map(node), new: node(row.new))
        #expect(InterPodAffinity().hint(pod, after: change) == row.expected)
    }
}
