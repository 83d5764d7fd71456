import Chronology
import ClusterStore
import ControlPlane
import Faults
import KubernetesAPI
import Observations
import Testing
import VirtualTime
import Workloads

@testable import Simulation

@Suite("Replicas that follow metrics")
struct AutoscalingTests {
    /// A service `web` whose requests take 10 ms each of pods that ask for half a core.
    private func setup(
        requests: Int64, replicas: Int64 = 2, horizon: Duration = .hours(1), _ metric: HorizontalPodAutoscaler.Metric
    ) -> WorldSetup {
        var setup = Fixture.setup(machines: 6, horizon: horizon)
        var service = Service(metadata: ObjectMeta(name: "web", namespace: "default"))
        service.selector = ["app": "web"]
        var autoscaler = HorizontalPodAutoscaler(metadata: ObjectMeta(name: "web", namespace: "default"))
        (autoscaler.targetKind, autoscaler.targetName) = ("Deployment", "web")
        (autoscaler.minReplicas, autoscaler.maxReplicas) = (1, 20)
        autoscaler.metrics = [metric]
        setup.objects = [
            Fixture.deployment("web", replicas: replicas), .service(service), .horizontalPodAutoscaler(autoscaler),
        ]
        var spec = ServiceSpec(namespace: "default", name: "web", work: LatencyLaw(mean: 0.01, variance: 0.0001))
        spec.traffic = .constant(requests * 1_000)
        setup.services = [spec]
        return setup
    }

    private func metric(
        _ type: String, _ change: (inout HorizontalPodAutoscaler.Metric) -> Void
    ) -> HorizontalPodAutoscaler.Metric {
        var metric = HorizontalPodAutoscaler.Metric(type: type)
        change(&metric)
        return metric
    }

    private func cpu(_ percent: Int64) -> HorizontalPodAutoscaler.Metric {
        metric("Resource") { ($0.resource, $0.averageUtilization) = (.cpu, percent) }
    }

    private func run(_ setup: WorldSetup) -> (world: World, notes: Notebook) {
        let notes = Notebook()
        var world = World(setup, observer: notes)
        world.checksInvariants = true
        world.run()
        #expect(world.violation == nil && world.isFinished)
        return (world, notes)
    }

    private func replicas(_ world: World) -> Int64 {
        world.api.deployment(namespace: "default", name: "web")?.spec.replicas ?? -1
    }

    private func autoscaler(_ world: World) throws -> HorizontalPodAutoscaler {
        let key = ObjectKey(.horizontalPodAutoscaler, namespace: "default", name: "web")
        guard case .horizontalPodAutoscaler(let found)? = world.api.object(key) else {
            throw MissingObject()
        }
        return found
    }

    private struct MissingObject: Error {}

    /// A load of L requests a second, 10 ms each, wants L / (100 · 0.5 · target) pods of half a core.
    @Test(arguments: [(20, 50, 1), (90, 50, 4), (200, 50, 8), (200, 80, 5), (350, 70, 10), (1_000, 50, 20)])
    func `a constant load settles where the closed form says`(requests: Int64, percent: Int64, wanted: Int64) throws {
        let (world, notes) = run(setup(requests: requests, cpu(percent)))
        let exact = Double(requests) * 0.01 / (0.5 * Double(percent) / 100)
        let least = min(20, max(1, (exact / 1.1).rounded(.up)))
        let most = min(20, max(1, (exact / 0.9).rounded(.up)))
        #expect(Double(replicas(world)) >= least && Double(replicas(world)) <= most, "\(exact)")
        #expect(replicas(world) == wanted)
        let status = try autoscaler(world).status
        #expect(status.desiredReplicas == wanted && status.currentReplicas == wanted)
        #expect(status.conditions.isTrue("AbleToScale") && status.conditions.isTrue("ScalingActive"))
        // It got there and stayed.
        #expect(notes.events.filter { $0.reason == "SuccessfulRescale" }.allSatisfy { $0.at < .start + .minutes(30) })
    }

    @Test(arguments: ["Pods", "Object", "External", "ContainerResource"])
    func `every source of metrics comes to the same`(type: String) {
        var asked = metric(type) {
            ($0.name, $0.averageValue) = ("rps", Quantity(25))
            ($0.objectKind, $0.objectName) = ("Service", "web")
        }
        if type == "ContainerResource" {
            asked = metric(type) { ($0.resource, $0.container, $0.averageUtilization) = (.cpu, "main", 50) }
        }
        var setup = setup(requests: 200, asked)
        let subject: CustomMetric.Subject =
            switch type {
            case "Pods": .pods(nil)
            case "Object": .object(ObjectKey(.service, namespace: "default", name: "web"))
            default: .external([:])
            }
        setup.metrics = [
            CustomMetric(
                name: "rps", namespace: "default", subject: subject, source: .service(0, .requestsPerSecond))
        ]
        #expect(replicas(run(setup).world) == 8)
    }

    @Test func `a metric that nobody has leaves replicas as they are, and is told as upstream does`() throws {
        let asked = metric("External") { ($0.name, $0.averageValue) = ("queue", Quantity(1)) }
        let (world, notes) = run(setup(requests: 200, replicas: 3, asked))
        #expect(replicas(world) == 3)
        let active = try #require(try autoscaler(world).status.conditions.named("ScalingActive"))
        #expect(active.status == .false && active.reason == "FailedGetExternalMetric")
        #expect(notes.events.contains { $0.reason == "FailedGetExternalMetric" && $0.isWarning })
        let failure = "unable to get external metric default/queue/nil: no metrics returned from external metrics API"
        #expect(active.message == "the HPA was unable to compute the replica count: \(failure)")
        let total = try #require(notes.events.first { $0.reason == "FailedComputeMetricsReplicas" })
        #expect(
            total.message == "invalid metrics (1 invalid out of 1), first error is: failed to get queue external metric value: "
                + "failed to get queue external metric: \(failure)")
    }

    @Test func `while metrics cannot be read nothing is scaled, and afterwards it goes on`() {
        var setup = setup(requests: 200, cpu(50))
        setup.faults = [
            FaultSpec(
                name: "blind", kind: MetricsOutage.self, timing: .at(.start + .seconds(1)),
                duration: .lasting(.constant(1_200)))
        ]
        let (world, notes) = run(setup)
        let rescales = notes.events.filter { $0.reason == "SuccessfulRescale" }
        #expect(rescales.allSatisfy { $0.at > .start + .minutes(20) } && !rescales.isEmpty)
        #expect(replicas(world) == 8)
        let failure =
            "failed to get cpu utilization: unable to get metrics for resource cpu: unable to fetch metrics from resource "
            + "metrics API: the server is currently unable to handle the request"
        #expect(notes.events.contains { $0.reason == "FailedGetResourceMetric" && $0.message == failure })
        #expect(notes.events.contains { $0.message.hasSuffix("failed to get cpu resource metric value: \(failure)") })
    }

    @Test func `a look that finds nothing new writes nothing`() {
        var quiet = setup(requests: 90, replicas: 4, horizon: .hours(3), cpu(50))
        let notes = Notebook()
        var world = World(quiet, observer: notes)
        _ = world.run(until: .start + .hours(1), events: .max)
        let version = world.api.store.resourceVersion
        world.run()
        #expect(world.api.store.resourceVersion == version)
        quiet.objects.removeLast()
        // The looks themselves are all that is added, one every 15 s, save a few events about its first writes.
        var without = World(quiet, observer: nil)
        without.run()
        let looks = Int64(3 * 3_600 / 15)
        let added = world.events - without.events
        #expect(added >= looks - 20 && added <= looks + 40, "\(added)")
    }

    @Test func `replicas outside of the bounds are brought back`() {
        var high = setup(requests: 90, replicas: 4, cpu(50))
        if case .horizontalPodAutoscaler(var bounds) = high.objects[2] {
            bounds.maxReplicas = 3
            high.objects[2] = .horizontalPodAutoscaler(bounds)
        }
        let (world, notes) = run(high)
        #expect(replicas(world) == 3)
        #expect(notes.events.contains { $0.message.hasSuffix("Current number of replicas above Spec.MaxReplicas") })
    }

    /// Workers of ten messages each, of which there may be none.
    private func queue(replicas: Int64, _ shape: [SeriesShape.Point]) throws -> WorldSetup {
        var setup = setup(
            requests: 0, replicas: replicas,
            metric("External") { ($0.name, $0.averageValue) = ("queue", Quantity(10)) })
        if case .horizontalPodAutoscaler(var autoscaler) = setup.objects[2] {
            autoscaler.minReplicas = 0
            setup.objects[2] = .horizontalPodAutoscaler(autoscaler)
        }
        let work = try #require(SeriesShape(shape))
        setup.metrics = [
            CustomMetric(
                name: "queue", namespace: "default", subject: .external([:]), source: .curve(Curve(.series(work))))
        ]
        return setup
    }

    @Test func `who has no replicas from the start is left so, whatever its queue`() throws {
        let (world, _) = run(try queue(replicas: 0, [.init(at: .zero, value: 50_000)]))
        #expect(replicas(world) == 0)
        let status = try autoscaler(world).status
        #expect(status.conditions.named("ScalingActive")?.reason == "ScalingDisabled")
        #expect(status.conditions.named("ScaledToZero") == nil)
    }

    @Test func `who was taken to no replicas comes back when it must have some`() throws {
        var world = World(try queue(replicas: 2, [.init(at: .zero, value: 0)]), observer: nil)
        _ = world.run(until: .start + .minutes(15), events: .max)
        var changed = try autoscaler(world)
        #expect(replicas(world) == 0 && changed.status.conditions.isTrue("ScaledToZero"))
        (changed.minReplicas, changed.metadata.resourceVersion) = (1, 0)
        world.apply(.update(.horizontalPodAutoscaler(changed)))
        _ = world.run(until: .start + .minutes(17), events: .max)
        #expect(replicas(world) == 1)
        #expect(try autoscaler(world).status.conditions.named("ScaledToZero")?.reason == "NotScaledToZero")
    }

    @Test func `a queue that is empty has no workers, and work brings them back`() throws {
        let setup = try queue(
            replicas: 2,
            [.init(at: .zero, value: 0), .init(at: .minutes(20), value: 35_000), .init(at: .minutes(40), value: 0)])
        let notes = Notebook()
        var world = World(setup, observer: notes)
        world.checksInvariants = true
        var seen: [Int64] = []
        for minute in [4, 15, 30, 59] as [Int64] {
            _ = world.run(until: .start + .minutes(minute), events: .max)
            seen.append(replicas(world))
        }
        world.run()
        #expect(world.violation == nil)
        // Five minutes of stabilization, none, 35 messages for workers of ten, and none again.
        #expect(seen == [2, 0, 4, 0])
        #expect(try autoscaler(world).status.conditions.isTrue("ScalingActive"))
        #expect(notes.events.contains { $0.message.hasSuffix("external metric queue(nil) above target") })
    }
}
