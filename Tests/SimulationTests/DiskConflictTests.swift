import Chronology
import Faults
import KubernetesAPI
import Observations
import Simulation
import Testing
import VirtualTime

@Suite("Disks that only one node at a time may have")
struct DiskConflictTests {
    /// Pods on two machines of one zone that use one disk: `first` on box-1 from the start, `second` on box-3 later.
    private func run(_ mode: AccessMode = .readWriteOnce, _ change: (inout WorldSetup) -> Void) -> Notebook {
        var setup = Fixture.setup(machines: 3, horizon: .hours(3))
        var wanted = PersistentVolumeClaimSpec()
        wanted.request = Quantity(10 << 30)
        wanted.accessModes = [mode]
        wanted.storageClassName = "fast"
        var storageClass = StorageClass(metadata: ObjectMeta(name: "fast"))
        storageClass.provisioner = "ebs.csi.aws.com"
        storageClass.waitForFirstConsumer = true
        let claim = PersistentVolumeClaim(metadata: ObjectMeta(name: "data", namespace: "default"), spec: wanted)
        setup.objects = [.storageClass(storageClass), .persistentVolumeClaim(claim), Self.pod("first", on: "box-1")]
        setup.changes = [ScheduledChange(at: .start + .minutes(10), act: .apply([Self.pod("second", on: "box-3")]))]
        change(&setup)
        let notes = Notebook()
        var world = World(setup, observer: notes)
        world.checksInvariants = true
        world.run()
        #expect(world.violation == nil)
        return notes
    }

    /// A pod that goes at once when it is deleted, whatever its machine does.
    private static func pod(_ name: String, on node: String) -> KubernetesObject {
        var spec = PodSpec(containers: [Container(name: "main", image: "shop/web:1")])
        spec.nodeSelector = ["kubernetes.io/hostname": node]
        spec.terminationGracePeriodSeconds = 0
        spec.tolerations = [Toleration(operator: .exists)]
        spec.volumes = [Volume(name: "data", source: .persistentVolumeClaim(name: "data"))]
        return .pod(Pod(metadata: ObjectMeta(name: name, namespace: "default"), spec: spec))
    }

    private static func deletion(at minutes: Int64) -> ScheduledChange {
        ScheduledChange(at: .start + .minutes(minutes), act: .delete(ObjectKey(.pod, namespace: "default", name: "first")))
    }

    private static func crash(hours: Int64) -> FaultSpec {
        FaultSpec(
            name: "lost", kind: NodeCrash.self, timing: .at(.start + .minutes(30)),
            targets: TargetSelector(names: ["box-1"]), duration: .lasting(.constant(Double(hours) * 3600)))
    }

    /// The minutes from the start, rounded down, after which `second` was ready; nil when it never was.
    private func minutesToReady(_ notes: Notebook) -> Int64? {
        let row = notes.pods.first { $0.name == "second" }?.pod
        let interval = notes.podIntervals.first { $0.pod == row && $0.state == .ready }
        return interval.map { ($0.from - .start).wholeSeconds / 60 }
    }

    @Test("the pods of another node wait, and one event says why")
    func waiting() {
        let notes = run { _ in }
        #expect(minutesToReady(notes) == nil)
        let conflicts = notes.events.filter { $0.reason == "FailedAttachVolume" }
        #expect(conflicts.map(\.object) == ["Pod default/second"])
        #expect(conflicts.allSatisfy { $0.message.hasSuffix("Volume is already used by pod(s) first") })
    }

    @Test("a disk of many nodes is waited for by nobody", arguments: [AccessMode.readWriteMany, .readOnlyMany])
    func many(mode: AccessMode) { #expect(minutesToReady(run(mode) { _ in }) == 10) }

    @Test("who waits goes on as soon as the pods of the other node are gone")
    func release() { #expect(minutesToReady(run { $0.changes.append(Self.deletion(at: 60)) }) == 60) }

    @Test("a lost node keeps its disk six minutes longer than its pod")
    func force() {
        let notes = run {
            $0.faults = [Self.crash(hours: 2)]
            $0.changes.append(Self.deletion(at: 40))
        }
        #expect(minutesToReady(notes) == 46)
    }

    @Test("a node that comes back within the six minutes lets its disk go")
    func back() throws {
        let notes = run {
            $0.faults = [Self.crash(hours: 1)]
            $0.changes.append(Self.deletion(at: 88))
        }
        let minutes = try #require(minutesToReady(notes))
        #expect((90..<94).contains(minutes))
    }

    @Test("while its pod is there, a lost node keeps its disk")
    func kept() { #expect(minutesToReady(run { $0.faults = [Self.crash(hours: 2)] }) == nil) }
}
