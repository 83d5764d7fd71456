import Chronology
import ControlPlane
import Controllers
import FakeCluster
import KubernetesAPI
import Testing

@Suite("Claims and volumes")
struct VolumeTests {
    static func claim(
        _ name: String = "c", gibibytes: Int64 = 1, storageClass: String? = "fast",
        body: (inout PersistentVolumeClaim) -> Void = { _ in }
    ) -> PersistentVolumeClaim {
        var spec = PersistentVolumeClaimSpec()
        spec.request = Quantity(gibibytes << 30)
        spec.accessModes = [.readWriteOnce]
        spec.storageClassName = storageClass
        var claim = PersistentVolumeClaim(metadata: ObjectMeta(name: name, namespace: "d"), spec: spec)
        claim.phase = "Pending"
        body(&claim)
        return claim
    }

    static func volume(
        _ name: String, gibibytes: Int64 = 1, storageClass: String = "fast",
        body: (inout PersistentVolume) -> Void = { _ in }
    ) -> PersistentVolume {
        var spec = PersistentVolume.Spec()
        spec.capacity = Quantity(gibibytes << 30)
        spec.accessModes = [.readWriteOnce]
        spec.storageClassName = storageClass
        var volume = PersistentVolume(metadata: ObjectMeta(name: name), spec: spec)
        volume.phase = "Available"
        body(&volume)
        return volume
    }

    static func storageClass(_ name: String = "fast", waits: Bool = false, provisioner: String = "ebs.csi.aws.com")
        -> StorageClass
    {
        var found = StorageClass(metadata: ObjectMeta(name: name))
        found.provisioner = provisioner
        found.waitForFirstConsumer = waits
        return found
    }

    static func host(_ objects: [KubernetesObject]) -> FakeHost {
        var host = FakeHost([VolumeBinderReconciler()])
        for object in objects { host.view.add(object) }
        host.settle()
        return host
    }

    private static func stored(_ host: FakeHost, _ name: String = "c") -> PersistentVolumeClaim? {
        guard case .persistentVolumeClaim(let claim)? = host.view.object(Fixtures.key(.persistentVolumeClaim, name))
        else { return nil }
        return claim
    }

    private static func volume(in host: FakeHost, _ name: String) -> PersistentVolume? {
        guard case .persistentVolume(let volume)? = host.view.object(ObjectKey(.persistentVolume, name: name)) else {
            return nil
        }
        return volume
    }

    // MARK: - Which volume

    struct Choice: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var claim = VolumeTests.claim()
        var volumes: [PersistentVolume]
        var waits: Bool?
        var chosen: String?
    }

    static let choices: [Choice] = [
        Choice(
            testDescription: "the smallest that is large enough",
            claim: claim(gibibytes: 2),
            volumes: [volume("small"), volume("huge", gibibytes: 9), volume("right", gibibytes: 3)], chosen: "right"),
        Choice(
            testDescription: "of equal ones the first by name", volumes: [volume("b"), volume("a")], chosen: "a"),
        Choice(
            testDescription: "one of the claim's class", volumes: [volume("other", storageClass: "slow")], chosen: nil),
        Choice(
            testDescription: "one without a class for a claim that wants none", claim: claim(storageClass: ""),
            volumes: [volume("classy"), volume("plain", storageClass: "")], chosen: "plain"),
        Choice(
            testDescription: "one with all access modes",
            claim: claim { $0.spec.accessModes = [.readWriteOnce, .readOnlyMany] },
            volumes: [volume("one"), volume("both") { $0.spec.accessModes = [.readOnlyMany, .readWriteOnce] }],
            chosen: "both"),
        Choice(
            testDescription: "one of the claim's mode", claim: claim { $0.spec.volumeMode = "Block" },
            volumes: [volume("files"), volume("block") { $0.spec.volumeMode = "Block" }], chosen: "block"),
        Choice(
            testDescription: "one that the selector matches",
            claim: claim { $0.spec.selector = LabelSelector(matchLabels: ["disk": "ssd"]) },
            volumes: [volume("any"), volume("ssd") { $0.metadata.labels = ["disk": "ssd"] }], chosen: "ssd"),
        Choice(
            testDescription: "the one that is set aside for the claim, however large",
            volumes: [
                volume("free"),
                volume("mine", gibibytes: 9) {
                    $0.spec.claimNamespace = "d"
                    $0.spec.claimName = "c"
                },
            ], chosen: "mine"),
        Choice(
            testDescription: "the one that is set aside for the claim, whatever its class",
            volumes: [
                volume("free"),
                volume("mine", storageClass: "") {
                    $0.spec.claimNamespace = "d"
                    $0.spec.claimName = "c"
                },
            ], chosen: "mine"),
        Choice(
            testDescription: "not the one that is set aside for it with other access modes",
            volumes: [
                volume("mine") {
                    $0.spec.accessModes = [.readOnlyMany]
                    $0.spec.claimNamespace = "d"
                    $0.spec.claimName = "c"
                }
            ], chosen: nil),
        Choice(
            testDescription: "one with the fewest access modes, then the smallest",
            volumes: [
                volume("shared") { $0.spec.accessModes = [.readWriteOnce, .readWriteMany] },
                volume("large", gibibytes: 10), volume("larger", gibibytes: 11),
            ], chosen: "large"),
        Choice(
            testDescription: "a free one with fewer access modes before the one that is set aside",
            volumes: [
                volume("free"),
                volume("mine") {
                    $0.spec.accessModes = [.readWriteOnce, .readWriteMany]
                    $0.spec.claimNamespace = "d"
                    $0.spec.claimName = "c"
                },
            ], chosen: "free"),
        Choice(
            testDescription: "none that is set aside for another",
            volumes: [
                volume("theirs") {
                    $0.spec.claimNamespace = "d"
                    $0.spec.claimName = "x"
                }
            ], chosen: nil),
        Choice(
            testDescription: "the one that the claim names", claim: claim { $0.spec.volumeName = "b" },
            volumes: [volume("a"), volume("b", gibibytes: 5)], chosen: "b"),
        Choice(
            testDescription: "not the one that it names when that is too small",
            claim: claim(gibibytes: 2) { $0.spec.volumeName = "b" }, volumes: [volume("b")], chosen: nil),
        Choice(
            testDescription: "not the one that it names while that is being deleted",
            claim: claim { $0.spec.volumeName = "b" },
            volumes: [
                volume("b") {
                    $0.metadata.deletionTimestamp = .start
                    $0.metadata.finalizers = ["f"]
                }
            ], chosen: nil),
        Choice(
            testDescription: "not the one that it names with other attributes",
            claim: claim { $0.spec.volumeName = "b" }, volumes: [volume("b") { $0.spec.attributesClassName = "gold" }],
            chosen: nil),
        Choice(
            testDescription: "none before its first pod has a place", volumes: [volume("a")], waits: true, chosen: nil),
        Choice(
            testDescription: "the one that the scheduler set aside while it waits",
            volumes: [
                volume("a") {
                    $0.spec.claimNamespace = "d"
                    $0.spec.claimName = "c"
                }
            ], waits: true, chosen: "a"),
    ]

    @Test("find each other", arguments: choices)
    func choice(_ row: Choice) throws {
        let classes = row.waits.map { [KubernetesObject.storageClass(Self.storageClass(waits: $0))] } ?? []
        var host = Self.host(
            classes + row.volumes.map { .persistentVolume($0) } + [.persistentVolumeClaim(row.claim)])
        let claim = try #require(Self.stored(host))
        guard let name = row.chosen else {
            #expect(claim.phase == "Pending")
            #expect(claim.metadata.annotations["pv.kubernetes.io/bind-completed"] == nil)
            return
        }
        #expect(claim.phase == "Bound" && claim.spec.volumeName == name)
        #expect(claim.metadata.annotations["pv.kubernetes.io/bind-completed"] == "yes")
        let volume = try #require(Self.volume(in: host, name))
        #expect(volume.phase == "Bound" && volume.spec.claimUID == claim.metadata.uid)
        for other in row.volumes where other.metadata.name != name {
            #expect(Self.volume(in: host, other.metadata.name)?.phase == "Available")
        }
        #expect(host.leftovers().isEmpty)
    }

    // MARK: - What is told of a claim that finds none

    @Test(
        "wait, and say for what",
        arguments: [
            (claim(storageClass: ""), nil, "FailedBinding"),
            (claim(), storageClass(waits: true), "WaitForFirstConsumer"),
            (claim(), storageClass(), "ExternalProvisioning"),
            (claim(), nil, "ProvisioningFailed"),
            (claim(), storageClass(provisioner: "kubernetes.io/no-provisioner"), "ProvisioningFailed"),
            (claim(), storageClass(waits: true, provisioner: "kubernetes.io/no-provisioner"), "WaitForFirstConsumer"),
        ] as [(PersistentVolumeClaim, StorageClass?, String)])
    func waiting(_ claim: PersistentVolumeClaim, _ storageClass: StorageClass?, _ reason: String) throws {
        var host = Self.host((storageClass.map { [.storageClass($0)] } ?? []) + [.persistentVolumeClaim(claim)])
        #expect(host.events.first?.reason == reason)
        let stored = try #require(Self.stored(host))
        #expect(stored.phase == "Pending")
        let provisioner = stored.metadata.annotations["volume.kubernetes.io/storage-provisioner"]
        #expect(provisioner == (reason == "ExternalProvisioning" ? "ebs.csi.aws.com" : nil))
        #expect(host.leftovers().isEmpty)
    }

    @Test("of an in-tree name go to the driver that took over")
    func migrated() throws {
        let host = Self.host([
            .storageClass(Self.storageClass(provisioner: "kubernetes.io/gce-pd")), .persistentVolumeClaim(Self.claim()),
        ])
        let stored = try #require(Self.stored(host))
        #expect(
            stored.metadata.annotations["volume.kubernetes.io/storage-provisioner"] == "pd.csi.storage.gke.io")
    }

    @Test("take what turns up later at the next look, and the default class as well")
    func later() throws {
        var host = Self.host([.persistentVolumeClaim(Self.claim(storageClass: nil))])
        host.run(for: .seconds(7))
        var standard = Self.storageClass("standard")
        standard.metadata.annotations["storageclass.kubernetes.io/is-default-class"] = "true"
        host.view.add(.storageClass(standard))
        host.run(for: .seconds(7))
        #expect(Self.stored(host)?.spec.storageClassName == nil)
        host.run(for: .seconds(1))
        #expect(Self.stored(host)?.spec.storageClassName == "standard")
        host.run(for: .seconds(2))
        host.view.add(.persistentVolume(Self.volume("v", storageClass: "standard")))
        host.run(for: .seconds(12))
        #expect(Self.stored(host)?.phase == "Pending")
        host.run(for: .seconds(1))
        #expect(Self.stored(host)?.phase == "Bound")
        #expect(host.leftovers().isEmpty)
    }

    // MARK: - Ends

    @Test(
        "a volume whose claim is gone is left to its policy",
        arguments: [
            (PersistentVolume.ReclaimPolicy.retain, false, "Released"), (.delete, true, "Released"),
            (.delete, false, "Failed"), (.recycle, false, "Released"),
        ])
    func release(_ policy: PersistentVolume.ReclaimPolicy, _ isProvisioned: Bool, _ phase: String) throws {
        var host = Self.host([
            .persistentVolume(
                Self.volume("v") {
                    $0.spec.reclaimPolicy = policy
                    if isProvisioned { $0.metadata.annotations["pv.kubernetes.io/provisioned-by"] = "x" }
                }), .persistentVolumeClaim(Self.claim()),
        ])
        #expect(Self.volume(in: host, "v")?.phase == "Bound")
        host.view.remove(Fixtures.key(.persistentVolumeClaim, "c"))
        host.settle()
        let volume = try #require(Self.volume(in: host, "v"))
        #expect(volume.phase == phase)
        #expect(VolumeProvisioner.discards(volume) == isProvisioned)
        // A new claim of the same name is another one.
        host.view.add(.persistentVolumeClaim(Self.claim()))
        host.run(for: .minutes(1))
        #expect(Self.stored(host)?.phase == "Pending")
        #expect(host.leftovers().isEmpty)
    }

    @Test("a claim whose volume is gone is lost")
    func lost() {
        var host = Self.host([.persistentVolume(Self.volume("v")), .persistentVolumeClaim(Self.claim())])
        host.view.remove(ObjectKey(.persistentVolume, name: "v"))
        host.settle()
        #expect(Self.stored(host)?.phase == "Lost")
        #expect(host.events.last?.reason == "ClaimLost")
        #expect(host.leftovers().isEmpty)
    }

    @Test("a volume that is being deleted stays while it is bound")
    func protection() {
        var host = FakeHost([VolumeBinderReconciler(), VolumeProtectionReconciler()])
        host.view.add(.persistentVolume(Self.volume("v")))
        host.view.add(.persistentVolumeClaim(Self.claim()))
        host.settle()
        let key = ObjectKey(.persistentVolume, name: "v")
        _ = host.view.delete(key)
        host.settle()
        #expect(host.view.object(key) != nil)
        host.view.remove(Fixtures.key(.persistentVolumeClaim, "c"))
        host.settle()
        #expect(host.view.object(key) == nil)
    }

    // MARK: - Provisioning

    @Test(
        "a volume is made where its driver can reach it from",
        arguments: [
            ("ebs.csi.aws.com", "n1", "topology.kubernetes.io/zone=z1"),
            ("rancher.io/local-path", "n1", "kubernetes.io/hostname=n1"), ("efs.csi.aws.com", "n1", ""),
            ("ebs.csi.aws.com", nil, "topology.kubernetes.io/zone=z2"), ("nobody.knows", "n1", "topology.kubernetes.io/zone=z1"),
        ] as [(String, String?, String)])
    func place(_ driver: String, _ nodeName: String?, _ place: String) {
        var claim = Self.claim("data-db-1")
        claim.metadata.uid = UID(text: "u")
        claim.metadata.annotations["volume.kubernetes.io/storage-provisioner"] = driver
        var node: Node?
        if let nodeName {
            node = Fixtures.node(nodeName, zone: "z1")
            node?.metadata.labels["kubernetes.io/hostname"] = nodeName
        }
        var storageClass = Self.storageClass(provisioner: driver)
        if nodeName == nil {
            storageClass.allowedTopologies = [
                NodeSelectorTerm(matchExpressions: [
                    NodeSelectorRequirement(key: "topology.kubernetes.io/zone", operator: .in, values: ["z2"])
                ])
            ]
        }
        let volume = VolumeProvisioner.volume(for: claim, storageClass, node: node, zones: ["z1", "z2"])
        let terms = volume.spec.nodeAffinity?.terms.flatMap(\.matchExpressions) ?? []
        #expect(terms.map { "\($0.key)=\($0.values.joined())" }.joined() == place)
        #expect(volume.spec.claimUID == claim.metadata.uid && volume.spec.capacity == claim.spec.request)
        #expect(volume.spec.reclaimPolicy == .delete)
    }

    @Test("the claims of one stateful set go round the zones by their ordinals")
    func turns() {
        let zones = (0..<6).map { number -> String in
            var claim = Self.claim("data-db-\(number)")
            claim.metadata.annotations["volume.kubernetes.io/storage-provisioner"] = "ebs.csi.aws.com"
            let volume = VolumeProvisioner.volume(
                for: claim, Self.storageClass(), node: nil, zones: ["a", "b", "c"])
            return volume.spec.nodeAffinity?.terms[0].matchExpressions[0].values[0] ?? ""
        }
        #expect(Set(zones[0..<3]).count == 3)
        #expect(zones[0..<3] == zones[3..<6])
    }

    @Test("a pod's own claims are made once, and belong to the pod")
    func ephemeral() throws {
        var host = FakeHost([EphemeralVolumeReconciler()])
        var pod = Fixtures.pod("p", phase: .pending)
        pod.spec.volumes = [Volume(name: "scratch", source: .ephemeral(Self.claim().spec))]
        host.view.add(.pod(pod))
        host.settle()
        let claim = try #require(Self.stored(host, "p-scratch"))
        #expect(claim.metadata.controllerUID == pod.metadata.uid)
        #expect(claim.spec == Self.claim().spec)
        #expect(host.leftovers().isEmpty)
    }
}
