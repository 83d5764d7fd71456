import KubernetesAPI
import Testing

@testable import SchedulingFramework

@Suite struct VolumeZoneTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var volume: StringMap
        var node: StringMap
        var fits: Bool

        init(_ text: String, volume: StringMap, node: StringMap, fits: Bool) {
            testDescription = text
            self.volume = volume
            self.node = node
            self.fits = fits
        }
    }

    private static let zone = "topology.kubernetes.io/zone"
    private static let region = "topology.kubernetes.io/region"
    private static let beta = "failure-domain.beta.kubernetes.io/zone"

    static let rows = [
        Row("the same zone", volume: [zone: "a"], node: [zone: "a"], fits: true),
        Row("another zone", volume: [zone: "a"], node: [zone: "b"], fits: false),
        Row("one of several zones", volume: [zone: "a__b"], node: [zone: "b"], fits: true),
        Row("one of several zones, with blanks", volume: [zone: "a __ b"], node: [zone: "a"], fits: true),
        Row("none of several zones", volume: [zone: "a__b"], node: [zone: "c"], fits: false),
        Row("an empty zone among several is ignored", volume: [zone: "a____b"], node: [zone: "c"], fits: true),
        Row("a node without zones", volume: [zone: "a"], node: [:], fits: true),
        Row("a node with a region alone", volume: [zone: "a"], node: [region: "r"], fits: false),
        Row("an old label against a new one", volume: [beta: "a"], node: [zone: "a"], fits: true),
        Row("an old label against another zone", volume: [beta: "a"], node: [zone: "b"], fits: false),
        Row("a new label against an old one", volume: [zone: "a"], node: [beta: "a"], fits: false),
        Row("zone and region", volume: [zone: "a", region: "r"], node: [zone: "a", region: "r"], fits: true),
        Row("zone but not region", volume: [zone: "a", region: "r"], node: [zone: "a", region: "s"], fits: false),
    ]

    @Test("labels of a bound volume against those of the node", arguments: rows)
    func labels(row: Row) {
        let snapshot = Sample.snapshot([Sample.claim("c", volume: "v"), Sample.volume("v", labels: row.volume)])
        let pod = Sample.pod(claims: "c")
        let node = Sample.node("n", row.node)
        let verdict = Sample.judge(VolumeZone(), pod, on: node, in: snapshot)
        #expect(Sample.judgeUnprepared(VolumeZone(), pod, on: node, in: snapshot) == verdict ?? .success)
        #expect((verdict ?? .success) == (row.fits ? .success : .unresolvable("node(s) had no available volume zone")))
    }

    @Test(
        "what is wrong with a claim refuses the pod",
        arguments: [
            ([], "persistentvolumeclaim \"c\" not found"),
            ([Sample.claim("c", in: nil)], "PersistentVolumeClaim had no pv name and storageClass name"),
            ([Sample.claim("c", in: "x")], "storageclass.storage.k8s.io \"x\" not found"),
            ([Sample.claim("c"), Sample.storageClass(waits: false)], "PersistentVolume had no name"),
            ([Sample.claim("c", volume: "v")], "persistentvolume \"v\" not found"),
        ])
    func refusals(objects: [KubernetesObject], text: String) {
        let verdict = Sample.judge(
            VolumeZone(), Sample.pod(claims: "c"), on: Sample.node(), in: Sample.snapshot(objects))
        #expect(verdict == .unresolvable(text))
        #expect(
            Sample.judgeUnprepared(
                VolumeZone(), Sample.pod(claims: "c"), on: Sample.node(), in: Sample.snapshot(objects)) == verdict)
        let lenient = Sample.snapshot(objects)
        lenient.storage.countsClaimsAsBound = true
        #expect(Sample.judge(VolumeZone(), Sample.pod(claims: "c"), on: Sample.node(), in: lenient) == nil)
    }

    @Test("a claim that waits for its first pod is passed over, and so are claims made for one pod")
    func skips() {
        let snapshot = Sample.snapshot([Sample.claim("c"), Sample.storageClass()])
        #expect(Sample.judge(VolumeZone(), Sample.pod(claims: "c"), on: Sample.node(), in: snapshot) == nil)
        let ephemeral = Sample.pod(1, [.ephemeral(PersistentVolumeClaimSpec())])
        #expect(Sample.judge(VolumeZone(), ephemeral, on: Sample.node(), in: snapshot) == nil)
    }

    @Test("a volume wakes when its zones change; a class when it waits for pods")
    func hints() {
        let plugin = VolumeZone()
        let pod = Sample.pod(claims: "c")
        func volume(_ zone: String) -> KubernetesObject { Sample.volume("v", labels: [Self.zone: zone]) }
        func change(_ old: String, _ new: String) -> QueueingHint {
            plugin.hint(pod, after: ClusterChange(.persistentVolume, .otherUpdate, old: volume(old), new: volume(new)))
        }
        #expect(change("a", "a") == .skip)
        #expect(change("a", "b") == .queue)
        #expect(plugin.hint(pod, after: ClusterChange(.persistentVolume, .add, new: volume("a"))) == .queue)
        let late = ClusterChange(.storageClass, .add, new: Sample.storageClass())
        let early = ClusterChange(.storageClass, .add, new: Sample.storageClass(waits: false))
        #expect(plugin.hint(pod, after: late) == .queue)
        #expect(plugin.hint(pod, after: early) == .skip)
    }
}
