import Chronology
import KubernetesAPI
import Testing

@testable import SchedulingFramework

@Suite struct VolumeBindingTests {
    private static let noMatch = Verdict.unresolvable("node(s) didn't find available persistent volumes to bind")
    private static let noReach = Verdict.unresolvable("node(s) didn't match PersistentVolume's node affinity")
    private static let absent = Verdict.unresolvable(
        "node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)")

    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var objects: [KubernetesObject]
        var verdict: Verdict

        init(_ text: String, _ verdict: Verdict, _ objects: [KubernetesObject]) {
            testDescription = text
            self.objects = objects + [Sample.storageClass()]
            self.verdict = verdict
        }
    }

    private static let zoneTerm = NodeSelectorTerm(matchExpressions: [
        NodeSelectorRequirement(key: "zone", operator: .in, values: ["a", "b"])
    ])
    private static let otherTerm = NodeSelectorTerm(matchExpressions: [
        NodeSelectorRequirement(key: "zone", operator: .in, values: ["c"])
    ])

    private static let otherNames = NodeSelector(terms: [
        NodeSelectorTerm(matchFields: [
            NodeSelectorRequirement(key: "metadata.name", operator: .in, values: ["n2"])
        ])
    ])

    private static func maker(_ topologies: [NodeSelectorTerm] = []) -> KubernetesObject {
        Sample.storageClass("made", provisioner: "d", topologies: topologies)
    }

    /// The pod uses claim c; the node is n1 in zone a.
    static let rows = [
        Row("a bound volume without a place", .success, [Sample.claim("c", volume: "v"), Sample.volume("v")]),
        Row("a bound volume on this node", .success, [Sample.claim("c", volume: "v"), Sample.volume("v", host: "n1")]),
        Row("a bound volume elsewhere", noReach, [Sample.claim("c", volume: "v"), Sample.volume("v", host: "n2")]),
        Row("a bound volume that is gone", absent, [Sample.claim("c", volume: "v")]),
        Row(
            "a bound volume for nodes of other names, which play no part", .success,
            [Sample.claim("c", volume: "v"), Sample.volume("v") { $0.spec.nodeAffinity = otherNames }]),
        Row("a free volume", .success, [Sample.claim("c"), Sample.volume("v")]),
        Row("a free volume elsewhere", noMatch, [Sample.claim("c"), Sample.volume("v", host: "n2")]),
        Row("no volume", noMatch, [Sample.claim("c")]),
        Row("a volume too small", noMatch, [Sample.claim("c", size: 11), Sample.volume("v")]),
        Row("a volume of another class", noMatch, [Sample.claim("c"), Sample.volume("v", in: "x")]),
        Row(
            "a volume of another mode", noMatch, [Sample.claim("c"), Sample.volume("v") { $0.spec.volumeMode = "Block" }]
        ),
        Row(
            "a volume with other attributes", noMatch,
            [Sample.claim("c") { $0.spec.attributesClassName = "gold" }, Sample.volume("v")]),
        Row(
            "a volume that cannot be written by many", noMatch,
            [Sample.claim("c") { $0.spec.accessModes = [.readWriteMany] }, Sample.volume("v")]),
        Row(
            "a volume that the selector chooses", .success,
            [
                Sample.claim("c") { $0.spec.selector = LabelSelector(matchLabels: ["k": "v"]) },
                Sample.volume("v", labels: ["k": "v"]),
            ]),
        Row(
            "a volume that the selector does not choose", noMatch,
            [Sample.claim("c") { $0.spec.selector = LabelSelector(matchLabels: ["k": "v"]) }, Sample.volume("v")]),
        Row(
            "a volume that is not available", noMatch,
            [Sample.claim("c"), Sample.volume("v") { $0.phase = "Released" }]),
        Row(
            "a volume on its way out", noMatch,
            [Sample.claim("c"), Sample.volume("v") { $0.metadata.deletionTimestamp = .start }]),
        Row(
            "a volume set aside for another claim", noMatch,
            [Sample.claim("c"), Sample.volume("v") { ($0.spec.claimNamespace, $0.spec.claimName) = ("default", "x") }]),
        Row(
            "a volume set aside for the claim, whatever its phase", .success,
            [
                Sample.claim("c"),
                Sample.volume("v") {
                    ($0.spec.claimNamespace, $0.spec.claimName) = ("default", "c")
                    $0.phase = ""
                },
            ]),
        Row(
            "a volume set aside for the claim elsewhere rules out a free one here", noMatch,
            [
                Sample.claim("c"), Sample.volume("free"),
                Sample.volume("v", host: "n2") { ($0.spec.claimNamespace, $0.spec.claimName) = ("default", "c") },
            ]),
        Row("a volume can be made", .success, [Sample.claim("c", in: "made"), maker()]),
        Row("a volume can be made in this zone", .success, [Sample.claim("c", in: "made"), maker([otherTerm, zoneTerm])]),
        Row("a volume can be made elsewhere", noMatch, [Sample.claim("c", in: "made"), maker([otherTerm])]),
        Row("an empty topology selects no node", noMatch, [Sample.claim("c", in: "made"), maker([NodeSelectorTerm()])]),
        Row(
            "a volume is to be made for this node", .success,
            [Sample.claim("c", in: "made") { $0.metadata.annotations[VolumeAnnotation.selectedNode] = "n1" }, maker()]),
        Row(
            "a volume is to be made for another node", noMatch,
            [Sample.claim("c", in: "made") { $0.metadata.annotations[VolumeAnnotation.selectedNode] = "n2" }, maker()]),
        Row("no claim", .unresolvable("persistentvolumeclaim \"c\" not found"), []),
        Row(
            "a lost claim",
            .unresolvable("persistentvolumeclaim \"c\" bound to non-existent persistentvolume \"v\""),
            [Sample.claim("c", volume: "v") { $0.phase = "Lost" }]),
        Row(
            "a claim on its way out", .unresolvable("persistentvolumeclaim \"c\" is being deleted"),
            [Sample.claim("c") { $0.metadata.deletionTimestamp = .start }]),
        Row(
            "a claim without a class", .unresolvable("pod has unbound immediate PersistentVolumeClaims"),
            [Sample.claim("c", in: nil), Sample.volume("v", in: "")]),
        Row(
            "a claim that does not wait for pods", .unresolvable("pod has unbound immediate PersistentVolumeClaims"),
            [Sample.claim("c", in: "now"), Sample.storageClass("now", waits: false)]),
        Row(
            "a claim half bound", .unresolvable("pod has unbound immediate PersistentVolumeClaims"),
            [Sample.claim("c", volume: "v") { $0.metadata.annotations = [:] }, Sample.volume("v")]),
        Row(
            "a class by annotation", .success,
            [
                Sample.claim("c", in: "x") { $0.metadata.annotations["volume.beta.kubernetes.io/storage-class"] = "late" },
                Sample.volume("v"),
            ]),
    ]

    @Test("one claim on one node", arguments: rows)
    func claim(row: Row) {
        let verdict = Sample.judge(
            VolumeBinding(), Sample.pod(claims: "c"), on: Sample.node("n1", ["zone": "a"]),
            in: Sample.snapshot(row.objects))
        #expect(verdict == row.verdict)
    }

    @Test("a conflict of a bound volume and a lack of free ones are both told")
    func bothReasons() {
        let snapshot = Sample.snapshot([
            Sample.claim("a", volume: "v"), Sample.volume("v", host: "n2"), Sample.claim("b"), Sample.storageClass(),
        ])
        let verdict = Sample.judge(VolumeBinding(), Sample.pod(claims: "a", "b"), on: Sample.node(), in: snapshot)
        #expect(verdict == Verdict(.unresolvable, reasons: Self.noReach.reasons + Self.noMatch.reasons))
    }

    @Test("the smallest volume that fits goes to the smallest claim; of equals the first by name")
    func smallest() {
        let snapshot = Sample.snapshot([
            Sample.claim("big", size: 20), Sample.claim("small", size: 5), Sample.storageClass(),
            Sample.volume("z", size: 5, host: "n2"), Sample.volume("y", size: 20), Sample.volume("x", size: 30),
            Sample.volume("b", size: 10), Sample.volume("a", size: 10),
        ])
        let state = CycleState()
        let pod = Sample.pod(claims: "big", "small")
        let plugin = VolumeBinding()
        #expect(plugin.preFilter(pod, in: snapshot, state: state).verdict == .success)
        #expect(plugin.filter(pod, on: Sample.node(), state: state) == .success)
        #expect(plugin.reserve(pod, on: "n1", in: snapshot, state: state) == .success)
        #expect(plugin.preBindPreFlight(pod, to: "n1", state: state) == .success)
        let outcome = plugin.preBind(pod, to: "n1", in: snapshot, state: state)
        #expect(outcome.verdict.code == .wait)
        #expect(outcome.writes.map(\.metadata.name) == ["a", "y"])
        #expect(snapshot.storage.volume("a")?.spec.claimName == "small")
        #expect(snapshot.storage.volumes["a"]?.spec.claimName == nil)
        plugin.unreserve(pod, on: "n1", in: snapshot, state: state)
        plugin.unreserve(pod, on: "n1", in: snapshot, state: state)
        #expect(snapshot.storage.volume("a")?.spec.claimName == nil)
    }

    @Test("a promise ends when a newer version is seen, not when the same is seen again")
    func promises() {
        let snapshot = Sample.snapshot([Sample.volume("v")])
        guard case .persistentVolume(var volume) = Sample.volume("v") else { return }
        volume.spec.claimName = "c"
        snapshot.storage.promise(volume)
        snapshot.storage.apply(Sample.volume("v"), isDeleted: false)
        #expect(snapshot.storage.volume("v")?.spec.claimName == "c")
        snapshot.storage.apply(Sample.volume("v") { $0.metadata.resourceVersion = 2 }, isDeleted: false)
        #expect(snapshot.storage.volume("v")?.spec.claimName == nil)
        // What was promised of an old version is not believed.
        snapshot.storage.promise(volume)
        #expect(snapshot.storage.volume("v")?.spec.claimName == nil)
    }

    @Test("a disk that a driver took over is sought by the driver's zones, where the node says so")
    func migration() {
        let volume = Sample.volume("v", labels: ["topology.kubernetes.io/zone": "a"]) {
            $0.spec.source = .awsElasticBlockStore(id: "vol-1", readOnly: false)
        }
        let objects = [Sample.claim("c", volume: "v"), volume]
        let migrated = objects + [Sample.drivers([], migrated: "kubernetes.io/gce-pd,kubernetes.io/aws-ebs")]
        func verdict(_ objects: [KubernetesObject], _ labels: StringMap) -> Verdict? {
            Sample.judge(
                VolumeBinding(), Sample.pod(claims: "c"), on: Sample.node("n1", labels), in: Sample.snapshot(objects))
        }
        #expect(verdict(objects, [:]) == .success)
        #expect(verdict(migrated, [:]) == Self.noReach)
        #expect(verdict(migrated, ["topology.ebs.csi.aws.com/zone": "a"]) == .success)
    }

    @Test("where claims count as bound, only volumes that are known keep pods away")
    func lenient() {
        func verdict(_ objects: [KubernetesObject]) -> Verdict? {
            let snapshot = Sample.snapshot(objects)
            snapshot.storage.countsClaimsAsBound = true
            return Sample.judge(VolumeBinding(), Sample.pod(claims: "c"), on: Sample.node(), in: snapshot)
        }
        #expect(verdict([]) == .success)
        #expect(verdict([Sample.claim("c", in: nil)]) == .success)
        #expect(verdict([Sample.claim("c", in: "x"), Sample.volume("v", in: "x")]) == .success)
        #expect(verdict([Sample.claim("c", volume: "v") { $0.metadata.annotations = [:] }]) == .success)
        let far = Sample.volume("v", host: "n2") { $0.phase = "" }
        #expect(verdict([Sample.claim("c", volume: "v") { $0.metadata.annotations = [:] }, far]) == Self.noReach)
        let reserved = Sample.volume("v", in: "x", host: "n2") {
            ($0.spec.claimNamespace, $0.spec.claimName) = ("default", "c")
        }
        #expect(verdict([Sample.claim("c", in: "x"), reserved]) == Self.noReach)
        #expect(verdict([Sample.claim("c"), far, Sample.storageClass()]) == Self.noMatch)
    }

    @Test("pods without claims cost nothing: the answer follows from the shape")
    func scopes() {
        let plain = Sample.pod(1, [.hostPath, .emptyDir(inMemory: true), .other]).shape
        #expect(VolumeBinding().preFilterScope(for: plain) == .nodeObject)
        #expect(VolumeRestrictions().preFilterScope(for: plain) == .nodeObject)
        #expect(NodeVolumeLimits().preFilterScope(for: plain) == .nodeObject)
        #expect(VolumeZone().preFilterScope(for: plain) == .nodeObject)
        let claims = Sample.pod(claims: "c").shape
        #expect(VolumeBinding().preFilterScope(for: claims) == .cluster)
        #expect(VolumeZone().preFilterScope(for: claims) == .cluster)
    }

    @Test("claims of the pod, new topologies and migrated plugins wake")
    func hints() {
        let plugin = VolumeBinding()
        let pod = Sample.pod(1, [.persistentVolumeClaim(name: "c"), .ephemeral(PersistentVolumeClaimSpec())])
        func hint(_ resource: EventResource, _ old: KubernetesObject?, _ new: KubernetesObject) -> QueueingHint {
            let action: EventActions = old == nil ? .add : .otherUpdate
            return plugin.hint(pod, after: ClusterChange(resource, action, old: old, new: new))
        }
        #expect(hint(.persistentVolumeClaim, nil, Sample.claim("c")) == .queue)
        #expect(hint(.persistentVolumeClaim, nil, Sample.claim("p1-v1")) == .queue)
        #expect(hint(.persistentVolumeClaim, nil, Sample.claim("x")) == .skip)
        #expect(hint(.persistentVolumeClaim, nil, Sample.claim("c", namespace: "other")) == .skip)
        #expect(hint(.storageClass, nil, Sample.storageClass()) == .queue)
        #expect(hint(.storageClass, Sample.storageClass(), Sample.storageClass()) == .skip)
        #expect(hint(.storageClass, Sample.storageClass(), Sample.storageClass(topologies: [Self.zoneTerm])) == .queue)
        #expect(hint(.persistentVolume, Sample.volume("v"), Sample.volume("v")) == .queue)
        #expect(hint(.csiNode, nil, Sample.drivers([])) == .queue)
        #expect(hint(.csiNode, Sample.drivers([]), Sample.drivers([("d", 3)])) == .skip)
        #expect(hint(.csiNode, Sample.drivers([]), Sample.drivers([], migrated: "kubernetes.io/cinder")) == .queue)
    }
}
