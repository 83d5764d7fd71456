import Chronology
import KubernetesAPI
import Scenarios
import Scheduler
import SchedulingFramework
import Simulation
import Testing
import VirtualTime
import Workloads

@Suite("Arrivals, checkpoints and gangs in a scenario")
struct ArrivalScenarioTests {
    private static let job = """
        apiVersion: batch/v1
        kind: Job
        metadata: {name: t}
        spec:
          template:
            spec:
              restartPolicy: Never
              containers: [{name: main, image: "x:1", resources: {requests: {cpu: 1}}}]
        """
    private static let group = """
        apiVersion: scheduling.k8s.io/v1alpha2
        kind: PodGroup
        metadata: {name: g}
        spec: {schedulingPolicy: {gang: {minCount: 3}}}
        """
    private static let files = [
        ("job.yaml", job), ("two.yaml", job + "\n---\n" + group), ("trace.csv", "time,cpu\n1h,2\n"),
        ("bad.csv", "time,cpu\n1h,many\nsoon,2\n"), ("rate.csv", "time,value\n0,10\n12h,2.5\n"),
    ]

    private func load(_ spec: String) -> LoadedScenario { ScenarioFixtures.load(spec: spec, files: Self.files) }

    @Test("every kind of process is read")
    func processes() throws {
        let loaded = load(
            """
              arrivals:
                - {name: p, template: job.yaml, rate: 12/h}
                - {name: d, template: job.yaml, rate: {diurnal: {base: 1/h, peak: 0.5/m}}, until: 2d}
                - {name: c, template: job.yaml, rate: {csv: rate.csv, repeat: 1d}}
                - {name: r, template: job.yaml, interval: {weibull: {scale: 5m, shape: 0.7}}, limit: 9}
                - {name: e, template: job.yaml, every: 5m, from: 1h, count: 3}
                - {name: t, template: job.yaml, trace: trace.csv}
            """)
        #expect(ScenarioFixtures.errors(loaded) == [])
        let arrivals = try #require(loaded.setup).arrivals
        #expect(arrivals.map(\.spec.name) == ["p", "d", "c", "r", "e", "t"])
        #expect(arrivals[0].spec.process == .poisson(.constant(288_000)))
        #expect(arrivals[3].spec == ArrivalSpec(name: "r", process: .renewal(.weibull(scale: 300, shape: 0.7)), limit: 9))
        #expect(arrivals[4].spec.from == .start + .hours(1) && arrivals[4].spec.count == 3)
        let curve = Curve(.series(try #require(SeriesShape([.init(at: .zero, value: 240_000), .init(at: .hours(12), value: 60_000)], period: .days(1)))))
        #expect(arrivals[2].spec.process == .poisson(curve))
        guard case .trace(let trace) = arrivals[5].spec.process else { throw Missing() }
        #expect(trace.rows.map(\.cpu) == [Quantity(2)])
    }

    private struct Missing: Error {}

    @Test("checkpoints are part of what containers do")
    func checkpoints() throws {
        let loaded = load("  workloads: [{match: {kind: Job}, checkpoint: {every: 10m, cost: 20s, restore: 30s}}]")
        #expect(ScenarioFixtures.errors(loaded) == [])
        let rule = try #require(loaded.setup?.workloads.rules.first)
        #expect(rule.checkpoint == CheckpointRule(every: .minutes(10), cost: .seconds(20), restore: .seconds(30)))
    }

    @Test(
        "what is wrong is told",
        arguments: [
            ("{name: p, rate: 1/h}", "template: a value is required"),
            ("{template: job.yaml, rate: 1/h}", "name: a value is required"),
            ("{name: P, template: job.yaml, rate: 1/h}", "name: \"P\" cannot begin an object's name"),
            ("{name: p, template: job.yaml}", "it is not said when they come"),
            ("{name: p, template: job.yaml, rate: 1/h, every: 1h}", "found rate and every"),
            ("{name: p, template: job.yaml, rate: 12}", "(expected a rate such as 12/h"),
            ("{name: p, template: job.yaml, rate: -1/h}", "(expected a rate such as 12/h"),
            ("{name: p, template: job.yaml, rate: 1/week}", "(expected a rate such as 12/h"),
            ("{name: p, template: job.yaml, every: 0s}", "must be above zero"),
            ("{name: p, template: job.yaml, interval: 0s}", "must be above zero"),
            ("{name: p, template: job.yaml, interval: {exponential: {mean: 1ns}}}", "a mean of 1us or more"),
            ("{name: p, template: none.yaml, rate: 1/h}", "none.yaml"),
            ("{name: p, template: two.yaml, rate: 1/h}", "the template holds 2 objects"),
            ("{name: p, template: job.yaml, trace: bad.csv}", "bad.csv:2:1: error: cpu: \"many\" is no quantity"),
            ("{name: p, template: job.yaml, trace: bad.csv}", "bad.csv:3:1: error: time: \"soon\" is no time"),
            ("{name: p, template: job.yaml, trace: trace.csv, count: 2}", "a trace says how many arrive"),
            ("{name: p, template: job.yaml, rate: 1/h, from: 2h, until: 1h}", "the arrivals end before they begin"),
            ("{name: p, template: job.yaml, rat: 1/h}", "unknown field (did you mean \"rate\"?)"),
        ])
    func mistakes(arrivals: String, message: String) {
        let loaded = load("  arrivals: [\(arrivals)]")
        #expect(loaded.setup == nil)
        #expect(ScenarioFixtures.errors(loaded).contains { $0.contains(message) }, "\(ScenarioFixtures.errors(loaded))")
    }

    @Test(
        "a wrong checkpoint is told",
        arguments: [
            ("{cost: 1s}", "every: a value is required"), ("{every: 0s}", "must be above zero"),
            ("{every: often}", "expected a length of time"), ("{every: 1m, costs: 1s}", "did you mean \"cost\"?"),
        ])
    func wrongCheckpoint(checkpoint: String, message: String) {
        let loaded = load("  workloads: [{match: {kind: Job}, checkpoint: \(checkpoint)}]")
        #expect(ScenarioFixtures.errors(loaded).contains { $0.contains(message) }, "\(ScenarioFixtures.errors(loaded))")
    }

    @Test("gangs are off with a warning, and on when they are asked for")
    func gangs() throws {
        let off = ScenarioFixtures.load(spec: "  duration: 1h", manifest: Self.group)
        #expect(ScenarioFixtures.warnings(off).contains { $0.contains("gangs are off") })
        let on = ScenarioFixtures.load(spec: "  scheduler: {gangs: true}", manifest: Self.group)
        #expect(ScenarioFixtures.warnings(on).filter { $0.contains("gang") || $0.contains("PodGroup") } == [])
        let profile = try #require(on.setup?.scheduler.profiles.first)
        #expect(profile.enabled(at: .permit).contains { $0.name == GangScheduling.name })
        #expect(profile.enabled(at: .preEnqueue).contains { $0.name == GangScheduling.name })
        guard case .other(let group)? = on.setup?.objects.first else { throw Missing() }
        #expect(group.podGroup?.minCount == 3 && group.metadata.namespace == "default")
    }

    @Test("a profile of a configuration switches gangs on as well")
    func configured() throws {
        let text = """
            apiVersion: kubescheduler.config.k8s.io/v1
            kind: KubeSchedulerConfiguration
            profiles: [{plugins: {multiPoint: {enabled: [{name: GangScheduling}]}}}]
            """
        let loaded = ScenarioFixtures.load(
            spec: "  scheduler: {configuration: s.yaml}", files: [("s.yaml", text)], manifest: Self.group)
        #expect(ScenarioFixtures.errors(loaded) == [] && ScenarioFixtures.warnings(loaded) == [])
        let profile = try #require(loaded.setup?.scheduler.profiles.first)
        #expect(profile.enabled(at: .permit).contains { $0.name == GangScheduling.name })
    }

    @Test(
        "a PodGroup is read in both forms, and what is wrong with it is told",
        arguments: [
            ("scheduling.x-k8s.io/v1alpha1", "{minMember: 4, scheduleTimeoutSeconds: 30}", ""),
            ("scheduling.x-k8s.io/v1alpha1", "{minMember: 0}", "spec.minMember: found the number 0"),
            ("scheduling.k8s.io/v1alpha2", "{schedulingPolicy: {basic: {}}}", ""),
            ("scheduling.k8s.io/v1alpha2", "{schedulingPolicy: {gang: {}}}", "minCount: a value is required"),
            ("scheduling.k8s.io/v1alpha2", "{schedulingPolicy: {}}", "one policy is required"),
            ("scheduling.k8s.io/v1alpha2", "{schedulingPolicies: {}}", "did you mean \"schedulingPolicy\"?"),
        ])
    func groups(version: String, spec: String, message: String) {
        let manifest = "apiVersion: \(version)\nkind: PodGroup\nmetadata: {name: g}\nspec: \(spec)\n"
        let errors = ScenarioFixtures.errors(ScenarioFixtures.load(spec: "  scheduler: {gangs: true}", manifest: manifest))
        #expect(message.isEmpty ? errors == [] : errors.contains { $0.contains(message) }, "\(errors)")
    }
}
