import KubernetesAPI
import Testing

@testable import SchedulingFramework

@Suite struct VolumeRestrictionsTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var wanted: Volume.Source
        var mounted: Volume.Source
        var conflicts: Bool

        init(_ text: String, _ wanted: Volume.Source, _ mounted: Volume.Source, _ conflicts: Bool) {
            testDescription = text
            self.wanted = wanted
            self.mounted = mounted
            self.conflicts = conflicts
        }
    }

    private static func gce(_ name: String, _ readOnly: Bool) -> Volume.Source {
        .gcePersistentDisk(name: name, readOnly: readOnly)
    }
    private static func rbd(_ monitors: [String], _ image: String, _ readOnly: Bool) -> Volume.Source {
        .rbd(monitors: monitors, pool: "p", image: image, readOnly: readOnly)
    }

    static let rows = [
        Row("the same Google disk", gce("a", false), gce("a", false), true),
        Row("the same Google disk, one side reading only", gce("a", true), gce("a", false), true),
        Row("the same Google disk, both reading only", gce("a", true), gce("a", true), false),
        Row("another Google disk", gce("a", false), gce("b", false), false),
        Row(
            "the same Amazon disk, even when both only read", .awsElasticBlockStore(id: "a", readOnly: true),
            .awsElasticBlockStore(id: "a", readOnly: true), true),
        Row("the same iSCSI target", .iscsi(iqn: "i", readOnly: false), .iscsi(iqn: "i", readOnly: true), true),
        Row("the same iSCSI target, reading", .iscsi(iqn: "i", readOnly: true), .iscsi(iqn: "i", readOnly: true), false),
        Row("the same image by one shared monitor", rbd(["a", "b"], "x", false), rbd(["b"], "x", false), true),
        Row("the same image without a shared monitor", rbd(["a"], "x", false), rbd(["b"], "x", false), false),
        Row("another image", rbd(["a"], "x", false), rbd(["a"], "y", false), false),
        Row("the same image, reading", rbd(["a"], "x", true), rbd(["a"], "x", true), false),
        Row("an Azure disk is not looked at", .azureDisk(name: "a"), .azureDisk(name: "a"), false),
    ]

    @Test("two pods with disks of their own on one node", arguments: rows)
    func disks(row: Row) {
        let node = Sample.node()
        node.add(Sample.pod(2, [row.mounted]))
        let verdict = Sample.judge(VolumeRestrictions(), Sample.pod(1, [row.wanted]), on: node, in: Sample.snapshot([]))
        #expect((verdict ?? .success) == (row.conflicts ? .unschedulable("node(s) had no available disk") : .success))
    }

    @Test("a claim that is not there refuses the pod everywhere")
    func missing() {
        let verdict = Sample.judge(
            VolumeRestrictions(), Sample.pod(claims: "c"), on: Sample.node(), in: Sample.snapshot([]))
        #expect(verdict == .unresolvable("persistentvolumeclaim \"c\" not found"))
    }

    @Test("a ReadWriteOncePod claim serves one pod, wherever that runs; its eviction makes room")
    func oncePerPod() {
        let snapshot = Sample.snapshot([Sample.claim("c") { $0.spec.accessModes = [.readWriteOncePod] }])
        let plugin = VolumeRestrictions()
        let pod = Sample.pod(1, claims: "c")
        let holder = Sample.pod(2, claims: "c")
        #expect(Sample.judge(plugin, pod, on: Sample.node(), in: snapshot) == nil)
        snapshot.storage.count(holder, 1)
        let state = CycleState()
        #expect(plugin.preFilter(pod, in: snapshot, state: state).verdict == .success)
        let full = Verdict.unschedulable(
            "node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by "
                + "another pod")
        #expect(plugin.filter(pod, on: Sample.node("far"), state: state) == full)
        let dryRun = state.copied()
        plugin.podRemoved(holder, from: Sample.node(), whenFiltering: pod, state: dryRun)
        #expect(plugin.filter(pod, on: Sample.node(), state: dryRun) == .success)
        #expect(plugin.filter(pod, on: Sample.node(), state: state) == full)
        plugin.podAdded(holder, to: Sample.node(), whenFiltering: pod, state: dryRun)
        #expect(plugin.filter(pod, on: Sample.node(), state: dryRun) == full)
        snapshot.storage.count(holder, -1)
        #expect(Sample.judge(plugin, pod, on: Sample.node(), in: snapshot) == nil)
    }

    @Test("the end of a pod with the same disk or claim wakes, that of another does not")
    func hints() {
        let plugin = VolumeRestrictions()
        let pod = Sample.pod(1, [.persistentVolumeClaim(name: "c"), .gcePersistentDisk(name: "d", readOnly: false)])
        func hint(_ gone: PodInfo) -> QueueingHint {
            plugin.hint(pod, after: ClusterChange(.assignedPod, .delete, old: .pod(gone.pod)))
        }
        #expect(hint(Sample.pod(2, claims: "c")) == .queue)
        #expect(hint(Sample.pod(2, namespace: "other", claims: "c")) == .skip)
        #expect(hint(Sample.pod(2, claims: "x")) == .skip)
        #expect(hint(Sample.pod(2, [.gcePersistentDisk(name: "d", readOnly: true)])) == .queue)
        let added = { plugin.hint(pod, after: ClusterChange(.persistentVolumeClaim, .add, new: Sample.claim($0))) }
        #expect(added("c") == .queue)
        #expect(added("x") == .skip)
    }
}
