import KubernetesAPI
import Testing

@testable import SchedulingFramework

/// Three nodes: a1 and a2 in the zone a, b1 in the zone b; a fourth without labels, and cases of who may go where.
@Suite struct InterPodAffinityTests {
    private static let affinityText = "node(s) didn't match pod affinity rules"
    private static let antiText = "node(s) didn't match pod anti-affinity rules"
    private static let existingText = "node(s) didn't satisfy existing pods anti-affinity rules"

    // MARK: - Makers

    /// A pod, and the node that it is on.
    struct Resident: Sendable {
        var node: String
        var labels: StringMap
        var namespace: String
        var affinity: Affinity?

        init(_ node: String, _ labels: StringMap = [:], in namespace: String = "default", _ affinity: Affinity? = nil) {
            self.node = node
            self.labels = labels
            self.namespace = namespace
            self.affinity = affinity
        }
    }

    static func term(
        _ app: String?, by key: String = "zone", namespaces: [String] = [], namespaceSelector: LabelSelector? = nil
    ) -> PodAffinityTerm {
        PodAffinityTerm(
            labelSelector: app.map { LabelSelector(matchLabels: ["app": $0]) }, topologyKey: key,
            namespaces: namespaces, namespaceSelector: namespaceSelector)
    }

    static func near(_ terms: PodAffinityTerm...) -> Affinity { Affinity(podAffinity: PodAffinityRules(required: terms)) }
    static func far(_ terms: PodAffinityTerm...) -> Affinity {
        Affinity(podAntiAffinity: PodAffinityRules(required: terms))
    }
    static func prefers(_ weight: Int64, _ term: PodAffinityTerm) -> Affinity {
        Affinity(podAffinity: PodAffinityRules(preferred: [WeightedPodAffinityTerm(weight: weight, term: term)]))
    }
    static func avoids(_ weight: Int64, _ term: PodAffinityTerm) -> Affinity {
        Affinity(podAntiAffinity: PodAffinityRules(preferred: [WeightedPodAffinityTerm(weight: weight, term: term)]))
    }

    static func pod(_ uid: UInt64, _ labels: StringMap, in namespace: String, _ affinity: Affinity?) -> PodInfo {
        var metadata = ObjectMeta(name: "p\(uid)", namespace: namespace, labels: labels)
        metadata.uid = UID(high: 0, low: uid)
        var spec = PodSpec(containers: [Container(name: "c", image: "i")])
        spec.affinity = affinity
        return PodInfo(Pod(metadata: metadata, spec: spec))
    }

    static func snapshot(_ residents: [Resident]) -> Snapshot {
        let labels: [(String, StringMap)] = [
            ("a1", ["host": "a1", "zone": "a"]), ("a2", ["host": "a2", "zone": "a"]),
            ("b1", ["host": "b1", "zone": "b"]), ("bare", [:]),
        ]
        let snapshot = Snapshot(
            nodes: labels.map { NodeInfo(Node(metadata: ObjectMeta(name: $0.0, labels: $0.1))) })
        for (name, labels) in [("default", StringMap()), ("blue", ["team": "blue"]), ("red", ["team": "red"])] {
            let namespace = Namespace(metadata: ObjectMeta(name: name, labels: labels))
            snapshot.objects[ObjectKey(.namespace, name: name)] = .namespace(namespace)
        }
        for (index, resident) in residents.enumerated() {
            let other = pod(UInt64(index) + 100, resident.labels, in: resident.namespace, resident.affinity)
            snapshot.nodes.first { $0.name == resident.node }?.add(other)
        }
        return snapshot
    }

    // MARK: - Filter

    struct FilterRow: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var labels: StringMap = ["app": "web"]
        var namespace = "default"
        var affinity: Affinity?
        var residents: [Resident] = []
        /// What is said of a1, a2, b1 and the bare node; nil is success. No list stands for a skip.
        var expected: [String?]?

        init(
            _ text: String, labels: StringMap = ["app": "web"], in namespace: String = "default", _ affinity: Affinity?,
            _ residents: [Resident], _ expected: [String?]?
        ) {
            testDescription = text
            self.labels = labels
            self.namespace = namespace
            self.affinity = affinity
            self.residents = residents
            self.expected = expected
        }
    }

    private static let (no, anti, held) = (affinityText, antiText, existingText)
    private static let inBlue = LabelSelector(matchLabels: ["team": "blue"])
    private static let notRed = LabelSelector(
        matchExpressions: [LabelSelector.Requirement(key: "team", operator: .notIn, values: ["red"])])

    private static let filterRows = [
        FilterRow("a pod without terms among pods without any is skipped", nil, [Resident("a1")], nil),
        FilterRow(
            "a pod that the anti-affinity of others does not mean is skipped", nil,
            [Resident("a1", [:], far(term("db")))], nil),
        FilterRow(
            "affinity wants a pod in the domain", near(term("db")), [Resident("a1", ["app": "db"])],
            [nil, nil, no, no]),
        FilterRow(
            "affinity by host wants a pod on the node", near(term("db", by: "host")), [Resident("a1", ["app": "db"])],
            [nil, no, no, no]),
        FilterRow(
            "one pod must match all terms", near(term("db"), term("web")),
            [Resident("a1", ["app": "db"]), Resident("a2", ["app": "web"])], [no, no, no, no]),
        FilterRow(
            "one pod that matches all terms counts in the domain of each",
            near(term("db"), PodAffinityTerm(labelSelector: LabelSelector(), topologyKey: "host")),
            [Resident("a1", ["app": "db"])], [nil, no, no, no]),
        FilterRow("nobody to be near to, not even itself", near(term("db")), [], [no, no, no, no]),
        FilterRow("the first of a group may go wherever the label is", near(term("web")), [], [nil, nil, nil, no]),
        FilterRow(
            "the first of a group must match all of its terms", near(term("web"), term("db")), [], [no, no, no, no]),
        FilterRow(
            "once one of the group runs, the others follow", near(term("web")), [Resident("b1", ["app": "web"])],
            [no, no, nil, no]),
        FilterRow(
            "one of the group outside of all domains does not count", near(term("web")),
            [Resident("bare", ["app": "web"])], [nil, nil, nil, no]),
        FilterRow(
            "the first of a group is not its own neighbour in other namespaces", near(term("web", namespaces: ["red"])),
            [], [no, no, no, no]),
        FilterRow(
            "anti-affinity keeps out of the domain, and lets nodes without the label be", far(term("db")),
            [Resident("a1", ["app": "db"])], [anti, anti, nil, nil]),
        FilterRow(
            "any term of anti-affinity is enough", far(term("db", by: "host"), term("web")),
            [Resident("a1", ["app": "db"]), Resident("b1", ["app": "web"])], [anti, nil, anti, nil]),
        FilterRow(
            "anti-affinity of a pod there keeps the pod out", nil, [Resident("b1", [:], far(term("web")))],
            [nil, nil, held, nil]),
        FilterRow(
            "affinity speaks first, then the pod's anti-affinity, then that of others",
            Affinity(
                podAffinity: PodAffinityRules(required: [term("db")]),
                podAntiAffinity: PodAffinityRules(required: [term("x", by: "host")])),
            [
                Resident("a1", ["app": "db"]), Resident("a1", ["app": "x"], far(term("web"))),
                Resident("b1", [:], far(term("web"))),
            ], [anti, held, no, no]),
        FilterRow(
            "a term without a label selector means no pod", far(term(nil)), [Resident("a1", ["app": "web"])],
            [nil, nil, nil, nil]),
        FilterRow(
            "terms are about the own namespace", in: "red", far(term("db")), [Resident("a1", ["app": "db"], in: "blue")],
            [nil, nil, nil, nil]),
        FilterRow(
            "names of namespaces take the place of the own one", in: "red", far(term("db", namespaces: ["blue"])),
            [Resident("a1", ["app": "db"], in: "blue"), Resident("b1", ["app": "db"], in: "red")],
            [anti, anti, nil, nil]),
        FilterRow(
            "namespaces are chosen by label", far(term("db", namespaceSelector: inBlue)),
            [Resident("a1", ["app": "db"], in: "blue"), Resident("b1", ["app": "db"], in: "default")],
            [anti, anti, nil, nil]),
        FilterRow(
            "namespaces by name and by label add up", far(term("db", namespaces: ["red"], namespaceSelector: inBlue)),
            [Resident("a1", ["app": "db"], in: "blue"), Resident("b1", ["app": "db"], in: "red")],
            [anti, anti, anti, nil]),
        FilterRow(
            "an empty selector chooses all namespaces, known or not",
            far(term("db", namespaceSelector: LabelSelector())),
            [Resident("a1", ["app": "db"], in: "blue"), Resident("b1", ["app": "db"], in: "unknown")],
            [anti, anti, anti, nil]),
        FilterRow(
            "a selector does not choose a namespace that is not known", far(term("db", namespaceSelector: inBlue)),
            [Resident("a1", ["app": "db"], in: "unknown")], [nil, nil, nil, nil]),
        FilterRow(
            "a selector of the pod that chooses what has no labels chooses all",
            far(term("db", namespaceSelector: notRed)), [Resident("a1", ["app": "db"], in: "red")],
            [anti, anti, nil, nil]),
        FilterRow(
            "a selector of a pod on a node looks at the pod's namespace", in: "blue", nil,
            [
                Resident("a1", [:], far(term("web", namespaceSelector: inBlue))),
                Resident("b1", [:], far(term("web"))),
            ], [held, held, nil, nil]),
        FilterRow(
            "such a selector may leave a namespace out", in: "red", nil,
            [Resident("a1", [:], far(term("web", namespaceSelector: notRed)))], nil),
        FilterRow(
            "such a selector takes an unknown namespace for one without labels", in: "unknown", nil,
            [Resident("a1", [:], far(term("web", namespaceSelector: notRed)))], [held, held, nil, nil]),
    ]

    @Test("who may go where", arguments: filterRows)
    func filter(row: FilterRow) {
        let snapshot = Self.snapshot(row.residents)
        let pod = Self.pod(1, row.labels, in: row.namespace, row.affinity)
        let state = CycleState()
        let outcome = InterPodAffinity().preFilter(pod, in: snapshot, state: state)
        guard let expected = row.expected else {
            #expect(outcome.verdict.code == .skip)
            return
        }
        #expect(outcome.verdict.isSuccess)
        #expect(Self.reasons(pod, snapshot, state) == expected)
    }

    /// What is said of each node; the code follows from the reason.
    private static func reasons(_ pod: PodInfo, _ snapshot: Snapshot, _ state: CycleState) -> [String?] {
        snapshot.nodes.map { node in
            let verdict = InterPodAffinity().filter(pod, on: node, state: state)
            if verdict.isSuccess { return nil }
            #expect(verdict.code == (verdict.reasons == [affinityText] ? .unresolvable : .unschedulable))
            return verdict.message
        }
    }

    @Test("a dry run that takes pods away and brings them back leaves the original alone")
    func dryRun() throws {
        let rival = Resident("a1", ["app": "db"], Self.far(Self.term("web")))
        let snapshot = Self.snapshot([rival, Resident("b1", ["app": "cache"])])
        let affinity = Affinity(
            podAffinity: PodAffinityRules(required: [Self.term("cache")]),
            podAntiAffinity: PodAffinityRules(required: [Self.term("db", by: "host")]))
        let pod = Self.pod(1, ["app": "web"], in: "default", affinity)
        let plugin = InterPodAffinity()
        let state = CycleState()
        #expect(plugin.preFilter(pod, in: snapshot, state: state).verdict.isSuccess)
        let before = Self.reasons(pod, snapshot, state)
        #expect(before == [Self.no, Self.no, nil, Self.no])
        let dry = state.copied()
        let cache = Self.pod(2, ["app": "cache"], in: "default", nil)
        plugin.podAdded(cache, to: snapshot.nodes[1], whenFiltering: pod, state: dry)
        #expect(Self.reasons(pod, snapshot, dry) == [Self.anti, Self.held, nil, Self.no])
        let other = try #require(snapshot.nodes[0].pods.first)
        plugin.podRemoved(other, from: snapshot.nodes[0], whenFiltering: pod, state: dry)
        #expect(Self.reasons(pod, snapshot, dry) == [nil, nil, nil, Self.no])
        plugin.podRemoved(cache, from: snapshot.nodes[1], whenFiltering: pod, state: dry)
        plugin.podAdded(other, to: snapshot.nodes[0], whenFiltering: pod, state: dry)
        #expect(Self.reasons(pod, snapshot, dry) == before)
        #expect(Self.reasons(pod, snapshot, state) == before)
    }

    @Test("the last match taken away makes the pod the first of its group again")
    func bootstrapInDryRun() throws {
        let snapshot = Self.snapshot([Resident("b1", ["app": "web"])])
        let pod = Self.pod(1, ["app": "web"], in: "default", Self.near(Self.term("web")))
        let plugin = InterPodAffinity()
        let state = CycleState()
        #expect(plugin.preFilter(pod, in: snapshot, state: state).verdict.isSuccess)
        let other = try #require(snapshot.nodes[2].pods.first)
        plugin.podRemoved(other, from: snapshot.nodes[2], whenFiltering: pod, state: state)
        #expect(Self.reasons(pod, snapshot, state) == [nil, nil, nil, Self.no])
    }

    @Test("without its pre-filter the filter reports an error, as upstream")
    func noPreFilter() {
        let pod = Self.pod(1, [:], in: "default", nil)
        let verdict = InterPodAffinity().filter(pod, on: Self.snapshot([]).nodes[0], state: CycleState())
        #expect(verdict.code == .error)
    }

    // MARK: - Score

    struct ScoreRow: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var affinity: Affinity?
        var residents: [Resident]
        var hardWeight: Int64 = 1
        var ignores = false
        /// Raw scores of a1, a2, b1 and the bare node. No list stands for a skip.
        var raw: [Int64]?
        var normalized: [Int64] = []

        init(
            _ text: String, _ affinity: Affinity?, _ residents: [Resident], hardWeight: Int64 = 1,
            ignores: Bool = false, _ raw: [Int64]?, _ normalized: [Int64] = []
        ) {
            testDescription = text
            self.affinity = affinity
            self.residents = residents
            self.hardWeight = hardWeight
            self.ignores = ignores
            self.raw = raw
            self.normalized = normalized
        }
    }

    private static let scoreRows = [
        ScoreRow("nobody has a say", nil, [Resident("a1", ["app": "db"])], nil),
        ScoreRow("a preference that nobody meets is skipped", prefers(5, term("db")), [Resident("a1")], nil),
        ScoreRow(
            "a preference that is met outside of all domains is skipped", prefers(5, term("db")),
            [Resident("bare", ["app": "db"])], nil),
        ScoreRow(
            "each match adds the weight", prefers(5, term("db")),
            [Resident("a1", ["app": "db"]), Resident("a2", ["app": "db"]), Resident("b1", ["app": "db"])],
            [10, 10, 5, 0], [100, 100, 50, 0]),
        ScoreRow(
            "what the pod avoids counts against the node", avoids(7, term("db")), [Resident("b1", ["app": "db"])],
            [0, 0, -7, 0], [100, 100, 0, 100]),
        ScoreRow(
            "what pods on nodes prefer and avoid counts as well", nil,
            [Resident("a1", [:], prefers(3, term("web", by: "host"))), Resident("b1", [:], avoids(4, term("web")))],
            [3, 0, -4, 0], [100, 57, 0, 57]),
        ScoreRow(
            "required affinity of pods on nodes counts once by default", nil, [Resident("a1", [:], near(term("web")))],
            [1, 1, 0, 0], [100, 100, 0, 0]),
        ScoreRow(
            "required affinity of pods on nodes counts as the argument says", nil,
            [Resident("a1", [:], near(term("web"), term("web", by: "host")))], hardWeight: 20,
            [40, 20, 0, 0], [100, 50, 0, 0]),
        ScoreRow(
            "with a weight of 0 it does not count", nil, [Resident("a1", [:], near(term("web")))], hardWeight: 0, nil),
        ScoreRow(
            "required anti-affinity never counts", nil, [Resident("a1", [:], far(term("web")))], nil),
        ScoreRow(
            "preferences of others may be ignored", nil, [Resident("a1", [:], prefers(3, term("web")))],
            ignores: true, nil),
        ScoreRow(
            "they are not ignored for a pod with preferences", prefers(2, term("db", by: "host")),
            [Resident("a1", ["app": "db"], prefers(3, term("web")))], ignores: true, [5, 3, 0, 0], [100, 60, 0, 0]),
        ScoreRow(
            "weights that cancel out are no skip", nil,
            [Resident("a1", [:], prefers(3, term("web"))), Resident("a1", [:], avoids(3, term("web")))],
            [0, 0, 0, 0], [0, 0, 0, 0]),
        ScoreRow(
            "rounding is that of floating point", prefers(1, term("db", by: "host")),
            Array(repeating: Resident("a1", ["app": "db"]), count: 100)
                + Array(repeating: Resident("a2", ["app": "db"]), count: 29), [100, 29, 0, 0], [100, 28, 0, 0]),
    ]

    @Test("who is preferred where", arguments: scoreRows)
    func score(row: ScoreRow) {
        let snapshot = Self.snapshot(row.residents)
        var arguments = InterPodAffinity.Arguments()
        arguments.hardPodAffinityWeight = row.hardWeight
        arguments.ignoresPreferredTermsOfExistingPods = row.ignores
        let plugin = InterPodAffinity(arguments: arguments)
        let pod = Self.pod(1, ["app": "web"], in: "default", row.affinity)
        let state = CycleState()
        let verdict = plugin.preScore(pod, nodes: snapshot.nodes, in: snapshot, state: state)
        #expect(verdict.code == (row.raw == nil ? .skip : .success))
        guard let raw = row.raw else { return }
        var scores = snapshot.nodes.map { plugin.score(pod, on: $0, in: snapshot, state: state) }
        #expect(scores == raw)
        plugin.normalize(&scores, nodes: snapshot.nodes, for: pod, in: snapshot, state: state)
        #expect(scores == row.normalized)
    }

    @Test("a node knows which of its pods have terms")
    func lists() {
        let node = Self.snapshot([
            Resident("a1"), Resident("a1", [:], Self.far(Self.term("x"))), Resident("a1", [:], Self.near(Self.term("x"))),
        ]).nodes[0]
        #expect(node.podsWithAffinity.map(\.uid.low) == [101, 102])
        #expect(node.podsWithRequiredAntiAffinity.map(\.uid.low) == [101])
        let copy = node.copied()
        copy.remove(UID(high: 0, low: 101))
        #expect(copy.podsWithAffinity.map(\.uid.low) == [102] && copy.podsWithRequiredAntiAffinity.isEmpty)
        #expect(node.podsWithAffinity.count == 2)
    }
}
