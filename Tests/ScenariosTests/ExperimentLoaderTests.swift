import Foundation
import KubernetesAPI
import Scenarios
import Testing

@Suite("Experiment files")
struct ExperimentLoaderTests {
    private static let scenario = """
        apiVersion: orrery.dev/v1
        kind: Scenario
        spec:
          duration: 1h
          pools: [{name: a, machineType: m6i.large, count: 2, zones: us-east-1a}]
        """

    private static func load(
        _ spec: String, file: String = "experiment.yaml", scenario: String = Self.scenario
    ) throws -> LoadedExperiment {
        let folder = NSTemporaryDirectory() + "experiment-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try scenario.write(toFile: folder + "/scenario.yaml", atomically: true, encoding: .utf8)
        try Self.nodePool.write(toFile: folder + "/nodepool.yaml", atomically: true, encoding: .utf8)
        let text = "apiVersion: orrery.dev/v1\nkind: Experiment\nmetadata: {name: e, title: Why?}\nspec:\n" + spec
        try text.write(toFile: "\(folder)/experiment.yaml", atomically: true, encoding: .utf8)
        return ExperimentLoader.load("\(folder)/\(file)", extraMetrics: ["pending.podTime"])
    }

    private static let nodePool = """
        apiVersion: karpenter.sh/v1
        kind: NodePool
        metadata: {name: general}
        spec:
          template:
            spec:
              nodeClassRef: {group: karpenter.k8s.aws, kind: EC2NodeClass, name: default}
              requirements: []
        ---
        apiVersion: karpenter.k8s.aws/v1
        kind: EC2NodeClass
        metadata: {name: default}
        spec: {role: nodes, amiSelectorTerms: [{alias: al2023@latest}]}

        """

    private static let machines = """
          axes:
            - name: machines
              values:
                - {label: two, set: {}}
                - {label: three, set: {pools.a.count: 3}}

        """

    @Test("all combinations of the axes are made, the last one fastest, with one baseline")
    func cross() throws {
        let loaded = try Self.load(
            Self.machines + """
                    - name: scoring
                      values:
                        - {label: spread}
                        - {label: seeded, set: {scheduler: {tieBreak: seeded}, "pools[0].zones": [us-east-1a]}}
                  seeds: {first: 5, count: 3}
                  baseline: {scoring: seeded}
                """)
        #expect(loaded.diagnostics.isEmpty, "\(loaded.diagnostics)")
        #expect(loaded.variants.map(\.name) == ["two/spread", "two/seeded", "three/spread", "three/seeded"])
        #expect(loaded.variants.map(\.isBaseline) == [false, true, false, false])
        #expect(
            loaded.variants[3].settings.map(\.text) == [
                "pools.a.count=3", "scheduler={tieBreak: seeded}", "pools[0].zones=[us-east-1a]",
            ])
        #expect(loaded.document?.seeds == [5, 6, 7] && loaded.document?.confidence == 0.95)
        #expect(loaded.metrics == ["cost.total", "pending.p95", "pods.evicted", "work.lost"])
        #expect(loaded.inputs.map(\.name) == ["experiment.yaml", "scenario.yaml"])
        let request = loaded.request(of: loaded.variants[1], seed: 6, tie: 2)
        #expect(request.seed == "6" && request.settings.last == "scheduler.tieBreakStream=2")
    }

    /// What is wrong, and what is said of it: the place, and a part of the message.
    static let mistakeRows: [(spec: String, place: String, message: String)] = [
        ("  seeds: 3\n", "5:3", "spec.axes: nothing is varied"),
        (machines + "  seed: 3\n", "10:3", "did you mean \"seeds\"?"),
        (machines + "  seeds: 1\n", "10:10", "from 2 to 100000"),
        (machines.replacingOccurrences(of: "three,", with: "two,"), "", "the label \"two\" occurs twice"),
        (machines.replacingOccurrences(of: "three,", with: "a/b,"), "9:19", "a label without one"),
        (machines.replacingOccurrences(of: "a.count", with: "b.count"), "9:32", "spec.pools has no element called \"b\""),
        (machines.replacingOccurrences(of: "count: 3", with: "count: many"), "9:32", "spec.pools[0].count: found the text"),
        (machines.replacingOccurrences(of: "pools.a.count", with: "seed"), "9:32", "seeds are those of the experiment"),
        (machines + "  baseline: {machine: two}\n", "10:14", "did you mean \"machines\"?"),
        (machines + "  baseline: {machines: four}\n", "10:24", "one of two, three"),
        (machines + "  metrics: [cost.totl]\n", "10:13", "did you mean \"cost.total\"?"),
        (machines + "  metrics: [services.errors]\n", "10:13", "there is no metric"),
        (machines + "  pareto: {cost: costs}\n", "10:18", "there is no metric"),
        (machines + "  expect: [{variant: two, metric: cost.total, is: lower}]\n", "10:22", "variant beside the baseline"),
        (machines + "  expect: [{variant: three, metric: cost.total, is: less}]\n", "10:53", "one of lower, higher, nothing"),
        (machines + "  correction: bonferroni\n", "10:15", "one of holm, benjamini-hochberg, none"),
        (machines + "  base: nowhere\n", "", "there is no such file or folder"),
    ]

    @Test("mistakes are told with their place", arguments: mistakeRows)
    func mistakes(row: (spec: String, place: String, message: String)) throws {
        let loaded = try Self.load(row.spec)
        #expect(loaded.document == nil)
        let lines = loaded.diagnostics.map(\.description)
        #expect(
            lines.contains { $0.contains("experiment.yaml:\(row.place)") || row.place.isEmpty }
                && lines.contains { $0.contains(row.message) }, "\(lines)")
    }

    @Test("machines that Karpenter may buy can be compared, and those that nobody sells cannot")
    func bought() throws {
        let scenario =
            Self.scenario + """

                  autoscaler: {karpenter: {}}
                  manifests: [nodepool.yaml]
                """
        let spec = Self.machines.replacingOccurrences(of: "{pools.a.count: 3}", with: "{duration: 2h}")
        let known = "  metrics: [machines.c6i.xlarge.max, machines.c7g.large.time, cost.total]\n"
        let loaded = try Self.load(spec + known, scenario: scenario)
        #expect(loaded.document != nil, "\(loaded.diagnostics)")
        let mistake = try Self.load(spec + "  metrics: [machines.c6i.huge.max]\n", scenario: scenario)
        #expect(mistake.document == nil)
        #expect(try Self.load(Self.machines + known).document == nil)
    }

    @Test("metrics of machines and of replications are known")
    func metrics() throws {
        let loaded = try Self.load(Self.machines + "  metrics: [machines.m6i.large.max, pending.podTime, cost.total]\n")
        #expect(loaded.diagnostics.isEmpty, "\(loaded.diagnostics)")
        #expect(loaded.metrics == ["machines.m6i.large.max", "pending.podTime", "cost.total", "pods.evicted", "pending.p95"])
        #expect(try Self.load("", file: "none.yaml").document == nil)
    }
}
