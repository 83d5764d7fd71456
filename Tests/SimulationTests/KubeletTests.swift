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

@Suite("Kubelets in a world")
struct KubeletTests {
    private func run(_ setup: WorldSetup) -> Notebook {
        let notes = Notebook()
        var world = World(setup, observer: notes)
        world.checksInvariants = true
        world.run()
        #expect(world.violation == nil)
        return notes
    }

    @Test("a pod that names a node too small for it is refused there, and its controller makes no secret of it")
    func admission() {
        var setup = Fixture.setup(machines: 1)
        var container = Container(name: "main", image: "shop/web:1")
        container.requests = [.cpu: Quantity(5)]
        let pod = Pod(
            metadata: ObjectMeta(name: "big", namespace: "default"), spec: PodSpec(containers: [container]),
            nodeName: "box-1")
        setup.objects = [.pod(pod)]
        let notes = run(setup)
        #expect(notes.podEnds.map(\.phase) == ["Failed"])
        #expect(notes.podEnds.map(\.reason) == ["OutOfcpu"])
        let event = notes.events.first { $0.reason == "OutOfcpu" }
        #expect(event?.message == "Node didn't have enough resource: cpu, requested: 5000, used: 0, capacity: 4000")
    }

    private func probed(_ rule: WorkloadRule, hours: Int64 = 3) -> WorldSetup {
        var setup = Fixture.setup(machines: 1, horizon: .hours(hours))
        guard case .deployment(var deployment) = Fixture.deployment("web", replicas: 2) else { return setup }
        var spec = deployment.spec.template.spec
        spec.containers[0].livenessProbe = Probe()
        spec.containers[0].readinessProbe = Probe()
        spec.containers[0].hasPostStart = true
        deployment.spec.template.spec = spec
        setup.objects = [.deployment(deployment)]
        setup.workloads = WorkloadBook(rules: [rule])
        return setup
    }

    @Test("a container that hangs is killed and runs again, time after time")
    func liveness() {
        var rule = WorkloadRule(.init(name: "web"))
        rule.hangsAfter = .after(.constant(3000))
        let notes = run(probed(rule))
        #expect(notes.value("restarts") == 6)
        #expect(notes.value("pods.created") == 2)
        #expect(notes.events.filter { $0.reason == "Killing" }.count >= 2)
    }

    @Test("spells of unreadiness show in the pods' intervals and restart nobody")
    func unready() {
        var rule = WorkloadRule(.init(name: "web"))
        rule.unready = Behavior.Unreadiness(after: .exponential(mean: 1200), lasts: .after(.constant(120)))
        let notes = run(probed(rule, hours: 10))
        let spells = notes.podIntervals.filter { $0.state == .unready && $0.to - $0.from > .seconds(60) }
        #expect(spells.count > 10)
        #expect(spells.allSatisfy { abs(($0.to - $0.from).nanoseconds - 100_000_000_000) <= 21_000_000_000 })
        #expect(notes.value("restarts") == 0)
    }

    @Test("the end of a container is worth a warning, unless its pod was being stopped")
    func ends() {
        var stopped = probed(WorkloadRule(.init(name: "web")))
        stopped.changes = [ScheduledChange(at: .start + .hours(1), act: .replacePods(partsPerMillion: 1_000_000))]
        let notes = run(stopped)
        #expect(notes.podEnds.filter { $0.phase == "Deleted" }.count == 2)
        #expect(!notes.events.contains { $0.message.contains("exited with code") })

        var crashing = WorkloadRule(.init(name: "web"))
        crashing.outcome = Behavior.Outcome(failingRuns: 1, failureAfter: .constant(5))
        #expect(run(probed(crashing)).events.filter { $0.message.contains("exited with code") }.count == 2)
    }

    @Test("a hook that takes its time keeps a pod from being ready")
    func hooks() {
        var rule = WorkloadRule(.init(name: "web"))
        rule.postStartTime = .constant(600)
        let notes = run(probed(rule))
        #expect(notes.podIntervals.filter { $0.state == .starting }.allSatisfy { $0.to - $0.from > .minutes(10) })
        #expect(notes.value("pods.running") == 2)
    }

    @Test("the first runs fail and the next ones do not")
    func healing() {
        var rule = WorkloadRule(.init(name: "web"))
        rule.outcome = Behavior.Outcome(failingRuns: 4, failureAfter: .constant(5))
        let notes = run(probed(rule))
        #expect(notes.value("restarts") == 8)
        #expect(notes.value("pods.running") == 2)
    }

    @Test("a machine that shuts down gracefully ends its pods first; one that reboots comes back", arguments: [true, false])
    func shutdown(restarts: Bool) {
        var setup = Fixture.setup(machines: 2, horizon: .hours(3))
        setup.objects = [Fixture.deployment("web", replicas: 4)]
        setup.kubelet.shutdownGracePeriod = .seconds(60)
        setup.kubelet.shutdownGracePeriodCriticalPods = .seconds(20)
        setup.changes = [
            ScheduledChange(at: .start + .hours(1), act: .shutDown(node: "box-1", restarts: restarts))
        ]
        let notes = run(setup)
        #expect(notes.podEnds.filter { $0.reason == "Terminated" || $0.reason == "TerminationByKubelet" }.count == 2)
        #expect(notes.value("pods.running") == 4)
        #expect(notes.value("nodes.ready") == (restarts ? 2 : 1))
        let down = notes.nodeIntervals.first { $0.node == 1 && $0.state == .notReady }
        #expect(down?.from == .start + .hours(1))
        #expect(notes.events.contains { $0.reason == "NodeShutdown" })
    }

    @Test("a machine that shuts down says that it is not ready until it is off, and takes no pods meanwhile")
    func longShutdown() {
        var setup = Fixture.setup(machines: 2, horizon: .hours(2))
        setup.objects = [Fixture.deployment("web", replicas: 2)]
        setup.kubelet.shutdownGracePeriod = .seconds(60)
        setup.kubelet.shutdownGracePeriodCriticalPods = .seconds(20)
        var rule = WorkloadRule()
        rule.termination = Behavior.Termination(time: .constant(25))
        setup.workloads = WorkloadBook(rules: [rule])
        setup.changes = [
            ScheduledChange(at: .start + .hours(1), act: .shutDown(node: "box-1", restarts: false)),
            ScheduledChange(
                at: .start + .hours(1) + .seconds(15), act: .apply([Fixture.deployment("late", replicas: 4)])),
        ]
        let notes = run(setup)
        let down = notes.nodeIntervals.filter { $0.node == 1 && $0.state == .notReady }
        #expect(down.count == 1 && down.first?.from == Instant.start + .hours(1))
        #expect(!notes.podEnds.contains { $0.reason == "NodeShutdown" })
    }

    @Test("pods that ask for a system or an architecture by its older label find a machine")
    func olderLabels() {
        var setup = Fixture.setup(machines: 1)
        guard case .deployment(var web) = Fixture.deployment("web", replicas: 1) else { return }
        web.spec.template.spec.nodeSelector = ["beta.kubernetes.io/os": "linux", "beta.kubernetes.io/arch": "amd64"]
        setup.objects = [.deployment(web)]
        #expect(run(setup).value("pods.running") == 1)
        var exported = Node(metadata: ObjectMeta(name: "own", labels: ["kubernetes.io/os": "linux"]))
        exported.status.allocatable = setup.pools[0].machineType.allocatable
        setup.pools[0].templates = [exported]
        #expect(World.template(of: 0, in: setup.pools[0]).metadata.labels["beta.kubernetes.io/os"] == "linux")
    }

    @Test("without a grace period a shutdown is a power cut")
    func powerCut() {
        var setup = Fixture.setup(machines: 2, horizon: .hours(3))
        setup.objects = [Fixture.deployment("web", replicas: 4)]
        setup.changes = [ScheduledChange(at: .start + .hours(1), act: .shutDown(node: "box-1", restarts: false))]
        let notes = run(setup)
        let down = notes.nodeIntervals.first { $0.node == 1 && $0.state == .notReady }
        #expect((down?.from ?? .start) > Instant.start + .hours(1) + .seconds(39))
        #expect(notes.value("pods.evicted") == 2)
    }

    @Test("a pod that is deleted by force goes at once, and its place is not given away before the news arrives")
    func force() {
        var setup = Fixture.setup(machines: 1)
        setup.objects = [Fixture.deployment("web", replicas: 8)]
        setup.changes = [ScheduledChange(at: .start + .hours(1), act: .replacePods(partsPerMillion: 500_000))]
        let notes = run(setup)
        #expect(notes.value("pods.running") == 8)
        #expect(!notes.events.contains { $0.reason.hasPrefix("OutOf") })
    }
}

@Suite("Invariants of the pod lifecycle tell when they are broken")
struct LifecycleInvariantTests {
    private func pod(_ phase: PodPhase, restarts: Int32 = 0) -> Pod {
        var pod = Pod(metadata: ObjectMeta(name: "p", namespace: "d"), spec: PodSpec())
        pod.status.phase = phase
        var status = ContainerStatus(name: "c")
        status.restartCount = restarts
        pod.status.containerStatuses = [status]
        return pod
    }

    @Test(arguments: [
        (PodPhase.pending, PodPhase.running, true), (.pending, .failed, true), (.running, .succeeded, true),
        (.running, .pending, false), (.failed, .running, false), (.succeeded, .failed, false), (.failed, .pending, false),
    ])
    func phases(before: PodPhase, after: PodPhase, isLegal: Bool) {
        var world = World(Fixture.setup(machines: 1))
        #expect(PodPhaseInvariant.problem(in: world) == nil)
        world.lifecycle.watch(pod(before), pod(after))
        #expect((PodPhaseInvariant.problem(in: world) == nil) == isLegal)
    }

    @Test(arguments: [(Int32(1), Int32(2), true), (2, 2, true), (2, 1, false)])
    func counts(before: Int32, after: Int32, isLegal: Bool) {
        var world = World(Fixture.setup(machines: 1))
        world.lifecycle.watch(pod(.running, restarts: before), pod(.running, restarts: after))
        #expect((RestartCountInvariant.problem(in: world) == nil) == isLegal)
    }

    @Test("a status that nobody posted is found")
    func statuses() {
        var setup = Fixture.setup(machines: 1, horizon: .hours(1))
        setup.objects = [Fixture.deployment("web", replicas: 1)]
        var world = World(setup)
        world.run()
        #expect(ContainerStatusInvariant.problem(in: world) == nil)
        guard var object = world.api.pods(onNode: "box-1").first else {
            Issue.record("no pod")
            return
        }
        object.status.containerStatuses[0].restartCount = 7
        object.metadata.resourceVersion = 0
        #expect(world.apply(.updateStatus(.pod(object))) == nil)
        #expect(ContainerStatusInvariant.problem(in: world)?.contains("not those that were posted") == true)
    }
}
