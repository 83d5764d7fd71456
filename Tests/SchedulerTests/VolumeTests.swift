import Chronology
import ControlPlane
import KubernetesAPI
import Scheduler
import SchedulingFramework
import Testing

/// Volumes from cycle to cycle: what was promised to one pod is not there for the next.
@Suite struct VolumeTests {
    private static var observed: SchedulerConfiguration {
        var configuration = SchedulerConfiguration()
        configuration.claims = .observed
        return configuration
    }

    private static func claim(_ name: String, _ mode: AccessMode = .readWriteOnce) -> PersistentVolumeClaim {
        var spec = PersistentVolumeClaimSpec()
        spec.accessModes = [mode]
        spec.request = Quantity(1)
        spec.storageClassName = "late"
        var metadata = ObjectMeta(name: name, namespace: "default")
        metadata.uid = UID(text: name)
        metadata.resourceVersion = 1
        return PersistentVolumeClaim(metadata: metadata, spec: spec)
    }

    private static func volume(_ name: String, host: String) -> PersistentVolume {
        var spec = PersistentVolume.Spec()
        spec.capacity = Quantity(1)
        spec.accessModes = [.readWriteOnce, .readWriteOncePod]
        spec.storageClassName = "late"
        let requirement = NodeSelectorRequirement(key: "host", operator: .in, values: [host])
        spec.nodeAffinity = NodeSelector(terms: [NodeSelectorTerm(matchExpressions: [requirement])])
        var volume = PersistentVolume(metadata: ObjectMeta(name: name), spec: spec)
        volume.metadata.resourceVersion = 1
        volume.phase = "Available"
        return volume
    }

    private static func pod(_ number: UInt64, claim: String, priority: Int32 = 0) -> Pod {
        Make.pod("p\(number)", uid: number, priority: priority) {
            $0.volumes = [Volume(name: "v", source: .persistentVolumeClaim(name: claim))]
        }
    }

    private static func bound(_ claim: PersistentVolumeClaim, to volume: String) -> PersistentVolumeClaim {
        var claim = claim
        claim.spec.volumeName = volume
        claim.metadata.annotations[VolumeAnnotation.bindCompleted] = "yes"
        claim.metadata.resourceVersion += 1
        return claim
    }

    /// Nodes a and b, each with one volume of the class "late", and three claims of it.
    private static func cluster(_ configuration: SchedulerConfiguration = observed) -> PodScheduler {
        var scheduler = PodScheduler(configuration: configuration, now: .start)
        for name in ["a", "b"] {
            scheduler.observe(.added(.node(Make.node(name, labels: ["host": name]))), now: .start)
            scheduler.observe(.added(.persistentVolume(volume("on-\(name)", host: name))), now: .start)
        }
        var late = StorageClass(metadata: ObjectMeta(name: "late"))
        late.provisioner = "kubernetes.io/no-provisioner"
        late.waitForFirstConsumer = true
        scheduler.observe(.added(.storageClass(late)), now: .start)
        for name in ["c1", "c2", "c3"] {
            scheduler.observe(.added(.persistentVolumeClaim(claim(name))), now: .start)
        }
        return scheduler
    }

    private static func attempt(
        _ scheduler: inout PodScheduler, _ pod: Pod
    ) throws -> SchedulingAttempt {
        scheduler.observe(.added(.pod(pod)), now: .start)
        let attempt = scheduler.attempt(now: .start)
        return try #require(attempt)
    }

    @Test("each volume is promised once; the pod that finds none waits")
    func promisedOnce() throws {
        var scheduler = Self.cluster()
        var nodes: Set<String> = []
        for number in 1...2 {
            let attempt = try Self.attempt(&scheduler, Self.pod(UInt64(number), claim: "c\(number)"))
            nodes.insert(try #require(attempt.node))
            guard case .persistentVolume(let volume)? = attempt.writes.first else { throw Missing() }
            #expect(volume.spec.claimName == "c\(number)")
            #expect(volume.spec.claimUID == UID(text: "c\(number)"))
        }
        #expect(nodes == ["a", "b"])
        let third = try Self.attempt(&scheduler, Self.pod(3, claim: "c3"))
        #expect(third.node == nil)
        #expect(third.message.hasPrefix("0/2 nodes are available: 2 node(s) didn't find available persistent volumes"))
    }

    @Test("a binding that fails gives the volume back; a fork keeps its own promises")
    func givenBack() throws {
        var scheduler = Self.cluster()
        let first = try Self.attempt(&scheduler, Self.pod(1, claim: "c1"))
        _ = try Self.attempt(&scheduler, Self.pod(2, claim: "c2"))
        var fork = scheduler.fork()
        scheduler.bindFinished(pod: first.uid, node: try #require(first.node), succeeded: false, now: .start)
        scheduler.observe(.deleted(.pod(Self.pod(1, claim: "c1"))), now: .start)
        let third = try Self.attempt(&scheduler, Self.pod(3, claim: "c3"))
        #expect(third.node == first.node)
        let refused = try Self.attempt(&fork, Self.pod(3, claim: "c3"))
        #expect(refused.node == nil)
    }

    @Test("once a second it is seen whether the claim is bound in full, or the volume was taken away")
    func progress() throws {
        var scheduler = Self.cluster()
        let attempt = try Self.attempt(&scheduler, Self.pod(1, claim: "c1"))
        guard case .persistentVolume(var volume)? = attempt.writes.first else { throw Missing() }
        var denied = scheduler.fork()
        scheduler.writesFinished(pod: attempt.uid, succeeded: true, now: .start)
        let next = scheduler.takeBindingTasks()
        guard case .wait(let end)? = next.first?.step else { throw Missing() }
        #expect(end == .start + .minutes(10))
        let before = Self.volume(volume.metadata.name, host: try #require(attempt.node))
        volume.metadata.resourceVersion = 2
        scheduler.observe(.modified(old: .persistentVolume(before), new: .persistentVolume(volume)), now: .start)
        #expect(scheduler.takeBindingTasks().isEmpty)
        var spoiled = scheduler.fork()
        var late = scheduler.fork()
        let claim = Self.bound(Self.claim("c1"), to: volume.metadata.name)
        scheduler.observe(
            .modified(old: .persistentVolumeClaim(Self.claim("c1")), new: .persistentVolumeClaim(claim)), now: .start)
        scheduler.advance(to: Instant.start + .milliseconds(999))
        #expect(scheduler.takeBindingTasks().isEmpty)
        scheduler.advance(to: .at(1))
        let last = scheduler.takeBindingTasks()
        guard case .bind? = last.first?.step else { throw Missing() }
        var unbound = volume
        unbound.spec.claimUID = nil
        unbound.metadata.resourceVersion = 3
        spoiled.observe(.modified(old: .persistentVolume(volume), new: .persistentVolume(unbound)), now: .start)
        #expect(spoiled.nextWakeup == .at(1))
        spoiled.advance(to: .at(1))
        #expect(
            Self.failure(&spoiled)
                == "running PreBind plugin \"VolumeBinding\": binding volumes: ClaimRef got reset for pv "
                + "\"\(volume.metadata.name)\"")
        late.advance(to: end)
        #expect(
            Self.failure(&late)
                == "running PreBind plugin \"VolumeBinding\": binding volumes: context deadline exceeded")
        denied.writesFinished(pod: attempt.uid, succeeded: false, message: "conflict", now: .start)
        #expect(Self.failure(&denied) == "running PreBind plugin \"VolumeBinding\": conflict")
        #expect(denied.counts.assumed == 0)
    }

    private static func failure(_ scheduler: inout PodScheduler) -> String? {
        guard case .failed(let failure)? = scheduler.takeBindingTasks().first?.step else { return nil }
        return failure.message
    }

    @Test("pods without claims, or with claims that are bound, are bound at once")
    func nothingToDo() throws {
        var scheduler = Self.cluster()
        let done = Self.bound(Self.claim("done"), to: "on-a")
        scheduler.observe(.added(.persistentVolumeClaim(done)), now: .start)
        for pod in [Self.pod(1, claim: "done"), Make.pod("p2", uid: 2)] {
            let attempt = try Self.attempt(&scheduler, pod)
            guard case .bind = attempt.binding else { throw Missing() }
            #expect(!attempt.announcesNode)
        }
    }

    @Test("a claim for which a volume is to be made names the node, and keeps the next pod there")
    func provisioning() throws {
        var scheduler = Self.cluster()
        var maker = StorageClass(metadata: ObjectMeta(name: "late"))
        maker.provisioner = "d"
        maker.waitForFirstConsumer = true
        scheduler.observe(.modified(old: .storageClass(maker), new: .storageClass(maker)), now: .start)
        for name in ["a", "b"] {
            scheduler.observe(.deleted(.persistentVolume(Self.volume("on-\(name)", host: name))), now: .start)
        }
        let first = try Self.attempt(&scheduler, Self.pod(1, claim: "c1"))
        guard case .persistentVolumeClaim(let claim)? = first.writes.first else { throw Missing() }
        #expect(claim.metadata.annotations[VolumeAnnotation.selectedNode] == first.node)
        // Without the promise the emptier node would be taken.
        let second = try Self.attempt(&scheduler, Self.pod(2, claim: "c1"))
        #expect(second.node == first.node)
    }

    @Test("a more important pod evicts the one that holds its ReadWriteOncePod claim")
    func preemption() throws {
        var scheduler = Self.cluster()
        let single = Self.bound(Self.claim("single", .readWriteOncePod), to: "on-a")
        scheduler.observe(.added(.persistentVolumeClaim(single)), now: .start)
        let holder = Self.pod(1, claim: "single")
        scheduler.observe(.added(.pod(holder.bound(to: "a"))), now: .start)
        let attempt = try Self.attempt(&scheduler, Self.pod(2, claim: "single", priority: 10))
        guard case .unschedulable(let nominated, let victims) = attempt.outcome else { throw Missing() }
        #expect(nominated == "a")
        #expect(victims == [holder.key])
    }

    @Test("where nobody binds claims, pods with claims of all kinds find a node")
    func countedAsBound() throws {
        var scheduler = Self.cluster(SchedulerConfiguration())
        var immediate = Self.claim("now")
        immediate.spec.storageClassName = nil
        scheduler.observe(.added(.persistentVolumeClaim(immediate)), now: .start)
        for (index, claim) in ["now", "missing", "c1"].enumerated() {
            let attempt = try Self.attempt(&scheduler, Self.pod(UInt64(index) + 1, claim: claim))
            #expect(attempt.node != nil)
        }
    }

    @Test("a missing claim ends the search for a way out as upstream")
    func missingClaim() throws {
        var scheduler = Self.cluster()
        let attempt = try Self.attempt(&scheduler, Self.pod(1, claim: "x"))
        #expect(
            attempt.message == "0/2 nodes are available: persistentvolumeclaim \"x\" not found. not found")
    }

    private struct Missing: Error {}
}

extension SchedulingAttempt {
    /// What the API server is asked to update before the binding.
    fileprivate var writes: [KubernetesObject] {
        guard case .write(let objects) = binding else { return [] }
        return objects
    }
}
