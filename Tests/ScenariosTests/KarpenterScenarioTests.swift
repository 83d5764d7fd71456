import Autoscalers
import Chronology
import KubernetesAPI
import Scenarios
import Simulation
import Testing

@Suite("Karpenter in a scenario")
struct KarpenterScenarioTests {
    private static func manifest(_ requirements: String = "", spec: String = "", name: String = "general") -> String {
        ScenarioFixtures.web + """

            ---
            apiVersion: karpenter.sh/v1
            kind: NodePool
            metadata: {name: \(name)}
            spec:
              template:
                spec:
                  nodeClassRef: {group: karpenter.k8s.aws, kind: EC2NodeClass, name: default}
                  requirements: [\(requirements)]
                  \(spec)
            ---
            apiVersion: karpenter.k8s.aws/v1
            kind: EC2NodeClass
            metadata: {name: default}
            spec: {role: nodes, amiSelectorTerms: [{alias: al2023@latest}]}
            """
    }

    private func load(_ karpenter: String, manifest: String = Self.manifest(), more: String = "") -> LoadedScenario {
        ScenarioFixtures.load(
            spec: "  autoscaler: {karpenter: {\(karpenter)}}\n  pools: [{name: a, machineType: m6i.large, count: 1, "
                + "zones: [us-east-1b, us-east-1a]}]\n\(more)", manifest: manifest)
    }

    @Test("a NodePool is all that it takes")
    func standard() throws {
        let loaded = load("")
        let setup = try #require(loaded.setup, "\(loaded.diagnostics)")
        #expect(setup.autoscalers.count == 1 && setup.market.zones == ["us-east-1a", "us-east-1b"])
        #expect(setup.market.models.count > 1000 && setup.market.models.allSatisfy { $0.onDemandPrice != nil })
        #expect(ScenarioFixtures.warnings(loaded).isEmpty, "\(loaded.diagnostics)")
        let model = try #require(setup.market.models.first { $0.name == "m6i.large" })
        #expect(model.labels["karpenter.k8s.aws/instance-category"] == "m")
        #expect(model.labels["karpenter.k8s.aws/instance-generation"] == "6")
        #expect(model.allocatable[.cpu] == Quantity(milli: 1930))
    }

    @Test("without pools Karpenter buys everything; without NodePools there is none")
    func alone() throws {
        let alone = ScenarioFixtures.load(spec: "  # pools:\n", manifest: Self.manifest())
        #expect(alone.setup?.market.zones == ["us-east-1a", "us-east-1b", "us-east-1c"], "\(alone.diagnostics)")
        let none = load("", manifest: ScenarioFixtures.web)
        #expect(none.setup?.autoscalers.isEmpty == true)
        #expect(ScenarioFixtures.warnings(none).contains { $0.contains("no NodePool is among the manifests") })
    }

    @Test(
        "machine types and zones are chosen",
        arguments: [
            ("machineTypes: m6i.large", 1), ("machineTypes: [\"m6i.*large\", c6i.xlarge]", 10),
            ("machineTypes: \"m6i.*\", zones: [us-east-1c]", 10),
        ])
    func choices(karpenter: String, count: Int) throws {
        let setup = try #require(load(karpenter).setup)
        #expect(setup.market.models.count == count, "\(setup.market.models.map(\.name))")
        #expect(setup.market.zones == (karpenter.contains("zones") ? ["us-east-1c"] : ["us-east-1a", "us-east-1b"]))
    }

    @Test(
        "a mistake is answered with its place",
        arguments: [
            ("batch-idle-duration: 0s", "spec.autoscaler.karpenter.batch-idle-duration"),
            ("batch-max-duration: 500ms", "spec.autoscaler.karpenter.batch-max-duration"),
            ("machineTypes: m6i.larg", "spec.autoscaler.karpenter.machineTypes"),
            ("machineTypes: [m6i.large, \"zz*\"]", "spec.autoscaler.karpenter.machineTypes[1]"),
            ("zone: [us-east-1a]", "spec.autoscaler.karpenter.zone"),
            ("preference-policy: Never", "spec.autoscaler.karpenter.preference-policy"),
            ("startup-taint-removal: soon", "spec.autoscaler.karpenter.startup-taint-removal"),
        ])
    func mistakes(karpenter: String, path: String) {
        let loaded = load(karpenter)
        #expect(loaded.diagnostics.filter { $0.severity == .error }.map(\.path) == [path], "\(loaded.diagnostics)")
    }

    @Test(
        "what cannot be as it says is warned of",
        arguments: [
            ("{key: karpenter.k8s.aws/instance-local-nvme, operator: Gt, values: [\"100\"]}", "", "not known of machine types"),
            ("{key: team, operator: In, values: [a, b]}", "", "its nodes get the first: a"),
            ("{key: kubernetes.io/arch, operator: In, values: [riscv64]}", "", "no machine type on sale"),
        ])
    func warnings(requirements: String, spec: String, words: String) {
        let loaded = load("", manifest: Self.manifest(requirements, spec: spec))
        #expect(loaded.setup != nil)
        #expect(ScenarioFixtures.warnings(loaded).contains { $0.contains(words) }, "\(loaded.diagnostics)")
    }

    @Test("startup taints, node classes and settings are read")
    func settings() throws {
        let loaded = load(
            "preference-policy: Ignore, startup-taint-removal: 20s",
            manifest: Self.manifest(spec: "startupTaints: [{key: a, effect: NoSchedule}]"))
        let setup = try #require(loaded.setup, "\(loaded.diagnostics)")
        #expect(ScenarioFixtures.warnings(loaded).isEmpty, "\(loaded.diagnostics)")
        let karpenter = try #require(setup.autoscalers.first?.make() as? Karpenter)
        #expect(karpenter.parameters.preferencePolicy == .ignore)
        #expect(karpenter.parameters.startupTaintRemoval == .seconds(20))
        let others = setup.objects.compactMap { if case .other(let object) = $0 { object } else { nil } }
        #expect(others.compactMap(\.nodePool).first?.startupTaints.map(\.key) == ["a"])
        #expect(others.compactMap(\.nodeClassHash).count == 1)
    }

    @Test("the nodes of an exported cluster that a NodePool of it bought are Karpenter's, and others are not")
    func export() throws {
        func node(_ name: String, _ pool: String) -> String {
            """

            ---
            apiVersion: v1
            kind: Node
            metadata:
              name: \(name)
              labels:
                kubernetes.io/hostname: \(name)
                node.kubernetes.io/instance-type: m6i.large
                topology.kubernetes.io/zone: us-east-1a
                karpenter.sh/capacity-type: on-demand
                karpenter.sh/initialized: "true"
                karpenter.sh/nodepool: \(pool)
            status:
              capacity: {cpu: "2", memory: 8Gi, pods: "29"}
              allocatable: {cpu: 1930m, memory: 7Gi, pods: "29"}
              conditions: [{type: Ready, status: "True"}]
            """
        }
        let claim = """

            ---
            apiVersion: karpenter.sh/v1
            kind: NodeClaim
            metadata: {name: general-abcde}
            spec: {expireAfter: 720h}
            """
        let manifest = Self.manifest() + node("ip-1", "general") + node("ip-2", "general") + node("ip-3", "other") + claim
        let loaded = ScenarioFixtures.load(spec: "  # pools:\n  duration: 2h\n", manifest: manifest)
        let setup = try #require(loaded.setup, "\(loaded.diagnostics)")
        #expect(setup.pools.map(\.nodePool) == ["general", nil])
        #expect(!ScenarioFixtures.warnings(loaded).contains { $0.contains("NodeClaim") }, "\(loaded.diagnostics)")
        var world = World(setup)
        world.run()
        let left = world.objects(.node).map(\.metadata.name)
        #expect(left.contains("ip-3") && left.count < 3)
    }

    @Test("a NodePool cannot be called as a pool is, and faults can name it")
    func names() {
        let twice = load("", manifest: Self.manifest(name: "a"))
        #expect(ScenarioFixtures.errors(twice).contains { $0.contains("a pool of the scenario is called a") })
        let fault = "  faults: [{name: f, kind: StockOut, at: 1h, target: {pool: general}}]\n"
        #expect(load("", more: fault).setup != nil)
        #expect(load("", manifest: ScenarioFixtures.web, more: fault).setup == nil)
    }
}
