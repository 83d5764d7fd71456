import Chronology
import KubernetesAPI
import Scenarios
import Testing

@Suite("Reading a Karpenter NodePool")
struct ParsingNodePoolTests {
    private func manifest(_ spec: String, disruption: String = "") -> String {
        """
        apiVersion: karpenter.sh/v1
        kind: NodePool
        metadata: {name: general}
        spec:
          template:
            spec:
              nodeClassRef: {group: karpenter.k8s.aws, kind: EC2NodeClass, name: default}
              \(spec)
          disruption: {\(disruption)}
        """
    }

    private func nodePool(_ text: String) -> KarpenterNodePool? {
        guard case .other(let object)? = load(text).objects.first?.object else { return nil }
        return object.nodePool
    }

    @Test("what is left out has upstream's defaults")
    func defaults() throws {
        let pool = try #require(nodePool(manifest("taints: []")))
        #expect(pool.name == "general" && pool.nodeClass == "default" && pool.weight == 0)
        #expect(pool.expireAfter == .hours(720) && pool.terminationGracePeriod == nil)
        #expect(pool.disruption.policy == .whenEmptyOrUnderutilized && pool.disruption.consolidateAfter == .zero)
        #expect(pool.disruption.budgets == [KarpenterNodePool.Budget(nodes: .percent(10))])
    }

    @Test("what is given is kept")
    func given() throws {
        let text = manifest(
            "requirements: [{key: karpenter.sh/capacity-type, operator: In, values: [spot]}]\n      expireAfter: Never",
            disruption: #"budgets: [{nodes: "2", schedule: "0 9 * * *", duration: 8h, reasons: [Empty]}]"#)
        let pool = try #require(nodePool(text))
        #expect(pool.requirements == [.init("karpenter.sh/capacity-type", .in, ["spot"])])
        #expect(pool.expireAfter == nil)
        let budget = try #require(pool.disruption.budgets.first)
        #expect(budget.nodes == .number(2) && budget.duration == .hours(8) && budget.reasons == [.empty])
        #expect(budget.schedule?.text == "0 9 * * *")
    }

    @Test(
        "at least and at most are read as more and less",
        arguments: [
            ("Gte", "4", .init("c", .greaterThan, ["3"])), ("Lte", "4", .init("c", .lessThan, ["5"])),
            ("Gt", "4", .init("c", .greaterThan, ["4"])), ("Lt", "4", .init("c", .lessThan, ["4"])),
            ("Gte", "0", .init("c", .greaterThan, ["-1"])),
        ] as [(String, String, KarpenterNodePool.Requirement)])
    func bounds(rule: String, value: String, requirement: KarpenterNodePool.Requirement) throws {
        let text = manifest(
            "requirements: [{key: c, operator: \(rule), values: [\"\(value)\"]}]",
            disruption: "consolidationPolicy: Balanced")
        let pool = try #require(nodePool(text))
        #expect(pool.requirements == [requirement] && pool.disruption.policy == .balanced)
    }

    /// The same in another order is the same; anything else is not.
    @Test(
        "a node class is known by what it says",
        arguments: [
            ("{amiSelectorTerms: [{alias: al2023@v1}], role: nodes}", true),
            ("{role: nodes, tags: null, amiSelectorTerms: [{alias: al2023@v1}]}", true),
            ("{role: nodes, amiSelectorTerms: [{alias: al2023@v2}]}", false), ("{role: nodes}", false),
            ("{role: other, amiSelectorTerms: [{alias: al2023@v1}]}", false),
        ])
    func nodeClasses(spec: String, isSame: Bool) throws {
        func hash(_ spec: String) -> UInt64? {
            let text =
                "apiVersion: karpenter.k8s.aws/v1\nkind: EC2NodeClass\nmetadata: {name: default}\nspec: \(spec)\n"
            guard case .other(let object)? = load(text).objects.first?.object else { return nil }
            return object.nodeClassHash
        }
        let first = try #require(hash("{role: nodes, amiSelectorTerms: [{alias: al2023@v1}]}"))
        #expect((hash(spec) == first) == isSame)
    }

    @Test("startup taints change the fingerprint of a pool")
    func startupTaints() throws {
        let taint = "startupTaints: [{key: agent, value: starts, effect: NoExecute}]"
        let pool = try #require(nodePool(manifest(taint)))
        #expect(pool.startupTaints == [Taint(key: "agent", value: "starts", effect: .noExecute)])
        let plain = try #require(nodePool(manifest("taints: []")))
        #expect(plain.templateHash != pool.templateHash)
    }

    @Test(
        "a mistake is told with its place",
        arguments: [
            ("requirements: [{key: a, operator: In}]", "", "spec.template.spec.requirements[0].values"),
            ("requirements: [{key: a, operator: Gt, values: [x]}]", "", "spec.template.spec.requirements[0].values"),
            ("requirements: [{key: a, operator: Lte, values: [x]}]", "", "spec.template.spec.requirements[0].values"),
            ("requirements: [{key: a, operator: Inn}]", "", "spec.template.spec.requirements[0].operator"),
            ("expireAfter: 3 days", "", "spec.template.spec.expireAfter"),
            ("taint: []", "", "spec.template.spec.taint"),
            ("taints: []", "budgets: [{nodes: 10%, duration: 1h}]", "spec.disruption.budgets[0].schedule"),
            ("taints: []", "budgets: [{nodes: 10%, reasons: [Emty]}]", "spec.disruption.budgets[0].reasons"),
            ("taints: []", "consolidationPolicy: Always", "spec.disruption.consolidationPolicy"),
        ])
    func mistakes(spec: String, disruption: String, path: String) {
        let errors = load(manifest(spec, disruption: disruption)).diagnostics.filter { $0.severity == .error }
        #expect(errors.map(\.path) == [path])
    }
}
