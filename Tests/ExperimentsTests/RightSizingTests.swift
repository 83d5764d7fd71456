import Chronology
import KubernetesAPI
import Scenarios
import Simulation
import Testing

@testable import Experiments

@Suite struct RightSizingTests {
    /// Four replicas that ask for half a core and use as said, on machines of two cores.
    private func setup(
        pools: String, usage: String, limits: String = "", kind: String = "Deployment", memory: String = "1Gi",
        more: String = ""
    ) throws -> WorldSetup {
        var request = RunRequest()
        request.scenario = "scenario.yaml"
        let manifest = """
            apiVersion: apps/v1
            kind: \(kind)
            metadata: {name: web, namespace: shop}
            spec:
              replicas: 4
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec:
                  containers:
                  - name: web
                    image: web:1
                    resources: {requests: {cpu: 500m, memory: \(memory)}\(limits)}
                  - {name: silent, image: silent:1}
            \(more)
            """
        let scenario = """
            apiVersion: orrery.dev/v1
            kind: Scenario
            metadata: {name: sized}
            spec:
              duration: 6h
              manifests: [web.yaml]
              pools: \(pools)
              prices: {controlPlane: 0}
              workloads:
              - match: {name: web, container: web}
                usage: \(usage)
            """
        let loaded = ScenarioLoader.reload(inputs: [
            (ScenarioLoader.requestName, request.text), ("scenario.yaml", scenario), ("web.yaml", manifest),
        ])
        return try #require(loaded.setup, "\(loaded.diagnostics)")
    }

    private let fixed = "[{name: a, machineType: m6i.large, count: 2, zones: us-east-1a}]"

    @Test("a container that uses a constant gets that and the margin, and its neighbour of whom nothing is known stays")
    func constant() throws {
        let sizing = RightSizing(try setup(pools: fixed, usage: "{cpu: 100m, memory: 200Mi}"), rule: SizingRule())
        let container = try #require(sizing.containers.first)
        #expect(sizing.containers.count == 1)
        #expect(container.cpu == .init(request: 500, median: 100, percentile: 100, greatest: 100, recommended: 115))
        #expect(container.memory.recommended == 230 << 20)
        #expect(sizing.unknown.map(\.container) == ["silent"])
    }

    @Test("with machines that nothing takes away the bill stays, and what is freed is idle")
    func fixedPool() throws {
        let sizing = RightSizing(try setup(pools: fixed, usage: "{cpu: 100m, memory: 200Mi}"), rule: SizingRule())
        #expect(sizing.before.bill == sizing.after.bill && sizing.before.bill > 0)
        #expect(sizing.after.idle > sizing.before.idle)
        #expect(sizing.before.machineTime == sizing.after.machineTime)
        #expect(sizing.after.podsPending == 0)
    }

    @Test("with machines that come and go the second run is cheaper by the machines that never came")
    func autoscaled() throws {
        let pools = """
            [{name: a, machineType: m6i.large, count: 1, zones: us-east-1a},
             {name: b, machineType: m6i.large, zones: us-east-1a, autoscaling: {min: 0, max: 4}}]
            """
        let sizing = RightSizing(try setup(pools: pools, usage: "{cpu: 100m, memory: 200Mi}"), rule: SizingRule())
        #expect(sizing.after.machineTime < sizing.before.machineTime)
        // Machines at $0.096 an hour: the bills differ by their time and by nothing else.
        let hours = Double(sizing.before.machineTime - sizing.after.machineTime) / 3.6e12
        #expect(abs(Double(sizing.before.bill - sizing.after.bill) / 1e9 - 0.096 * hours) < 0.001)
    }

    @Test("usage that is a share of the request stays what it was when the request is another one")
    func shares() throws {
        let setup = try setup(pools: fixed, usage: "{cpu: 20%, memory: 20%}")
        let sizing = RightSizing(setup, rule: SizingRule())
        let again = RightSizing(setup.sized(by: sizing.containers), rule: SizingRule())
        #expect(sizing.containers.map(\.cpu.greatest) == [100])
        #expect(again.containers.map(\.cpu.greatest) == [100])
        #expect(again.containers.map(\.cpu.request) == [115])
        #expect(again.before == sizing.after)
    }

    @Test("a percentile covers its share of the time, and requests never exceed limits")
    func percentile() throws {
        let usage = "{cpu: {diurnal: {base: 100m, peak: 400m, peakAt: \"03:00\"}}, memory: 900Mi}"
        var rule = SizingRule()
        rule.marginPercent = 50
        let setup = try setup(pools: fixed, usage: usage, limits: ", limits: {memory: 1100Mi, cpu: 550m}")
        var found: [Int64] = []
        for percentile in [10, 50, 90, 100] as [Int64] {
            rule.percentile = percentile
            let container = try #require(RightSizing(setup, rule: rule).containers.first)
            found.append(try #require(container.cpu.recommended))
            #expect(container.memory.recommended == 1_100 << 20)
        }
        #expect(found == found.sorted() && found[0] < found[2] && found[3] == 550)
    }

    @Test("a limit that is no whole MiB bounds the request all the same")
    func oddLimit() throws {
        let setup = try setup(
            pools: fixed, usage: "{cpu: 100m, memory: 90M}",
            limits: ", limits: {memory: 100M}", memory: "100M")
        #expect(RightSizing(setup, rule: SizingRule()).containers.first?.memory.recommended == 100_000_000)
    }

    /// A limit range, and what a container that uses 100m and 200 MiB is to ask for under it.
    static let rangeRows: [(item: String, cpu: Int64, mebibytes: Int64, refused: Int64)] = [
        ("type: Container, default: {cpu: \"1\", memory: 2Gi}", 115, 230, 0),
        ("type: Container, min: {cpu: 300m, memory: 400Mi}, default: {cpu: \"1\", memory: 2Gi}", 300, 400, 0),
        (
            "type: Container, maxLimitRequestRatio: {cpu: \"4\", memory: \"4\"}, default: {cpu: \"1\", memory: 2Gi}, "
                + "defaultRequest: {cpu: 500m, memory: 1Gi}", 250, 512, 0
        ),
        // As whole MiB, so that it may be written as it is shown.
        ("type: Container, min: {memory: 300M}", 115, 287, 0),
        // The pod as a whole may ask for no less than this, which no recommendation of a container knows of.
        ("type: Pod, min: {cpu: 450m}", 115, 230, 4),
    ]

    @Test("requests stay within limit ranges, and pods that are refused are counted", arguments: rangeRows)
    func ranges(row: (item: String, cpu: Int64, mebibytes: Int64, refused: Int64)) throws {
        let range = """
            ---
            apiVersion: v1
            kind: LimitRange
            metadata: {name: lr, namespace: shop}
            spec: {limits: [{\(row.item)}]}
            """
        let sizing = RightSizing(
            try setup(
                pools: fixed, usage: "{cpu: 100m, memory: 200Mi}", limits: ", limits: {cpu: 1, memory: 2Gi}", more: range),
            rule: SizingRule())
        let container = try #require(sizing.containers.first)
        #expect(container.cpu.recommended == row.cpu && container.memory.recommended == row.mebibytes << 20)
        #expect(sizing.before.podsRefused == 0 && sizing.after.podsRefused == row.refused)
    }

    @Test("the recommender of the VerticalPodAutoscaler gives its target")
    func vertical() throws {
        var rule = SizingRule()
        rule.recommender = .vpa
        let setup = try setup(pools: fixed, usage: "{cpu: 100m, memory: 400Mi}")
        let container = try #require(RightSizing(setup, rule: rule).containers.first)
        #expect(container.cpu.recommended.map { abs($0 - 126) <= 1 } == true)
        #expect((container.memory.recommended ?? 0) >= 460 << 20)
    }

    @Test("looking at a run changes nothing of it")
    func untouched() throws {
        let setup = try setup(pools: fixed, usage: "{cpu: {diurnal: {base: 50m, peak: 400m}}, memory: 200Mi}")
        var plain = World(setup, observer: FigureTally())
        plain.run()
        let sizing = RightSizing(setup, rule: SizingRule())
        var figures = sizing.before
        figures.take(plain.metrics)
        #expect(figures == sizing.before)
    }
}
