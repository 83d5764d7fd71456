import Chronology
import ClusterStore
import ControlPlane
import Faults
import KubernetesAPI
import Machines
import Observations
import Testing
import VirtualTime
import Workloads

@testable import Simulation

@Suite("What the metrics server shows")
struct MetricsServerTests {
    /// Pods of half a core that use 300m each, followed by an autoscaler that wants 50 %.
    private func setup(machines: Int = 2, _ change: (inout WorkloadRule) -> Void = { _ in }) -> WorldSetup {
        var setup = Fixture.setup(machines: machines, horizon: .hours(1))
        var autoscaler = HorizontalPodAutoscaler(metadata: ObjectMeta(name: "web", namespace: "default"))
        (autoscaler.targetKind, autoscaler.targetName) = ("Deployment", "web")
        (autoscaler.minReplicas, autoscaler.maxReplicas) = (1, 2)
        var metric = HorizontalPodAutoscaler.Metric(type: "Resource")
        (metric.resource, metric.averageUtilization) = (.cpu, 50)
        autoscaler.metrics = [metric]
        setup.objects = [Fixture.deployment("web", replicas: 2), .horizontalPodAutoscaler(autoscaler)]
        var rule = WorkloadRule(.init(name: "web"))
        rule.usage = UsageCurve(cpu: .absolute(Curve(.constant(300))))
        change(&rule)
        setup.workloads = WorkloadBook(rules: [rule])
        return setup
    }

    /// What is shown of the CPU of every pod, in thousandths of a core; nil without a sample.
    private func shown(_ world: World) throws -> [Int64?] {
        try world.api.pods(inNamespace: "default").map { pod in
            try world.meters.usage(of: pod.metadata.uid, container: nil, resource: .cpu).map { $0.value }
        }
    }

    @Test func `a container in back-off uses nothing that anybody knows of`() throws {
        var setup = setup { $0.outcome = Behavior.Outcome(failingRuns: 1_000, failureAfter: .constant(1)) }
        if case .horizontalPodAutoscaler(var autoscaler) = setup.objects[1] {
            autoscaler.maxReplicas = 10
            setup.objects[1] = .horizontalPodAutoscaler(autoscaler)
        }
        let notes = Notebook()
        var world = World(setup, observer: notes)
        for minute in 5..<20 as Range<Int64> {
            _ = world.run(until: .start + .minutes(minute), events: .max)
            #expect(try shown(world) == [nil, nil])
        }
        #expect(world.api.deployment(namespace: "default", name: "web")?.spec.replicas == 2)
        #expect(notes.events.contains { $0.reason == "FailedGetResourceMetric" })
    }

    @Test func `a container that is started again is measured from then on`() throws {
        var world = World(
            setup { $0.outcome = Behavior.Outcome(failingRuns: 1, failureAfter: .constant(120)) }, observer: nil)
        _ = world.run(until: .start + .seconds(110), events: .max)
        #expect(try shown(world) == [300, 300])
        _ = world.run(until: .start + .minutes(5), events: .max)
        #expect(try shown(world) == [300, 300])
    }

    @Test func `of runs that ended only those are known that somebody may still ask for`() {
        var usage = PodMeter.Usage(
            container: "main", memoryLimit: 100, cpu: RecentValues(5, since: .start), memory: GrowingAmount(base: 826))
        let now = Instant.start + .minutes(10)
        var status = ContainerStatus(name: "main", state: .running(startedAt: now))
        #expect([usage.note(status, at: now, keeping: .minutes(1)), usage.note(status, at: now, keeping: .minutes(1))] == [true, false])
        #expect(usage.run(at: now - .seconds(1)) == nil && usage.run(at: now + .seconds(5))?.since == now)
        // The kernel lets it hold no more than its limit.
        #expect(usage.memory(at: now) == 100)
        let end = now + .seconds(20)
        status.state = .waiting(reason: "CrashLoopBackOff")
        status.lastTermination = .terminated(exitCode: 1, reason: "Error", startedAt: now, finishedAt: end)
        let hasEnded = usage.note(status, at: end + .seconds(1), keeping: .minutes(1))
        #expect(hasEnded && usage.run(at: end - .seconds(1)) != nil && usage.run(at: end) == nil)
        status.state = .running(startedAt: end + .minutes(5))
        _ = usage.note(status, at: end + .minutes(5), keeping: .minutes(1))
        #expect(usage.runs.map(\.since) == [end + .minutes(5)])
    }

    @Test("a kubelet that is off, hung or cut off is not asked", arguments: ["NodeCrash", "KubeletHang", "NetworkPartition"])
    func silence(kind: String) throws {
        let fault: any FaultKind.Type =
            switch kind {
            case "NodeCrash": NodeCrash.self
            case "KubeletHang": KubeletHang.self
            default: NetworkPartition.self
            }
        var setup = setup(machines: 1)
        setup.faults = [FaultFixture.fault(fault, at: .minutes(10), lasting: .minutes(3))]
        let notes = Notebook()
        var world = World(setup, observer: notes)
        _ = world.run(until: .start + .minutes(10), events: .max)
        #expect(try shown(world) == [300, 300])
        _ = world.run(until: .start + .minutes(12), events: .max)
        #expect(try shown(world) == [nil, nil])
        #expect(notes.events.contains { $0.reason == "FailedGetResourceMetric" && $0.at > .start + .minutes(10) })
        _ = world.run(until: .start + .minutes(20), events: .max)
        #expect(try shown(world) == [300, 300])
    }
}
