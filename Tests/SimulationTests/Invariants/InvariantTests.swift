import Chronology
import ClusterStore
import ControlPlane
import KubernetesAPI
import Testing
import VirtualTime

@testable import Simulation

/// Each invariant is broken on purpose.
@Suite("The invariants")
struct InvariantTests {
    private func world(replicas: Int64 = 6, cpu: Int64 = 500, machines: Int = 3, budget: Int64? = nil) -> World {
        var setup = Fixture.setup(machines: machines)
        setup.objects = [Fixture.deployment("web", replicas: replicas, cpu: cpu)]
        if let budget {
            var object = PodDisruptionBudget(metadata: ObjectMeta(name: "web", namespace: "default"))
            object.selector = LabelSelector(matchLabels: ["app": "web"])
            object.minAvailable = .number(budget)
            setup.objects.append(.podDisruptionBudget(object))
        }
        var world = World(setup)
        world.checksInvariants = true
        let end = Instant.start + .minutes(10)
        while let next = world.queue.nextInstant, next <= end { _ = world.run(events: 1) }
        world.now = end
        world.api.store.now = end
        #expect(world.violation == nil && world.firstViolationAnywhere() == nil)
        return world
    }

    private func judged(
        _ change: WatchEvent, by writer: Int32 = -1, _ basis: DecisionBasis = DecisionBasis()
    ) -> JudgedChange {
        JudgedChange(change: change, writer: writer, basis: basis)
    }

    @Test("versions rise")
    func versions() throws {
        let world = world()
        var object = try #require(world.api.objects(of: .deployment, namespace: "default").first)
        object.metadata.resourceVersion = world.witness.version
        #expect(VersionInvariant.problem(of: judged(.added(object)), in: world) != nil)
        object.metadata.resourceVersion = world.witness.version + 1
        #expect(VersionInvariant.problem(of: judged(.added(object)), in: world)?.contains("future") == true)
    }

    @Test("no pod of a stateful set is made while its predecessor runs")
    func ordinals() throws {
        let world = world()
        let pod = try #require(world.api.pods(inNamespace: "default").first)
        var successor = pod
        successor.metadata.uid = UID(high: 1, low: 2)
        successor.metadata.ownerReferences = [
            OwnerReference(apiVersion: "apps/v1", kind: "StatefulSet", name: "db", uid: UID(high: 3, low: 4))
        ]
        #expect(OrdinalInvariant.problem(of: judged(.added(.pod(successor))), in: world) != nil)
        successor.metadata.name = "db-0"
        #expect(OrdinalInvariant.problem(of: judged(.added(.pod(successor))), in: world) == nil)
    }

    @Test("no eviction goes below a budget")
    func disruption() throws {
        var world = world(budget: 6)
        let pods = world.api.pods(inNamespace: "default")
        let pod = try #require(pods.first)
        var evicted = pod
        evicted.metadata.deletionTimestamp = world.now
        evicted.status.conditions.set(
            Condition(Condition.disruptionTarget, .true, reason: "EvictionByEvictionAPI", at: world.now))
        let change = judged(.modified(old: .pod(pod), new: .pod(evicted)))
        #expect(DisruptionInvariant.problem(of: change, in: world) == nil)
        world.apply(.delete(pod.key, uid: nil, gracePeriodSeconds: nil, propagation: .background))
        #expect(DisruptionInvariant.problem(of: change, in: world)?.contains("5 healthy") == true)
    }

    @Test("no rollout asks for more than the surge")
    func surge() throws {
        var world = world()
        let old = try #require(world.api.objects(of: .replicaSet, namespace: "default").first)
        guard case .replicaSet(var set) = old else { return }
        set.spec.replicas = 9
        world.apply(.update(.replicaSet(set)))
        let change = WatchEvent.modified(old: old, new: .replicaSet(set))
        let writer = try #require(World.controllerNames.firstIndex(of: "deployment-controller"))
        #expect(SurgeInvariant.problem(of: judged(change, by: Int32(writer)), in: world) != nil)
        // What people do is no rollout.
        #expect(SurgeInvariant.problem(of: judged(change), in: world) == nil)
    }

    @Test("no rollout asks for more than the surge, as far as its controller could know what it has asked for")
    func staleSurge() throws {
        var world = world()
        let key = ObjectKey(.deployment, namespace: "default", name: "web")
        guard case .deployment(var deployment)? = world.api.object(key) else { return }
        deployment.spec.template.spec.containers[0].image = "shop/web:2"
        deployment.metadata.resourceVersion = 0
        world.request(.update(.deployment(deployment)))
        let end = world.now + .minutes(10)
        while let next = world.queue.nextInstant, next <= end { _ = world.run(events: 1) }
        #expect(world.violation == nil)
        let sets = world.api.replicaSets(controlledBy: deployment.metadata.uid)
        #expect(sets.map(\.spec.replicas) == [0, 6])
        var set = try #require(sets.last)
        set.spec.replicas = 9
        world.apply(.update(.replicaSet(set)))
        let change = WatchEvent.modified(old: .replicaSet(sets[1]), new: .replicaSet(set))
        let writer = try #require(World.controllerNames.firstIndex(of: "deployment-controller"))
        func isBroken(_ call: Int64, _ version: Int64) -> Bool {
            SurgeInvariant.problem(
                of: judged(change, by: Int32(writer), DecisionBasis(call: call, version: version)), in: world) != nil
        }
        let (calls, version) = (world.hosts[writer].calls, world.api.store.resourceVersion)
        #expect(isBroken(calls + 1, version) && !isBroken(calls + 1, sets[0].metadata.resourceVersion / 2))
        // One call shrank the other set last, and knew of it without being told.
        #expect((1...calls).count { isBroken($0, 0) } == 1)
    }

    @Test("what a job counted stays counted", arguments: 0...3)
    func jobs(row: Int) {
        let world = world(replicas: 1)
        var spec = Job.Spec()
        spec.completions = 3
        spec.indexed = true
        var old = Job(metadata: ObjectMeta(name: "j", namespace: "default"), spec: spec)
        old.status.succeeded = 2
        old.status.failed = 1
        var new = old
        new.status.succeeded = 3
        #expect(JobCountInvariant.problem(of: judged(.modified(old: .job(old), new: .job(new))), in: world) == nil)
        switch row {
        case 0: new.status.succeeded = 1
        case 1: new.status.failed = 0
        case 2: new.status.succeeded = 4
        default:
            old.status.conditions.set(Condition("Complete", .true, reason: "", at: .start))
        }
        #expect(JobCountInvariant.problem(of: judged(.modified(old: .job(old), new: .job(new))), in: world) != nil)
    }

    @Test("the scheduler forgets no pod")
    func waiting() {
        var world = world(replicas: 10, cpu: 1000, machines: 1)
        world.replaceScheduler()
        #expect(WaitingPodInvariant.problem(in: world)?.contains("forgotten") == true)
    }

    @Test("nothing without owners is left alone")
    func owners() throws {
        let world = world()
        var pod = Pod(
            metadata: ObjectMeta(name: "lost", namespace: "default"),
            spec: PodSpec(containers: [Container(name: "c", image: "i")]))
        pod.metadata.ownerReferences = [
            OwnerReference(apiVersion: "apps/v1", kind: "ReplicaSet", name: "gone", uid: UID(high: 5, low: 6))
        ]
        // Behind the back of everybody who watches.
        _ = try world.api.store.apply(.create(.pod(pod)), now: world.now)
        #expect(OwnerInvariant.problem(in: world)?.contains("lost") == true)
    }
}
