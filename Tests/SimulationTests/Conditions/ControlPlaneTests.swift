import Chronology
import ClusterStore
import ControlPlane
import Controllers
import Faults
import KubernetesAPI
import Testing
import VirtualTime

@testable import Simulation

/// A controller that expects nothing: each call is its first.
private struct Forgetful: Reconciler {
    static let name = "forgetful"
    static let settings = ReconcilerSettings(workers: 1)
    let make: @Sendable () -> any Reconciler

    mutating func keys(for change: WatchEvent, in view: any ClusterView) -> [ObjectKey] {
        var fresh = make()
        return fresh.keys(for: change, in: view)
    }

    mutating func reconcile(_ key: ObjectKey, in view: any ClusterView) -> ReconcileResult {
        var fresh = make()
        return fresh.reconcile(key, in: view)
    }
}

@Suite("The control plane under conditions")
struct ControlPlaneTests {
    private static let start = Instant.start

    private func world(
        _ objects: [KubernetesObject], watch: Double = 0.005, cache: ControllerCache = .lagging, machines: Int = 3
    ) -> World {
        var setup = Fixture.setup(machines: machines, horizon: .hours(3))
        setup.objects = objects
        setup.parameters.watchDelay = .constant(watch)
        setup.parameters.controllerCache = cache
        var world = World(setup)
        world.checksInvariants = true
        return world
    }

    private func pods(_ world: World) -> [Pod] { world.api.pods(inNamespace: "default") }

    private func replicaSet(_ replicas: Int64) -> KubernetesObject {
        var spec = ReplicaSet.Spec()
        spec.replicas = replicas
        spec.selector = LabelSelector(matchLabels: ["app": "x"])
        spec.template = TrialWorkloads.template("x")
        return .replicaSet(ReplicaSet(metadata: ObjectMeta(name: "x", namespace: "default"), spec: spec))
    }

    private func daemonSet() -> KubernetesObject {
        var spec = DaemonSet.Spec()
        spec.selector = LabelSelector(matchLabels: ["app": "x"])
        spec.template = TrialWorkloads.template("x")
        return .daemonSet(DaemonSet(metadata: ObjectMeta(name: "x", namespace: "default"), spec: spec))
    }

    private func job(_ parallelism: Int64) -> KubernetesObject {
        var spec = Job.Spec()
        spec.parallelism = parallelism
        spec.completions = parallelism
        spec.template = TrialWorkloads.template("x")
        spec.template.spec.restartPolicy = .never
        return .job(Job(metadata: ObjectMeta(name: "x", namespace: "default"), spec: spec))
    }

    // MARK: - Stale reads

    @Test(
        "expectations keep a controller from making pods twice that it does not see yet",
        arguments: [
            ("replicaset-controller", Int64(40)), ("daemonset-controller", 6), ("job-controller", 80),
        ])
    func expectations(controller: String, wanted: Int64) throws {
        let objects = [
            controller == "replicaset-controller"
                ? replicaSet(wanted) : controller == "daemonset-controller" ? daemonSet() : job(wanted)
        ]
        func made(forgets: Bool, cache: ControllerCache = .lagging) throws -> Int {
            var world = world(objects, watch: 4, cache: cache, machines: 6)
            let index = try #require(World.controllerNames.firstIndex(of: controller))
            let make = ControllerRegistry.all[index].make
            if forgets { world.hosts[index].reconciler = Forgetful(make: make) }
            var most = 0
            while world.now < Self.start + .seconds(40), world.run(events: 1) { most = max(most, pods(world).count) }
            #expect(world.violation == nil)
            return most
        }
        #expect(try made(forgets: false) == Int(wanted))
        #expect(try made(forgets: true) > Int(wanted))
        #expect(try made(forgets: true, cache: .current) == Int(wanted))
    }

    // MARK: - Conflicts

    @Test("a write made from an older state is refused, and the key comes back")
    func conflict() throws {
        var world = world([Fixture.deployment("web", replicas: 2)])
        advance(&world, to: .minutes(2))
        let index = try #require(World.controllerNames.firstIndex(of: "deployment-controller"))
        world.slowControllers(["deployment-controller"], by: .seconds(5))
        scale(&world, to: 4)
        // The replica set is on its way to four; the report about it was made before the next word.
        advance(&world, to: .minutes(2) + .seconds(2))
        scale(&world, to: 6)
        advance(&world, to: .minutes(5))
        #expect(world.hosts[index].conflicts > 0)
        #expect(pods(world).count == 6 && pods(world).allSatisfy(\.isReady))
        #expect(world.api.deployment(namespace: "default", name: "web")?.status.availableReplicas == 6)
    }

    // MARK: - Crashes

    @Test("a crash between two requests loses the rest, and a fresh controller finishes the work")
    func crash() {
        var world = world([replicaSet(40)])
        // Thirty requests go at once, the others one every 50 ms.
        advance(&world, to: .milliseconds(400))
        let before = pods(world).count
        #expect(before > 30 && before < 40)
        world.crashControllers(["replicaset-controller"])
        advance(&world, to: .minutes(5))
        #expect(pods(world).count - before <= 1)
        world.restartControllers(["replicaset-controller"])
        advance(&world, to: .minutes(10))
        #expect(pods(world).count == 40)
        #expect(world.violation == nil)
    }

    @Test("two that hold a controller down have both to let go")
    func nested() {
        var world = world([replicaSet(3)])
        world.crashControllers()
        world.crashControllers(["replicaset-controller"])
        world.restartControllers()
        advance(&world, to: .minutes(1))
        #expect(pods(world).isEmpty)
        world.restartControllers(["replicaset-controller"])
        advance(&world, to: .minutes(2))
        #expect(pods(world).count == 3)
    }

    @Test("a paused controller hears what happens, and does it later")
    func pause() {
        var world = world([Fixture.deployment("web", replicas: 2)])
        advance(&world, to: .minutes(1))
        world.pauseControllers(["replicaset-controller"])
        scale(&world, to: 5)
        advance(&world, to: .minutes(2))
        #expect(pods(world).count == 2)
        world.resumeControllers(["replicaset-controller"])
        advance(&world, to: .minutes(3))
        #expect(pods(world).count == 5)
    }

    @Test("a scheduler that starts again finds the pods that came meanwhile", arguments: [0, 1, 3, 12, 400])
    func scheduler(downAfter: Int64) {
        var world = world([Fixture.deployment("web", replicas: 6)])
        advance(&world, to: .milliseconds(downAfter))
        world.crashScheduler()
        let bound = pods(world).count { $0.nodeName != nil }
        scale(&world, to: 9)
        advance(&world, to: .minutes(1))
        // What had left may still have arrived.
        #expect(pods(world).count { $0.nodeName != nil } <= bound + 6)
        #expect(pods(world).contains { $0.nodeName == nil })
        world.restartScheduler()
        advance(&world, to: .minutes(3))
        #expect(pods(world).count == 9 && pods(world).allSatisfy(\.isReady))
        #expect(world.violation == nil)
    }

    // MARK: - Watches and the API server

    @Test("what a broken watch misses is made up for when everything is listed anew")
    func watch() {
        for cache in ControllerCache.allCases {
            var world = world([Fixture.deployment("web", replicas: 2)], cache: cache)
            advance(&world, to: .minutes(1))
            world.dropWatch()
            scale(&world, to: 5)
            if let pod = pods(world).first {
                world.request(.delete(pod.key, uid: nil, gracePeriodSeconds: nil, propagation: .background))
            }
            advance(&world, to: .minutes(3))
            #expect(pods(world).count == 1)
            world.restoreWatch()
            advance(&world, to: .minutes(5))
            #expect(pods(world).count == 5 && pods(world).allSatisfy(\.isReady))
            #expect(world.violation == nil)
        }
    }

    @Test("while the API server does not answer nothing changes, and afterwards all catch up")
    func outage() {
        var world = world([Fixture.deployment("web", replicas: 20)])
        advance(&world, to: .milliseconds(300))
        world.stopAPIServer()
        let version = world.api.store.resourceVersion
        advance(&world, to: .minutes(4))
        #expect(world.api.store.resourceVersion == version)
        world.startAPIServer()
        advance(&world, to: .minutes(10))
        #expect(pods(world).count == 20 && pods(world).allSatisfy(\.isReady))
        #expect(world.violation == nil)
    }

    // MARK: - Faults

    @Test(
        "each fault of the control plane strikes, heals, and leaves no trace",
        arguments: [
            "ControllerCrash", "ControllerSlow", "WatchLoss", "APIServerOutage", "APIServerSlow", "SchedulerCrash",
        ])
    func faults(name: String) throws {
        let kind = try #require(FaultRegistry.kind(named: name))
        var setup = Fixture.setup(horizon: .minutes(115))
        setup.objects = [Fixture.deployment("web", replicas: 8)]
        setup.changes = [
            ScheduledChange(at: .start + .seconds(600), every: .minutes(10), act: .replacePods(partsPerMillion: 500_000))
        ]
        setup.faults = [
            FaultSpec(
                name: "f", kind: kind, timing: .every(.minutes(10), from: .start + .milliseconds(599_990)),
                duration: .lasting(.constant(120)), limit: 5)
        ]
        let notes = Notebook()
        var world = World(setup, observer: notes)
        world.checksInvariants = true
        world.run()
        #expect(world.violation == nil)
        #expect(notes.faults.count == 5)
        #expect(notes.value("pods.running") == 8)
        #expect(world.condition == ControlPlaneCondition() && world.delays.drag == .zero)
        #expect(world.hosts.allSatisfy { $0.condition == ControllerCondition() })
        // It was felt: without it the run would have gone another way.
        setup.faults = []
        var calm = World(setup)
        calm.run()
        #expect(calm.digest != world.digest)
    }

    // MARK: - Time

    private func scale(_ world: inout World, to replicas: Int64) {
        guard var deployment = world.api.deployment(namespace: "default", name: "web") else { return }
        deployment.spec.replicas = replicas
        deployment.metadata.resourceVersion = 0
        world.request(.update(.deployment(deployment)))
    }

    private func advance(_ world: inout World, to time: Duration) {
        let end = Self.start + time
        while let next = world.queue.nextInstant, next <= end, world.violation == nil { _ = world.run(events: 1) }
        world.now = end
        world.api.store.now = end
    }
}
