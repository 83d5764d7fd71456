import Chronology
import ControlPlane
import Controllers
import FakeCluster
import KubernetesAPI
import Testing

@Suite("The disruption controller")
struct DisruptionTests {
    private static func budget(min: IntOrPercent? = nil, max: IntOrPercent? = nil) -> PodDisruptionBudget {
        var budget = PodDisruptionBudget(metadata: ObjectMeta(name: "pdb", namespace: "d"))
        budget.selector = LabelSelector(matchLabels: ["app": "web"])
        budget.minAvailable = min
        budget.maxUnavailable = max
        return budget
    }

    private static func status(_ host: FakeHost) -> [Int64] {
        guard case .podDisruptionBudget(let budget) = host.view.object(Fixtures.key(.podDisruptionBudget, "pdb")) else {
            return []
        }
        let status = budget.status
        return [status.expectedPods, status.desiredHealthy, status.currentHealthy, status.disruptionsAllowed]
    }

    @Test(
        "allows what the budget leaves of the controllers' scale",
        arguments: [
            (IntOrPercent?.none, IntOrPercent?.some(.number(1)), [4, 3, 3, 0]),
            (nil, .some(.number(2)), [4, 2, 3, 1]),
            (nil, .some(.percent(30)), [4, 2, 3, 1]),
            (.some(.percent(50)), nil, [4, 2, 3, 1]),
            (.some(.number(1)), nil, [4, 1, 3, 2]),
            (.some(.percent(100)), nil, [4, 4, 3, 0]),
            (nil, .some(.number(0)), [4, 4, 3, 0]),
        ])
    func budgets(min: IntOrPercent?, max: IntOrPercent?, expected: [Int64]) {
        var host = FakeHost([DisruptionReconciler(), ReplicaSetReconciler()])
        host.view.add(.replicaSet(Fixtures.replicaSet(4)))
        host.settle()
        host.kubelet()
        let now = host.view.now
        host.view.changePod(host.view.pods[0].key) { $0.status.conditions.set(Condition("Ready", .false, at: now)) }
        host.view.add(.podDisruptionBudget(Self.budget(min: min, max: max)))
        host.settle()
        #expect(Self.status(host) == expected)
        #expect(host.leftovers().isEmpty)
    }

    @Test("expects bare pods under a fixed minimum only, and allows nothing otherwise")
    func bare() {
        for (min, max, expected) in [
            (IntOrPercent?.some(.number(1)), IntOrPercent?.none, [2, 1, 2, 1] as [Int64]),
            (nil, .number(1), [0, 0, 2, 0]),
        ] {
            var host = FakeHost([DisruptionReconciler()])
            for name in ["a", "b"] { host.view.add(.pod(Fixtures.pod(name, node: "n"))) }
            host.view.add(.podDisruptionBudget(Self.budget(min: min, max: max)))
            host.settle()
            #expect(Self.status(host) == expected)
        }
    }

    @Test("follows the scale of a deployment, not of its replica sets")
    func deployment() {
        var host = FakeHost([DeploymentReconciler(), ReplicaSetReconciler(), DisruptionReconciler()])
        host.view.add(.deployment(Fixtures.deployment(3)))
        host.view.add(.podDisruptionBudget(Self.budget(max: .number(1))))
        host.settle()
        host.kubelet()
        host.settle()
        #expect(Self.status(host) == [3, 2, 3, 1])
    }

    @Test("leaves a pod whose eviction was granted out of the healthy ones until it is gone or two minutes pass")
    func disrupted() {
        var host = FakeHost([DisruptionReconciler(), ReplicaSetReconciler()])
        host.view.add(.replicaSet(Fixtures.replicaSet(3)))
        host.settle()
        host.kubelet()
        var budget = Self.budget(max: .number(2))
        budget.status.disruptedPods = [host.view.pods[0].metadata.name]
        host.view.add(.podDisruptionBudget(budget))
        host.settle()
        #expect(Self.status(host) == [3, 1, 2, 1])
        host.run(for: .minutes(3))
        #expect(Self.status(host) == [3, 1, 3, 2])
    }
}
