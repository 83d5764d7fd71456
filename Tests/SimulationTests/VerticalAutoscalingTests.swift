import Chronology
import ClusterStore
import Faults
import KubernetesAPI
import Observations
import Testing
import VirtualTime
import Workloads

@testable import Simulation

@Suite("Requests that follow usage")
struct VerticalAutoscalingTests {
    /// Four pods of `web` that ask for a core and 2 GiB, and use 200m and 300 MiB.
    private func setup(
        _ mode: VerticalPodAutoscaler.UpdateMode?, horizon: Duration = .hours(12), replicas: Int64 = 4,
        usage: UsageCurve = UsageCurve(cpu: .absolute(.constant(200)), memory: .absolute(.constant(300 << 20))),
        _ change: (inout VerticalPodAutoscaler) -> Void = { _ in }
    ) -> WorldSetup {
        var setup = Fixture.setup(machines: 4, horizon: horizon)
        var container = Container(name: "main", image: "shop/web:1")
        container.requests = [.cpu: Quantity(1), .memory: Quantity(2 << 30)]
        container.limits = [.memory: Quantity(4 << 30)]
        var spec = Deployment.Spec()
        spec.replicas = replicas
        spec.selector = LabelSelector(matchLabels: ["app": "web"])
        spec.template = PodTemplateSpec(labels: ["app": "web"], spec: PodSpec(containers: [container]))
        setup.objects = [.deployment(Deployment(metadata: ObjectMeta(name: "web", namespace: "default"), spec: spec))]
        if let mode {
            var autoscaler = VerticalPodAutoscaler(metadata: ObjectMeta(name: "web", namespace: "default"))
            (autoscaler.targetKind, autoscaler.targetName) = ("Deployment", "web")
            autoscaler.updateMode = mode
            change(&autoscaler)
            setup.objects.append(.verticalPodAutoscaler(autoscaler))
        }
        var rule = WorkloadRule()
        rule.usage = usage
        setup.workloads = WorkloadBook(rules: [rule])
        return setup
    }

    private func run(_ setup: WorldSetup) -> (world: World, notes: Notebook) {
        let notes = Notebook()
        var world = World(setup, observer: notes)
        world.checksInvariants = true
        world.run()
        #expect(world.violation == nil && world.isFinished)
        return (world, notes)
    }

    private func pods(_ world: World) -> [Pod] {
        world.api.pods(inNamespace: "default").filter { !$0.isTerminating }
    }

    private func status(_ world: World) throws -> VerticalPodAutoscaler.Status {
        let key = ObjectKey(.verticalPodAutoscaler, namespace: "default", name: "web")
        guard case .verticalPodAutoscaler(let found)? = world.api.object(key) else { throw MissingObject() }
        return found.status
    }

    private struct MissingObject: Error {}

    private func count(_ reason: String, _ notes: Notebook) -> Int { notes.events.count { $0.reason == reason } }

    @Test("off, it recommends and changes nothing", arguments: [VerticalPodAutoscaler.UpdateMode.off, .initial])
    func withoutEvictions(mode: VerticalPodAutoscaler.UpdateMode) throws {
        let (world, notes) = run(setup(mode))
        let target = try #require(try status(world).recommendation?.first?.target)
        #expect(target[.cpu].map { $0.milliValue >= 230 && $0.milliValue < 250 } == true)
        #expect(target[.memory].map { $0.value >= 345 << 20 && $0.value < 400 << 20 } == true)
        #expect(pods(world).allSatisfy { $0.spec.containers[0].requests[.cpu] == Quantity(1) })
        #expect(count("EvictedByVPA", notes) == 0 && count("RequestsFromVPA", notes) == 0)
        #expect(count("RecommendationChanged", notes) > 0)
    }

    @Test("recreating, it lowers requests by evictions, half of the replicas at a time")
    func recreate() throws {
        let (world, notes) = run(setup(.recreate))
        let target = try #require(try status(world).recommendation?.first?.target)
        #expect(pods(world).count == 4)
        for pod in pods(world) {
            let requests = pod.spec.containers[0].requests
            #expect(requests[.cpu].map { $0.milliValue >= 230 && $0.milliValue < 250 } == true)
            // The limit was twice the request.
            #expect(pod.spec.containers[0].limits[.memory]?.value == requests[.memory].map { $0.value * 2 })
            #expect(pod.isReady)
        }
        #expect(target[.cpu].map { $0.milliValue < 250 } == true)
        #expect(count("EvictedByVPA", notes) == 4 && count("RequestsFromVPA", notes) == 4)
        let times = notes.events.filter { $0.reason == "EvictedByVPA" }.map(\.at)
        #expect(Set(times).count == 2)
        // The ledger and the scheduler know the new ones.
        #expect(notes.pods.suffix(4).allSatisfy { $0.requestCPU < 250 })
        #expect(notes.causes.allSatisfy { $0.kind != .disruption || $0.actor == "vpa-updater" })
    }

    @Test("only new pods get what is recommended where it is for the beginning")
    func initial() {
        var setup = setup(.initial)
        setup.changes = [
            ScheduledChange(
                at: .start + .hours(6),
                act: .scale(ObjectKey(.deployment, namespace: "default", name: "web"), replicas: 6))
        ]
        let (world, _) = run(setup)
        let requests = pods(world).compactMap { $0.spec.containers[0].requests[.cpu]?.milliValue }.sorted()
        #expect(requests.count == 6)
        #expect(requests.prefix(2).allSatisfy { $0 < 250 } && requests.suffix(4).allSatisfy { $0 == 1_000 })
    }

    @Test("shares of a request stay shares of what the workload asks for: nothing spirals")
    func shares() throws {
        let usage = UsageCurve(
            cpu: .permilleOfRequest(.constant(200)), memory: .permilleOfRequest(.constant(250)))
        let (world, notes) = run(setup(.recreate, horizon: .days(2), usage: usage))
        #expect(pods(world).allSatisfy { ($0.spec.containers[0].requests[.cpu]?.milliValue ?? 0) >= 230 })
        #expect(pods(world).allSatisfy { ($0.spec.containers[0].requests[.cpu]?.milliValue ?? 0) < 250 })
        #expect(count("EvictedByVPA", notes) == 4)
    }

    @Test("what nobody says is what the workload asks for, and stays so")
    func unknown() {
        var setup = setup(.recreate, horizon: .days(3))
        setup.workloads = WorkloadBook(rules: [])
        let (world, _) = run(setup)
        let requests = pods(world).compactMap { $0.spec.containers[0].requests[.cpu]?.milliValue }
        #expect(requests.allSatisfy { $0 >= 1_000 && $0 < 1_250 })
    }

    @Test("a disruption budget has the last word")
    func budget() {
        var setup = setup(.recreate)
        var budget = PodDisruptionBudget(metadata: ObjectMeta(name: "web", namespace: "default"))
        budget.selector = LabelSelector(matchLabels: ["app": "web"])
        budget.maxUnavailable = .number(0)
        setup.objects.append(.podDisruptionBudget(budget))
        let (world, notes) = run(setup)
        let refused = Set(notes.events("FailedEviction").map(\.object))
        #expect(count("EvictedByVPA", notes) == 0 && refused.count == 4)
        #expect(pods(world).allSatisfy { $0.spec.containers[0].requests[.cpu] == Quantity(1) })
    }

    @Test("a container that outgrows its limit is given more")
    func outOfMemory() throws {
        // From 300 MiB on, 400 MiB an hour meet the limit of 4 GiB after some nine and a half hours.
        let usage = UsageCurve(
            cpu: .absolute(.constant(200)), memory: .absolute(.constant(300 << 20)),
            memoryLeak: Growth(bytes: 400 << 20, per: .hours(1)))
        let (world, notes) = run(setup(.off, horizon: .hours(14), usage: usage))
        #expect(!notes.kills.isEmpty)
        let target = try #require(try status(world).recommendation?.first?.target[.memory])
        // More than the limit at which they were killed.
        #expect(target.value > 4 << 30)
    }

    @Test("a run without such objects has no look and no other digest")
    func cost() {
        let (without, _) = run(setup(nil))
        let (with, notes) = run(setup(.off))
        #expect(!without.verticals.isOn && with.verticals.isOn)
        // A look a minute and a write each: nobody else is woken.
        let looks = Int64(12 * 60)
        #expect(with.events - without.events >= looks - 1 && with.events - without.events < looks * 4)
        #expect(notes.footer?.status == "complete")
    }

    @Test("nothing is done while the API server is down, and it goes on afterwards")
    func outage() {
        var setup = setup(.recreate)
        setup.faults = [
            FaultSpec(
                name: "dark", kind: APIServerOutage.self, timing: .at(.start + .minutes(10)),
                duration: .lasting(.constant(8 * 3_600)))
        ]
        let (_, notes) = run(setup)
        let evicted = notes.events.filter { $0.reason == "EvictedByVPA" }
        #expect(evicted.count == 4 && evicted.allSatisfy { $0.at >= .start + .minutes(490) })
    }
}
