import KubernetesAPI
import Testing

@testable import SchedulingFramework

@Suite struct PluginRuleTests {
    private static func node(labels: StringMap = [:], edit: (inout Node) -> Void = { _ in }) -> NodeInfo {
        var node = Node(metadata: ObjectMeta(name: "n1", labels: labels))
        node.status.allocatable = [.cpu: Quantity(4), .memory: Quantity(8 << 30), .pods: Quantity(3)]
        edit(&node)
        return NodeInfo(node)
    }

    private static func pod(uid: UInt64 = 1, cpu: Int64 = 0, edit: (inout PodSpec) -> Void = { _ in }) -> PodInfo {
        var container = Container(name: "c", image: "i")
        if cpu > 0 { container.requests = [.cpu: Quantity(milli: cpu)] }
        var spec = PodSpec(containers: [container])
        edit(&spec)
        var metadata = ObjectMeta(name: "p\(uid)", namespace: "default")
        metadata.uid = UID(high: 0, low: uid)
        return PodInfo(Pod(metadata: metadata, spec: spec))
    }

    struct SelectorRow: Sendable {
        var op: NodeSelectorRequirement.Operator
        var values: [String]
        var label: String?
        var expected: Bool

        init(_ op: NodeSelectorRequirement.Operator, _ values: [String], _ label: String?, _ expected: Bool) {
            self.op = op
            self.values = values
            self.label = label
            self.expected = expected
        }
    }

    private static let selectorRows: [SelectorRow] = [
        SelectorRow(.in, ["a", "b"], "a", true), SelectorRow(.in, ["b"], "a", false),
        SelectorRow(.in, [], "a", false), SelectorRow(.notIn, ["b"], "a", true),
        SelectorRow(.notIn, ["b"], nil, true), SelectorRow(.exists, [], "a", true),
        SelectorRow(.exists, [], nil, false), SelectorRow(.doesNotExist, [], nil, true),
        SelectorRow(.greaterThan, ["3"], "4", true), SelectorRow(.greaterThan, ["4"], "4", false),
        SelectorRow(.lessThan, ["4"], "x", false), SelectorRow(.greaterThan, ["x"], "4", false),
    ]

    @Test("node selector terms", arguments: selectorRows)
    func selector(row: SelectorRow) {
        var labels = StringMap()
        labels["k"] = row.label
        let requirement = NodeSelectorRequirement(key: "k", operator: row.op, values: row.values)
        let term = NodeSelectorTerm(matchExpressions: [requirement])
        #expect(term.matches(name: "n", labels: labels) == row.expected)
        #expect(!NodeSelectorTerm().matches(name: "n", labels: labels))
    }

    @Test(
        "without a name, fields of nodes play no part if they are well-formed",
        arguments: [(["a"], "", true), (["a"], "a", true), (["a"], "b", false), (["a", "b"], "", false)])
    func fields(values: [String], name: String, expected: Bool) {
        let field = NodeSelectorRequirement(key: "metadata.name", operator: .in, values: values)
        #expect(NodeSelectorTerm(matchFields: [field]).matches(name: name, labels: [:]) == expected)
        let label = NodeSelectorRequirement(key: "k", operator: .exists, values: [])
        let both = NodeSelectorTerm(matchExpressions: [label], matchFields: [field])
        #expect(both.matches(name: name, labels: ["k": ""]) == expected)
        #expect(!both.matches(name: name, labels: [:]))
    }

    @Test("required terms that all name nodes narrow the search; contradictory ones refuse the pod")
    func namedNodes() {
        func field(_ names: String...) -> NodeSelectorRequirement {
            NodeSelectorRequirement(key: "metadata.name", operator: .in, values: names)
        }
        let either = [NodeSelectorTerm(matchFields: [field("b")]), NodeSelectorTerm(matchFields: [field("a")])]
        #expect(NodeAffinity.namedNodes(either) == ["a", "b"])
        #expect(NodeAffinity.namedNodes([NodeSelectorTerm(matchFields: [field("a"), field("b")])]) == [])
        #expect(NodeAffinity.namedNodes([NodeSelectorTerm(matchFields: [field("a")]), NodeSelectorTerm()]) == nil)
    }

    @Test(
        "host ports conflict by address, protocol and number",
        arguments: [
            ("", "10.0.0.1", "TCP", "TCP", true), ("10.0.0.1", "10.0.0.2", "TCP", "TCP", false),
            ("10.0.0.1", "10.0.0.1", "TCP", "UDP", false), ("0.0.0.0", "", "", "TCP", true),
        ])
    func ports(left: String, right: String, leftProtocol: String, rightProtocol: String, expected: Bool) {
        let one = HostPort(ip: left, protocol: leftProtocol, port: 80)
        let other = HostPort(ip: right, protocol: rightProtocol, port: 80)
        #expect(one.conflicts(with: other) == expected)
        #expect(!one.conflicts(with: HostPort(ip: right, protocol: rightProtocol, port: 81)))
    }

    @Test("the first of two pods with a port to leave frees it; a newer version of the other takes it again")
    func sharedPorts() {
        let node = Self.node()
        func pod(_ uid: UInt64) -> PodInfo {
            Self.pod(uid: uid) { $0.containers[0].ports = [ContainerPort(containerPort: 80, hostPort: 80)] }
        }
        node.add(pod(1))
        node.add(pod(2))
        #expect(node.usedPorts == [HostPort(ip: "", protocol: "", port: 80)])
        #expect(!node.replace(pod(2)))
        node.remove(UID(high: 0, low: 1))
        #expect(node.usedPorts == [])
        #expect(node.replace(pod(2)))
        #expect(node.usedPorts == [HostPort(ip: "", protocol: "", port: 80)])
    }

    @Test("a shortage is hopeless when the whole node is too small")
    func fit() {
        let node = Self.node()
        node.add(Self.pod(uid: 9, cpu: 3000))
        let plugin = NodeResourcesFit()
        let state = CycleState()
        #expect(plugin.filter(Self.pod(cpu: 1000), on: node, state: state) == .success)
        #expect(plugin.filter(Self.pod(cpu: 1001), on: node, state: state) == .unschedulable("Insufficient cpu"))
        #expect(plugin.filter(Self.pod(cpu: 4001), on: node, state: state) == .unresolvable("Insufficient cpu"))
        node.add(Self.pod(uid: 10))
        node.add(Self.pod(uid: 11))
        #expect(plugin.filter(Self.pod(), on: node, state: state) == .unschedulable("Too many pods"))
        node.remove(UID(high: 0, low: 11))
        #expect(plugin.filter(Self.pod(), on: node, state: state) == .success)
    }

    @Test("extended resources can be left to others")
    func ignored() {
        var arguments = NodeResourcesFit.Arguments()
        arguments.ignoredResourceGroups = ["example.com"]
        let greedy = Self.pod { $0.containers[0].requests["example.com/foo"] = Quantity(2) }
        let node = Self.node()
        #expect(
            NodeResourcesFit().filter(greedy, on: node, state: CycleState())
                == .unresolvable("Insufficient example.com/foo"))
        let plugin = NodeResourcesFit(arguments: arguments)
        #expect(plugin.filter(greedy, on: node, state: CycleState()) == .success)
        // A new node without them does not wake the pod all the same, as upstream.
        func hint(_ pod: PodInfo) -> QueueingHint {
            plugin.hint(pod, after: ClusterChange(.node, .add, new: .node(node.node)))
        }
        #expect(hint(greedy) == .skip)
        #expect(hint(Self.pod(cpu: 1000)) == .queue)
    }

    @Test(
        "the utilisation curve is straight between its points",
        arguments: zip([0, 15, 30, 65, 100, 120] as [Int64], [100, 75, 50, 75, 100, 100] as [Int64]))
    func curve(utilization: Int64, expected: Int64) {
        let points = [
            UtilizationPoint(utilization: 0, score: 10), UtilizationPoint(utilization: 30, score: 5),
            UtilizationPoint(utilization: 100, score: 10),
        ]
        #expect(UtilizationCurve.score(points, at: utilization) == expected)
    }

    @Test("an image scores from 23 MB up to 1000 MB per container")
    func images() {
        #expect(ImageLocality.score(0, containers: 1) == 0)
        #expect(ImageLocality.score(1000 << 20, containers: 1) == 100)
        #expect(ImageLocality.score(1000 << 20, containers: 2) == 49)
        #expect(PodShape.normalized("host:5000/app") == "host:5000/app:latest")
        #expect(PodShape.normalized("app:1") == "app:1")
    }

    @Test("taints are tolerated by key, value and effect")
    func taints() {
        let taint = Taint(key: "k", value: "v", effect: .noSchedule)
        #expect(TaintToleration.isKeptOff(by: [taint], []))
        #expect(!TaintToleration.isKeptOff(by: [taint], [Toleration(key: "k", value: "v")]))
        let number = Taint(key: "k", value: "5", effect: .noSchedule)
        for comparison in [Toleration.Operator.lessThan, .greaterThan] {
            for value in ["4", "6"] {
                #expect(!Toleration(key: "k", operator: comparison, value: value).tolerates(number))
            }
        }
        #expect(!TaintToleration.isKeptOff(by: [Taint(key: "k", effect: .preferNoSchedule)], []))
        #expect(NodeUnschedulable.tolerates(PodSpec()) == false)
    }

    @Test("reasons are sorted as text behind their counts")
    func message() {
        #expect(
            FailureMessage.compose(nodes: 12, counts: [("b", 2), ("a", 10)])
                == "0/12 nodes are available: 10 a, 2 b.")
        #expect(FailureMessage.compose(nodes: 3, counts: []) == "0/3 nodes are available:")
    }
}
