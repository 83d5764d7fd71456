import Chronology
import ControlPlane
import Controllers
import FakeCluster
import KubernetesAPI
import Testing

@Suite("The replication controller")
struct ReplicationControllerTests {
    private static let key = Fixtures.key(.replicationController, "rc")

    private static func stored(_ host: FakeHost) -> ReplicationController? {
        guard case .replicationController(let found)? = host.view.object(key) else { return nil }
        return found
    }

    private static func scale(_ replicas: Int64, _ host: inout FakeHost) {
        host.view.change(key, spec: true) { object in
            guard case .replicationController(var changed) = object else { return }
            changed.spec.replicas = replicas
            object = .replicationController(changed)
        }
        host.settle()
    }

    @Test("makes pods of its own kind, counts them, and deletes what is too much")
    func life() {
        var host = FakeHost([ReplicationControllerReconciler(), ReplicaSetReconciler()])
        host.view.add(.replicationController(Fixtures.replicationController(3)))
        host.settle()
        #expect(host.view.pods.count == 3)
        #expect(host.view.pods.allSatisfy { $0.metadata.controllerReference?.kind == "ReplicationController" })
        #expect(host.view.pods.allSatisfy { $0.metadata.controllerReference?.apiVersion == "v1" })
        host.kubelet()
        host.settle()
        #expect(Self.stored(host)?.status.availableReplicas == 3)
        #expect(Self.stored(host)?.status.terminatingReplicas == nil)
        #expect(Self.stored(host)?.status.observedGeneration == 1)
        Self.scale(1, &host)
        #expect(host.view.pods.filter(\.isActive).count == 1)
        host.kubelet()
        host.settle()
        #expect(Self.stored(host)?.status.replicas == 1)
        #expect(host.events.filter { $0.reason == "SuccessfulDelete" && $0.regarding == Self.key }.count == 2)
        #expect(host.leftovers().isEmpty)
    }

    @Test("replaces a pod that failed or lost its label, and leaves pods of replica sets alone")
    func replacement() {
        var host = FakeHost([ReplicaSetReconciler(), ReplicationControllerReconciler()])
        host.view.add(.replicaSet(Fixtures.replicaSet(1)))
        host.settle()
        host.view.add(.replicationController(Fixtures.replicationController(2)))
        host.settle()
        #expect(host.view.pods.count == 3)
        host.kubelet()
        host.settle()
        let own = host.view.pods.filter { $0.metadata.controllerReference?.name == "rc" }
        host.exit(own[0], .failed)
        host.view.changePod(own[1].key) { $0.metadata.labels["app"] = "loose" }
        host.settle()
        #expect(host.view.pods.count == 5)
        #expect(host.view.pod(namespace: "d", name: own[1].metadata.name)?.metadata.controllerReference == nil)
    }

    @Test("reports a refused creation in its conditions")
    func failure() {
        var host = FakeHost([ReplicationControllerReconciler()])
        host.view.refusesPods = true
        host.view.add(.replicationController(Fixtures.replicationController(1)))
        host.run(for: .seconds(3))
        #expect(Self.stored(host)?.status.conditions.named("ReplicaFailure")?.reason == "FailedCreate")
    }
}
