import Chronology
import ControlPlane
import FakeCluster
import KubernetesAPI
import Testing

@testable import Controllers

@Suite("A claim that is being deleted")
struct ClaimProtectionTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var node: String?
        var phase: PodPhase = .running
        var volume = Volume(name: "v", source: .persistentVolumeClaim(name: "c"))
        var isGone: Bool
    }

    static let rows: [Row] = [
        Row(testDescription: "stays while a pod uses it", node: "n1", isGone: false),
        Row(testDescription: "stays while a pod that ended is there", node: "n1", phase: .succeeded, isGone: false),
        Row(testDescription: "goes when the pod has no node", phase: .pending, isGone: true),
        Row(
            testDescription: "goes when the pod uses another", node: "n1",
            volume: Volume(name: "v", source: .persistentVolumeClaim(name: "d")), isGone: true),
        Row(
            testDescription: "stays while the pod that it was made for runs", node: "n1",
            volume: Volume(name: "v", source: .ephemeral(PersistentVolumeClaimSpec())), isGone: false),
        Row(
            testDescription: "goes when the pod that it was made for ended", node: "n1", phase: .failed,
            volume: Volume(name: "v", source: .ephemeral(PersistentVolumeClaimSpec())), isGone: true),
    ]

    @Test("or not", arguments: rows)
    func protection(_ row: Row) {
        var host = FakeHost([ClaimProtectionReconciler()])
        var pod = Fixtures.pod("p", node: row.node, phase: row.phase)
        pod.spec.volumes = [row.volume]
        var claim = PersistentVolumeClaim(
            metadata: ObjectMeta(name: "c", namespace: "d"), spec: PersistentVolumeClaimSpec())
        if case .ephemeral = row.volume.source {
            claim.metadata.name = "p-v"
            claim.metadata.ownerReferences = [OwnerReference(controller: pod.metadata, kind: .pod)]
        }
        host.view.add(.pod(pod))
        let key = host.view.add(.persistentVolumeClaim(claim)).key
        host.settle()
        #expect(host.view.object(key)?.metadata.finalizers == ["kubernetes.io/pvc-protection"])
        _ = host.view.delete(key)
        host.settle()
        #expect((host.view.object(key) == nil) == row.isGone)
        host.view.remove(pod.key)
        host.settle()
        #expect(host.view.object(key) == nil)
        #expect(host.leftovers().isEmpty)
    }
}
