import Chronology
import KubernetesAPI
import Testing

@testable import SchedulingFramework

@Suite struct PodTopologySpreadTests {
    private static let zone: String = "topology.kubernetes.io/zone"
    private static let host: String = "kubernetes.io/hostname"
    private static let web = LabelSelector(matchLabels: ["app": "web"])

    /// A small cluster written as text: `a1:a web web` is a node a1 in zone a with two pods of app web.
    ///
    /// A zone `-` means none. A pod `web!` is terminating, `web@x` lives in namespace x. Nodes whose name ends with `t`
    /// carry a NoSchedule taint, with `s` the label disk=ssd.
    private static func cluster(_ lines: String...) -> Snapshot {
        var number: UInt64 = 100
        return Snapshot(
            nodes: lines.map { line in
                let words = line.split(separator: " ").map(String.init)
                let head = words[0].split(separator: ":").map(String.init)
                var node = Node(metadata: ObjectMeta(name: head[0], labels: [host: head[0]]))
                if head[1] != "-" { node.metadata.labels[zone] = head[1] }
                if head[0].hasSuffix("s") { node.metadata.labels["disk"] = "ssd" }
                if head[0].hasSuffix("t") { node.spec.taints = [Taint(key: "t", effect: .noSchedule)] }
                let info = NodeInfo(node)
                for word in words.dropFirst() {
                    number += 1
                    info.add(pod(word, uid: number))
                }
                return info
            })
    }

    private static func pod(
        _ text: String = "web", uid: UInt64 = 1, _ constraints: [TopologySpreadConstraint] = [],
        edit: (inout Pod) -> Void = { _ in }
    ) -> PodInfo {
        let parts = text.split(separator: "@").map(String.init)
        let app = parts[0].hasSuffix("!") ? String(parts[0].dropLast()) : parts[0]
        var metadata = ObjectMeta(name: "p\(uid)", namespace: parts.count > 1 ? parts[1] : "default")
        metadata.labels = ["app": app]
        metadata.uid = UID(high: 0, low: uid)
        if parts[0].hasSuffix("!") { metadata.deletionTimestamp = .start }
        var spec = PodSpec(containers: [Container(name: "c", image: "i")])
        spec.topologySpreadConstraints = constraints
        var pod = Pod(metadata: metadata, spec: spec)
        edit(&pod)
        return PodInfo(pod)
    }

    private static func hard(_ key: String = zone, skew: Int64 = 1, min: Int64? = nil, edit: (inout TopologySpreadConstraint) -> Void = { _ in })
        -> TopologySpreadConstraint
    {
        var constraint = TopologySpreadConstraint(
            maxSkew: skew, topologyKey: key, whenUnsatisfiable: .doNotSchedule, labelSelector: web, minDomains: min)
        edit(&constraint)
        return constraint
    }

    private static func soft(_ key: String = zone, skew: Int64 = 1) -> TopologySpreadConstraint {
        hard(key, skew: skew) { $0.whenUnsatisfiable = .scheduleAnyway }
    }

    // MARK: - Filter

    /// The nodes that fit, in order; `(name)` is one that lacks a label. nil when the pre-filter skips.
    private static func fitting(
        _ pod: PodInfo, _ snapshot: Snapshot, _ plugin: PodTopologySpread = PodTopologySpread(),
        state: CycleState = CycleState()
    ) -> String? {
        if plugin.preFilter(pod, in: snapshot, state: state).verdict == .skip { return nil }
        return list(pod, snapshot, plugin, state)
    }

    private static func list(
        _ pod: PodInfo, _ snapshot: Snapshot, _ plugin: PodTopologySpread, _ state: CycleState
    ) -> String {
        snapshot.nodes.compactMap { node in
            let verdict = plugin.filter(pod, on: node, state: state)
            if verdict == .success { return node.name }
            if verdict == .unschedulable("node(s) didn't match pod topology spread constraints") { return nil }
            let missing = "node(s) didn't match pod topology spread constraints (missing required label)"
            return verdict == .unresolvable(missing) ? "(\(node.name))" : "\(verdict)"
        }.joined(separator: " ")
    }

    struct FilterRow: Sendable, CustomTestStringConvertible {
        var title: String
        var nodes: [String]
        var constraints: [TopologySpreadConstraint]
        var edit: @Sendable (inout Pod) -> Void
        var expected: String?
        var testDescription: String { title }

        init(
            _ title: String, _ nodes: [String], _ constraints: [TopologySpreadConstraint],
            edit: @escaping @Sendable (inout Pod) -> Void = { _ in }, _ expected: String?
        ) {
            (self.title, self.nodes, self.constraints) = (title, nodes, constraints)
            (self.edit, self.expected) = (edit, expected)
        }
    }

    private static let filterRows: [FilterRow] = [
        FilterRow("without constraints there is nothing to do", ["a1:a web", "b1:b"], [], nil),
        FilterRow("soft constraints do not filter", ["a1:a web", "b1:b"], [soft()], nil),
        FilterRow("the zone with one pod more is full", ["a1:a web", "a2:a", "b1:b"], [hard()], "b1"),
        FilterRow("a skew of two leaves room", ["a1:a web", "b1:b"], [hard(skew: 2)], "a1 b1"),
        FilterRow(
            "what counts is the zone, not the node", ["a1:a web", "a2:a web", "b1:b web", "b2:b web"], [hard()],
            "a1 a2 b1 b2"),
        FilterRow(
            "terminating pods and other namespaces do not count", ["a1:a web! web@x db", "b1:b"], [hard()], "a1 b1"),
        FilterRow(
            "a pod that does not select itself may fill up to the skew", ["a1:a web", "b1:b"], [hard()],
            edit: { $0.metadata.labels = ["app": "db"] }, "a1 b1"),
        FilterRow("a node without the key is out for good", ["a1:a", "x1:-"], [hard()], "a1 (x1)"),
        FilterRow(
            "pods on nodes that lack one of the keys do not count", ["a1:a", "x1:- web web", "b1:b"],
            [hard(), hard(host)], "a1 (x1) b1"),
        FilterRow(
            "both constraints must hold", ["a1:a web", "a2:a", "b1:b web", "b2:b web"], [hard(skew: 1), hard(host)],
            "a2"),
        FilterRow(
            "the emptiest domain may have no room but counts", ["a1:a web", "bt:b"], [hard()], "bt"),
        FilterRow(
            "with the taints honoured, a tainted domain is not there", ["a1:a web", "bt:b"],
            [hard { $0.nodeTaintsPolicy = .honor }], "a1 bt"),
        FilterRow(
            "a tolerated taint does not take the domain away", ["a1:a web", "bt:b"],
            [hard { $0.nodeTaintsPolicy = .honor }],
            edit: { $0.spec.tolerations = [Toleration(operator: .exists)] }, "bt"),
        FilterRow(
            "nodes outside of the node selector are no domain", ["as:a web", "b1:b"], [hard()],
            edit: { $0.spec.nodeSelector = ["disk": "ssd"] }, "as b1"),
        FilterRow(
            "unless the node selector is ignored", ["as:a web", "b1:b"], [hard { $0.nodeAffinityPolicy = .ignore }],
            edit: { $0.spec.nodeSelector = ["disk": "ssd"] }, "b1"),
        FilterRow(
            "with too few domains the minimum is 0", ["a1:a web", "b1:b web"], [hard(min: 3)], ""),
        FilterRow("with enough domains it is not", ["a1:a web", "b1:b web"], [hard(min: 2)], "a1 b1"),
        FilterRow(
            "without a selector nobody counts, nor the pod", ["a1:a web web", "b1:b"], [hard { $0.labelSelector = nil }],
            "a1 b1"),
        FilterRow(
            "an empty selector counts nobody but the pod itself", ["a1:a web web", "b1:b"],
            [hard { $0.labelSelector = LabelSelector() }], "a1 b1"),
        FilterRow(
            "match label keys narrow the selector", ["a1:a web", "b1:b"],
            [hard { $0.matchLabelKeys = ["revision", "absent"] }], edit: { $0.metadata.labels["revision"] = "2" },
            "a1 b1"),
        FilterRow(
            "match label keys that the pod lacks change nothing", ["a1:a web", "b1:b"],
            [hard { $0.matchLabelKeys = ["revision"] }], "b1"),
        FilterRow(
            "where no node is taken into account, the skew alone bounds", ["a1:a web", "b1:b"], [hard()],
            edit: { $0.spec.nodeSelector = ["disk": "none"] }, "a1 b1"),
    ]

    @Test("hard constraints", arguments: filterRows)
    func filter(row: FilterRow) {
        let snapshot = Snapshot(nodes: row.nodes.flatMap { Self.cluster($0).nodes })
        #expect(Self.fitting(Self.pod("web", row.constraints, edit: row.edit), snapshot) == row.expected)
    }

    @Test("a dry run that removes and adds pods sees the counts change, and leaves the others alone")
    func dryRun() {
        let plugin = PodTopologySpread()
        let snapshot = Self.cluster("a1:a web web", "a2:a", "b1:b web", "c1:c web web")
        let pod = Self.pod("web", [Self.hard()])
        let state = CycleState()
        #expect(Self.fitting(pod, snapshot, plugin, state: state) == "b1")
        let node = snapshot.nodes[0]
        let dry = state.copied()
        for other in node.pods { plugin.podRemoved(other, from: node, whenFiltering: pod, state: dry) }
        #expect(Self.list(pod, snapshot, plugin, dry) == "a1 a2")
        plugin.podAdded(node.pods[0], to: node, whenFiltering: pod, state: dry)
        #expect(Self.list(pod, snapshot, plugin, dry) == "a1 a2 b1")
        plugin.podAdded(node.pods[1], to: node, whenFiltering: pod, state: dry)
        #expect(Self.list(pod, snapshot, plugin, dry) == "b1")
        plugin.podAdded(Self.pod("web@x", uid: 50), to: snapshot.nodes[2], whenFiltering: pod, state: dry)
        plugin.podAdded(Self.pod("db", uid: 51), to: snapshot.nodes[2], whenFiltering: pod, state: dry)
        #expect(Self.list(pod, snapshot, plugin, dry) == "b1")
        plugin.podAdded(Self.pod("web", uid: 52), to: snapshot.nodes[2], whenFiltering: pod, state: dry)
        #expect(Self.list(pod, snapshot, plugin, dry) == "a1 a2 b1 c1")
        #expect(Self.list(pod, snapshot, plugin, state) == "b1")
    }

    @Test("the lowest count is right after any changes")
    func lowest() {
        var counts = PodTopologySpread.Counts()
        var plain: [String: Int64] = [:]
        var draw: UInt64 = 7
        for domain in ["a", "b", "c"] {
            counts.collect(2, in: domain)
            plain[domain] = 2
        }
        counts.findLowest()
        for _ in 0..<500 {
            draw = draw &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let domain = ["a", "b", "c", "d"][Int(draw >> 33) % 4]
            let change: Int64 = draw >> 50 & 1 == 0 ? -1 : 1
            counts.add(change, in: domain)
            plain[domain, default: 0] += change
            #expect(counts.lowest == plain.values.min())
            #expect(counts.domains == plain.count)
        }
    }

    // MARK: - Scores

    /// The normalised scores by node, or nil when the plugin is skipped.
    private static func scores(
        _ pod: PodInfo, _ snapshot: Snapshot, candidates: Int? = nil, _ plugin: PodTopologySpread = PodTopologySpread()
    ) -> [Int64]? {
        let state = CycleState()
        let nodes = Array(snapshot.nodes.prefix(candidates ?? snapshot.nodes.count))
        if plugin.preScore(pod, nodes: nodes, in: snapshot, state: state) == .skip { return nil }
        var scores = nodes.map { plugin.score(pod, on: $0, in: snapshot, state: state) }
        plugin.normalize(&scores, nodes: nodes, for: pod, in: snapshot, state: state)
        return scores
    }

    @Test("soft constraints rank the empty domain first")
    func emptyFirst() {
        let pod = Self.pod("web", [Self.soft()])
        // Three zones: weight ln 5 = 1.609…; raw 2, 3, 0.
        #expect(Self.scores(pod, Self.cluster("a1:a web", "b1:b web web", "c1:c")) == [33, 0, 100])
        #expect(Self.scores(pod, Self.cluster("a1:a", "b1:b")) == [100, 100])
        #expect(Self.scores(Self.pod("web", [Self.hard()]), Self.cluster("a1:a", "b1:b")) == nil)
    }

    @Test("pods on nodes that are no candidates count in the zones of those that are")
    func candidates() {
        let snapshot = Self.cluster("a1:a", "b1:b", "a2:a web web web", "c1:c web")
        // Two zones with a candidate: ln 4 · 3 = 4.16.
        #expect(Self.scores(Self.pod("web", [Self.soft()]), snapshot, candidates: 2) == [0, 100])
    }

    @Test("hostnames are counted node by node, whatever the policies")
    func hostnames() {
        let pod = Self.pod("web", [Self.soft(Self.host)]) { $0.spec.nodeSelector = ["disk": "ssd"] }
        // Three candidates: ln 5 · 1, 2 and 0 pods are 1.61, 3.22 and 0.
        #expect(Self.scores(pod, Self.cluster("a1:a web", "a2:a web web web!", "x:-")) == [33, 0, 100])
    }

    @Test("a node without a key of the pod's own constraints scores 0 and is no bound")
    func ignored() {
        let pod = Self.pod("web", [Self.soft(skew: 3), Self.soft(Self.host, skew: 2)])
        // Raw: a 1 · ln 4 + 2 + 1 · ln 4 + 1 = 5.77, b 3.
        #expect(Self.scores(pod, Self.cluster("a1:a web", "b1:b", "x1:- web web web")) == [50, 100, 0])
        #expect(Self.scores(pod, Self.cluster("x1:-", "x2:- web")) == [0, 0])
    }

    struct DefaultRow: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var objects: [KubernetesObject]
        var owner: OwnerReference?
        var expected: [Int64]?
    }

    private static func service(_ name: String, _ selector: StringMap, namespace: String = "default") -> KubernetesObject {
        var service = Service(metadata: ObjectMeta(name: name, namespace: namespace))
        service.selector = selector
        return .service(service)
    }

    private static func owned(_ apiVersion: String, _ kind: String, controller: Bool = true) -> OwnerReference {
        OwnerReference(
            apiVersion: apiVersion, kind: kind, name: "web", uid: UID(high: 3, low: 3), controller: controller)
    }

    private static let defaultRows: [DefaultRow] = {
        let metadata = ObjectMeta(name: "web", namespace: "default")
        var spec = ReplicaSet.Spec()
        spec.selector = web
        let replicaSet = KubernetesObject.replicaSet(ReplicaSet(metadata: metadata, spec: spec))
        let controller = KubernetesObject.replicationController(ReplicationController(metadata: metadata, spec: spec))
        var setSpec = StatefulSet.Spec()
        setSpec.selector = web
        let statefulSet = KubernetesObject.statefulSet(StatefulSet(metadata: metadata, spec: setSpec))
        // Skew 5 by zone and 3 by host, over a1 (web), b1 (db) and x1 (web) without a zone. Raw: a1 1.61 + 4 + 1.61 + 2,
        // b1 4 + 2, x1 only 1.61 + 2.
        let ranked: [Int64] = [44, 77, 100]
        return [
            DefaultRow(testDescription: "without services and owners there is no default", objects: []),
            DefaultRow(
                testDescription: "a service that selects the pod", objects: [service("s", ["app": "web"])],
                expected: ranked),
            DefaultRow(
                testDescription: "services that do not select it, or elsewhere, or nobody",
                objects: [service("s", ["app": "db"]), service("t", ["app": "web"], namespace: "x"), service("u", [:])]),
            DefaultRow(
                testDescription: "the ReplicaSet that owns it", objects: [replicaSet],
                owner: owned("apps/v1", "ReplicaSet"), expected: ranked),
            DefaultRow(
                testDescription: "the StatefulSet that owns it", objects: [statefulSet],
                owner: owned("apps/v1", "StatefulSet"), expected: ranked),
            DefaultRow(
                testDescription: "the ReplicationController that owns it", objects: [controller],
                owner: owned("v1", "ReplicationController"), expected: ranked),
            DefaultRow(
                testDescription: "an owner of another group is another kind", objects: [replicaSet],
                owner: owned("extensions/v1beta1", "ReplicaSet")),
            DefaultRow(
                testDescription: "an owner that is not there", objects: [], owner: owned("apps/v1", "ReplicaSet")),
            DefaultRow(
                testDescription: "an owner that is not the controller", objects: [replicaSet],
                owner: owned("apps/v1", "ReplicaSet", controller: false)),
            DefaultRow(
                testDescription: "a service and an owner together select the pods of both",
                objects: [service("s", ["app": "web"]), replicaSet], owner: owned("apps/v1", "ReplicaSet"),
                expected: ranked),
        ]
    }()

    @Test("built-in constraints select what services and owners select", arguments: defaultRows)
    func systemDefaults(row: DefaultRow) {
        let snapshot = Self.cluster("a1:a web", "b1:b db", "x1:- web")
        for object in row.objects { snapshot.set(object, at: object.key) }
        let pod = Self.pod("web") { if let owner = row.owner { $0.metadata.ownerReferences = [owner] } }
        #expect(Self.scores(pod, snapshot) == row.expected)
        #expect(Self.fitting(pod, snapshot) == nil)
        // Own constraints of any kind displace them.
        #expect(Self.scores(Self.pod("web", [Self.hard()]) { $0.metadata = pod.pod.metadata }, snapshot) == nil)
    }

    @Test("listed constraints filter and rank, and ignore nodes that lack a key")
    func listedDefaults() {
        var arguments = PodTopologySpread.Arguments()
        arguments.defaultingType = .list
        arguments.defaultConstraints = [
            TopologySpreadConstraint(maxSkew: 1, topologyKey: Self.zone, whenUnsatisfiable: .scheduleAnyway),
            TopologySpreadConstraint(maxSkew: 1, topologyKey: Self.zone, whenUnsatisfiable: .doNotSchedule),
        ]
        let plugin = PodTopologySpread(arguments: arguments)
        let snapshot = Self.cluster("a1:a web", "b1:b db", "x1:- web")
        #expect(Self.fitting(Self.pod(), snapshot, plugin) == nil)
        let service = Self.service("s", ["app": "web"])
        snapshot.set(service, at: service.key)
        #expect(Self.fitting(Self.pod(), snapshot, plugin) == "b1 (x1)")
        #expect(Self.scores(Self.pod(), snapshot, plugin) == [0, 100, 0])
        arguments.defaultConstraints = []
        #expect(Self.scores(Self.pod(), snapshot, PodTopologySpread(arguments: arguments)) == nil)
    }
}
