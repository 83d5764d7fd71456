import Chronology
import ControlPlane
import FakeCluster
import KubernetesAPI
import Testing

@testable import Controllers

@Suite("The resource quota controller")
struct ResourceQuotaTests {
    private static func quota(_ hard: ResourceList) -> ResourceQuota {
        var quota = ResourceQuota(metadata: ObjectMeta(name: "q", namespace: "d"))
        quota.hard = hard
        return quota
    }

    private static func used(_ host: FakeHost) -> String {
        guard case .resourceQuota(let quota)? = host.view.object(Fixtures.key(.resourceQuota, "q")) else { return "" }
        return quota.used.entries.map { "\($0.name)=\($0.amount)" }.joined(separator: " ")
    }

    private static func pod(_ name: String, cpu: String, phase: PodPhase = .running) -> Pod {
        var pod = Fixtures.pod(name, phase: phase)
        var container = Container(name: "c", image: "i")
        container.requests = [.cpu: Quantity(parsing: cpu) ?? .zero]
        pod.spec = PodSpec(containers: [container])
        return pod
    }

    @Test("counts what is there when a quota comes, and what ends or goes")
    func recount() {
        var host = FakeHost([ResourceQuotaReconciler()])
        host.view.add(.pod(Self.pod("a", cpu: "1500m")))
        host.view.add(.pod(Self.pod("b", cpu: "1")))
        host.view.add(.pod(Self.pod("c", cpu: "1", phase: .failed)))
        host.view.add(.resourceQuota(Self.quota(["pods": Quantity(5), "requests.cpu": Quantity(9), "count/pods": Quantity(9)])))
        host.settle()
        #expect(Self.used(host) == "count/pods=3 pods=2 requests.cpu=2500m")
        host.exit(host.view.pods[0], .succeeded)
        host.settle()
        #expect(Self.used(host) == "count/pods=3 pods=1 requests.cpu=1")
        _ = host.view.delete(host.view.pods[1].key, grace: 0)
        host.settle()
        #expect(Self.used(host) == "count/pods=2 pods=0 requests.cpu=0")
        #expect(host.leftovers().isEmpty)
    }

    @Test("takes over changed limits")
    func changedLimits() {
        var host = FakeHost([ResourceQuotaReconciler()])
        host.view.add(.resourceQuota(Self.quota(["pods": Quantity(5)])))
        host.settle()
        host.view.change(Fixtures.key(.resourceQuota, "q"), spec: true) { object in
            guard case .resourceQuota(var quota) = object else { return }
            quota.hard = ["count/jobs.batch": Quantity(1)]
            object = .resourceQuota(quota)
        }
        host.settle()
        #expect(Self.used(host) == "count/jobs.batch=0")
    }
}
