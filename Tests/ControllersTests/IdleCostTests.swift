import Chronology
import ControlPlane
import Controllers
import KubernetesAPI
import Testing

@Suite("A large replica set at rest")
struct IdleCostTests {
    @Test("is settled by one pass that plans nothing and makes no new spec")
    func idle() {
        var replicaSet = Fixtures.replicaSet(2000)
        replicaSet.metadata.uid = UID(text: "rs")
        let template = replicaSet.spec.template
        let pods = (0..<2000).map { index in
            var pod = Pod(
                metadata: ObjectMeta(name: "p\(index)", namespace: "d", labels: template.labels),
                specBox: template.specBox, nodeName: "n")
            pod.status.phase = .running
            pod.status.conditions = [Condition("Ready", .true, at: .start)]
            return pod
        }
        let claim = PodClaim(
            owner: replicaSet.metadata, kind: .replicaSet, selector: replicaSet.spec.selector, owned: pods, orphans: [],
            template: template.labels)
        #expect(claim.changes.isEmpty)
        #expect(zip(claim.active, pods).allSatisfy { $0.isIdentical(to: $1) })
        let status = ReplicaSetReconciler.status(replicaSet, claim: claim, failure: nil, now: .start)
        #expect(status.availableReplicas == 2000 && status.fullyLabeledReplicas == 2000)
        #expect(ReplicaSetReconciler.plan(replicaSet, pods: claim.active, now: .start).isEmpty)
    }
}
