import ControlPlane
import KubernetesAPI
import Testing

@Suite("A daemon set on a node")
struct DaemonSetPlacementTests {
    struct Row: CustomTestStringConvertible, Sendable {
        var name: String
        var verdict: DaemonSetPlacement.Verdict
        var spec: @Sendable (inout PodSpec) -> Void = { _ in }
        var node: @Sendable (inout Node) -> Void = { _ in }

        var testDescription: String { name }
    }

    private static func taint(_ key: String, _ effect: TaintEffect) -> @Sendable (inout Node) -> Void {
        { $0.spec.taints = [Taint(key: key, effect: effect)] }
    }

    private static func required(_ field: String, _ values: [String]) -> @Sendable (inout PodSpec) -> Void {
        { spec in
            let name = NodeSelectorRequirement(key: field, operator: .in, values: values)
            let term =
                field == "metadata.name"
                ? NodeSelectorTerm(matchFields: [name]) : NodeSelectorTerm(matchExpressions: [name])
            spec.affinity = Affinity(nodeAffinity: NodeAffinityRules(required: NodeSelector(terms: [term])))
        }
    }

    static let rows: [Row] = [
        Row(name: "runs without conditions", verdict: .runs),
        Row(name: "runs where the selector matches", verdict: .runs, spec: { $0.nodeSelector = ["disk": "ssd"] }),
        Row(name: "is excluded by its selector", verdict: .excluded, spec: { $0.nodeSelector = ["disk": "hdd"] }),
        Row(name: "runs where its affinity matches", verdict: .runs, spec: required("disk", ["hdd", "ssd"])),
        Row(name: "is excluded by its affinity", verdict: .excluded, spec: required("disk", ["hdd"])),
        Row(name: "runs on the node it names", verdict: .runs, spec: required("metadata.name", ["n1"])),
        Row(name: "is excluded by another name", verdict: .excluded, spec: required("metadata.name", ["n2"])),
        Row(name: "keeps a pod under NoSchedule", verdict: .keeps, node: taint("k", .noSchedule)),
        Row(name: "is excluded by NoExecute", verdict: .excluded, node: taint("k", .noExecute)),
        Row(name: "ignores PreferNoSchedule", verdict: .runs, node: taint("k", .preferNoSchedule)),
        Row(
            name: "runs where it tolerates", verdict: .runs,
            spec: { $0.tolerations = [Toleration(key: "k", operator: .exists)] }, node: taint("k", .noExecute)),
        Row(
            name: "is excluded by the second of two taints", verdict: .excluded,
            node: { $0.spec.taints = [Taint(key: "a", effect: .noSchedule), Taint(key: "b", effect: .noExecute)] }),
        Row(
            name: "tolerates that the node is not ready", verdict: .runs,
            node: taint("node.kubernetes.io/not-ready", .noExecute)),
        Row(
            name: "keeps its pod on a node that is not ready yet", verdict: .keeps,
            node: taint("node.kubernetes.io/not-ready", .noSchedule)),
        Row(
            name: "keeps its pod on an unreachable node", verdict: .keeps,
            node: {
                $0.spec.taints = [
                    Taint(key: "node.kubernetes.io/unreachable", effect: .noSchedule),
                    Taint(key: "node.kubernetes.io/unreachable", effect: .noExecute),
                ]
            }),
        Row(
            name: "runs on a cordoned node", verdict: .runs, node: taint("node.kubernetes.io/unschedulable", .noSchedule)),
        Row(
            name: "runs under disk pressure", verdict: .runs, node: taint("node.kubernetes.io/disk-pressure", .noSchedule)),
        Row(
            name: "runs under memory pressure", verdict: .runs,
            node: taint("node.kubernetes.io/memory-pressure", .noSchedule)),
        Row(
            name: "runs under pid pressure", verdict: .runs,
            node: taint("node.kubernetes.io/pid-pressure", .noSchedule)),
        Row(
            name: "waits for the network of a node", verdict: .keeps,
            node: taint("node.kubernetes.io/network-unavailable", .noSchedule)),
        Row(
            name: "needs no network on the host's", verdict: .runs, spec: { $0.hostNetwork = true },
            node: taint("node.kubernetes.io/network-unavailable", .noSchedule)),
    ]

    @Test("decides by labels, taints and its own tolerations", arguments: rows)
    func verdict(row: Row) {
        var template = Fixtures.template(app: "agent")
        row.spec(&template.spec)
        var node = Fixtures.node("n1")
        node.metadata.labels["disk"] = "ssd"
        row.node(&node)
        #expect(DaemonSetPlacement(template).verdict(node) == row.verdict)
    }

    @Test("replaces the required affinity of a pod by its node, and keeps the rest")
    func template() {
        var template = Fixtures.template(app: "agent")
        Self.required("disk", ["ssd"])(&template.spec)
        let preferred = PreferredSchedulingTerm(weight: 1, preference: NodeSelectorTerm())
        template.spec.affinity?.nodeAffinity?.preferred = [preferred]
        template.spec.tolerations = [
            Toleration(key: "k", operator: .exists),
            Toleration(
                key: "node.kubernetes.io/not-ready", operator: .exists, effect: .noExecute, tolerationSeconds: 10),
        ]
        let made = DaemonSetPlacement(template).template(for: "n7", labels: ["a": "b"])
        let pod = Pod(metadata: ObjectMeta(), spec: made.spec)
        #expect(DaemonSetPlacement.target(of: pod) == "n7")
        #expect(made.spec.affinity?.nodeAffinity?.required?.terms.count == 1)
        #expect(made.spec.affinity?.nodeAffinity?.preferred == [preferred])
        #expect(made.labels == ["a": "b"])
        #expect(made.spec.tolerations.count == 7)
        #expect(made.spec.tolerations[1].tolerationSeconds == nil, "an endless toleration replaces the limited one")
    }

    @Test("finds the node of a pod by its binding, or else by the name it asks for")
    func target() {
        let none = Pod(metadata: ObjectMeta(), spec: PodSpec())
        #expect(DaemonSetPlacement.target(of: none) == nil)
        var spec = PodSpec()
        Self.required("metadata.name", ["a", "b"])(&spec)
        #expect(DaemonSetPlacement.target(of: Pod(metadata: ObjectMeta(), spec: spec)) == nil)
        #expect(DaemonSetPlacement.target(of: Pod(metadata: ObjectMeta(), spec: spec, nodeName: "c")) == "c")
    }
}
