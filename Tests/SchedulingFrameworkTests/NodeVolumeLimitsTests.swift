import KubernetesAPI
import Testing

@testable import SchedulingFramework

@Suite struct NodeVolumeLimitsTests {
    private static let rejection = Verdict.unschedulable("node(s) exceed max volume count")

    private static func csi(_ name: String, handle: String, driver: String = "d") -> KubernetesObject {
        Sample.volume(name) { $0.spec.source = .csi(driver: driver, handle: handle) }
    }

    /// Claims c1…c4 on volumes with handles h1, h2, h3 and again h1; c5 is unbound.
    private static let storage: [KubernetesObject] = [
        csi("v1", handle: "h1"), csi("v2", handle: "h2"), csi("v3", handle: "h3", driver: "e"), csi("v4", handle: "h1"),
        Sample.claim("c1", volume: "v1"), Sample.claim("c2", volume: "v2"), Sample.claim("c3", volume: "v3"),
        Sample.claim("c4", volume: "v4"), Sample.claim("c5"), Sample.storageClass(provisioner: "d"),
        Sample.claim("old", in: "aws"), Sample.storageClass("aws", provisioner: "kubernetes.io/aws-ebs"),
        Sample.volume("google") { $0.spec.source = .gcePersistentDisk(name: "g", readOnly: false) },
        Sample.claim("google", volume: "google"),
    ]

    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var limits: [(String, Int64?)]
        var present: [Volume.Source]
        var wanted: [Volume.Source]
        var fits: Bool

        init(
            _ text: String, _ limits: [(String, Int64?)], present: [String] = [], wanted: [String],
            disks: [Volume.Source] = [], fits: Bool
        ) {
            testDescription = text
            self.limits = limits
            self.present = present.map { .persistentVolumeClaim(name: $0) }
            self.wanted = wanted.map { .persistentVolumeClaim(name: $0) } + disks
            self.fits = fits
        }
    }

    private static let ebs = Volume.Source.awsElasticBlockStore(id: "aws://zone/vol-1", readOnly: false)

    static let rows = [
        Row("room for one more", [("d", 2)], present: ["c1"], wanted: ["c2"], fits: true),
        Row("no room", [("d", 1)], present: ["c1"], wanted: ["c2"], fits: false),
        Row("no limit", [("d", nil)], present: ["c1"], wanted: ["c2"], fits: true),
        Row("a volume that is there already", [("d", 1)], present: ["c1"], wanted: ["c1"], fits: true),
        Row("the same handle by another volume", [("d", 1)], present: ["c1"], wanted: ["c4"], fits: true),
        Row("drivers count apart", [("d", 1), ("e", 1)], present: ["c1"], wanted: ["c3"], fits: true),
        Row("two at once", [("d", 1)], wanted: ["c1", "c2"], fits: false),
        Row("an unbound claim counts for its provisioner", [("d", 1)], present: ["c1"], wanted: ["c5"], fits: false),
        Row("a missing claim of a pod that runs is passed over", [("d", 1)], present: ["x"], wanted: ["c1"], fits: true),
        Row("a provisioner of old counts for its driver", [("ebs.csi.aws.com", 0)], wanted: ["old"], fits: false),
        Row("a disk of old counts for its driver", [("pd.csi.storage.gke.io", 0)], wanted: ["google"], fits: false),
        Row("so does a disk that the pod names", [("ebs.csi.aws.com", 0)], wanted: [], disks: [ebs], fits: false),
    ]

    @Test("volumes against the limits of a node's drivers", arguments: rows)
    func limits(row: Row) {
        let node = Sample.node()
        node.add(Sample.pod(2, row.present))
        let snapshot = Sample.snapshot(Self.storage + [Sample.drivers(row.limits)])
        let verdict = Sample.judge(NodeVolumeLimits(), Sample.pod(1, row.wanted), on: node, in: snapshot)
        #expect(verdict == (row.fits ? .success : Self.rejection))
        let pod = Sample.pod(1, row.wanted)
        #expect(Sample.judgeUnprepared(NodeVolumeLimits(), pod, on: node, in: snapshot) == verdict)
        // Without a CSINode nothing is known to be limited.
        let bare = Sample.snapshot(Self.storage)
        #expect(Sample.judge(NodeVolumeLimits(), Sample.pod(1, row.wanted), on: node, in: bare) == .success)
    }

    @Test("a new pod needs its claim; without claims and such disks there is nothing to do")
    func edges() {
        let snapshot = Sample.snapshot([])
        let verdict = Sample.judge(NodeVolumeLimits(), Sample.pod(claims: "x"), on: Sample.node(), in: snapshot)
        #expect(
            verdict == .unresolvable("looking up PVC default/x: persistentvolumeclaim \"x\" not found"))
        let plain = Sample.pod(1, [.emptyDir(inMemory: false), .iscsi(iqn: "i", readOnly: false)])
        #expect(Sample.judge(NodeVolumeLimits(), plain, on: Sample.node(), in: snapshot) == nil)
    }

    @Test("handles by which drivers know disks of old")
    func handles() {
        func handle(_ source: Volume.Source, _ labels: StringMap? = nil) -> String? {
            DiskMigration.handle(of: source, volumeLabels: labels)
        }
        let disk = Volume.Source.gcePersistentDisk(name: "g", readOnly: false)
        let zone = "topology.kubernetes.io/zone"
        #expect(handle(Self.ebs) == "vol-1")
        #expect(handle(.awsElasticBlockStore(id: "vol-2", readOnly: true)) == "vol-2")
        #expect(handle(disk) == "projects/UNSPECIFIED/zones/UNSPECIFIED/disks/g")
        #expect(handle(disk, [zone: "us-a"]) == "projects/UNSPECIFIED/zones/us-a/disks/g")
        #expect(handle(disk, [zone: "us-east1-a__us-east1-b"]) == "projects/UNSPECIFIED/regions/us-east1/disks/g")
        #expect(handle(.cinder(id: "c")) == "c")
        #expect(handle(.hostPath) == nil)
    }

    @Test("more room and volumes that go wake")
    func hints() {
        let plugin = NodeVolumeLimits()
        let pod = Sample.pod(claims: "c")
        func limit(_ old: Int64?, _ new: Int64?) -> QueueingHint {
            plugin.hint(
                pod,
                after: ClusterChange(
                    .csiNode, .otherUpdate, old: Sample.drivers([("d", old)]), new: Sample.drivers([("d", new)])))
        }
        #expect(limit(1, 2) == .queue)
        #expect(limit(2, 2) == .skip)
        #expect(limit(2, nil) == .skip)
        func gone(_ other: PodInfo, on node: String?) -> QueueingHint {
            var bound = other.pod
            bound.nodeName = node
            return plugin.hint(pod, after: ClusterChange(.assignedPod, .delete, old: .pod(bound)))
        }
        #expect(gone(Sample.pod(2, claims: "x"), on: "n1") == .queue)
        #expect(gone(Sample.pod(2, claims: "x"), on: nil) == .skip)
        #expect(gone(Sample.pod(2), on: "n1") == .skip)
    }
}
