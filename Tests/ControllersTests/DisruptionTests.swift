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

    // MARK: - What cannot be told

    @Test(
        "allows nothing, and says why, where a controller has no scale or is gone",
        arguments: [
            ("batch/v1", "Job", "jobs.batch does not implement the scale subresource"),
            ("apps/v1", "DaemonSet", "daemonsets.apps does not implement the scale subresource"),
            ("v1", "Node", "nodes does not implement the scale subresource"),
            ("apps/v1", "ReplicaSet", "found no controllers for pod \"a\""),
        ])
    func withoutScale(version: String, kind: String, message: String) {
        var host = FakeHost([DisruptionReconciler()])
        var pod = Fixtures.pod("a", node: "n")
        pod.metadata.ownerReferences = [OwnerReference(apiVersion: version, kind: kind, name: "x", uid: UID(text: "x"))]
        host.view.add(.pod(pod))
        host.view.add(.pod(Fixtures.pod("bare", node: "n")))
        host.view.add(.podDisruptionBudget(Self.budget(max: .number(1))))
        host.settle()
        guard case .podDisruptionBudget(let budget) = host.view.object(Fixtures.key(.podDisruptionBudget, "pdb")) else {
            return #expect(Bool(false))
        }
        let condition = budget.status.conditions.named("DisruptionAllowed")
        #expect(condition?.reason == "SyncFailed" && condition?.message == message)
        // Nothing was observed: evictions are told to come back.
        #expect(budget.status.observedGeneration == 0 && budget.status.disruptionsAllowed == 0)
        #expect(Set(host.events.map(\.reason)) == ["CalculateExpectedPodCountFailed"])
        #expect(host.events[0].message == "Failed to calculate the number of expected pods: \(message)")
        #expect(host.leftovers().isEmpty)
    }

    @Test("keeps what it knew when the scale cannot be told any more, and follows the reason")
    func faults() {
        var host = FakeHost([DisruptionReconciler(), ReplicaSetReconciler()])
        host.view.add(.replicaSet(Fixtures.replicaSet(3)))
        host.view.add(.podDisruptionBudget(Self.budget(max: .number(1))))
        host.settle()
        host.kubelet()
        host.settle()
        #expect(Self.status(host) == [3, 2, 3, 1])
        var names: [String] = []
        for name in ["j1", "j2"] {
            for other in names { host.view.remove(Fixtures.key(.pod, other)) }
            var pod = Fixtures.pod(name, node: "n")
            let kind = name == "j1" ? "Job" : "CronJob"
            pod.metadata.ownerReferences = [
                OwnerReference(apiVersion: "batch/v1", kind: kind, name: "x", uid: UID(text: "x"))
            ]
            host.view.add(.pod(pod))
            names = [name]
            host.settle()
            #expect(Self.status(host) == [3, 2, 3, 0])
            guard case .podDisruptionBudget(let budget) = host.view.object(Fixtures.key(.podDisruptionBudget, "pdb"))
            else { return }
            #expect(
                budget.status.conditions.named("DisruptionAllowed")?.message
                    == "\(kind.lowercased())s.batch does not implement the scale subresource")
        }
    }

    // MARK: - What it hears

    @Test("looks at a budget for a pod that it selects, not for one that leaves, nor for a change of scale alone")
    func wakes() {
        let controller = DisruptionReconciler()
        let view = FakeView()
        view.add(.podDisruptionBudget(Self.budget(min: .number(1))))
        let pod = Fixtures.pod("a", node: "n")
        var outside = pod
        outside.metadata.labels["app"] = "other"
        let budget = [Fixtures.key(.podDisruptionBudget, "pdb")]
        #expect(controller.keys(for: .modified(old: .pod(pod), new: .pod(outside)), in: view).isEmpty)
        #expect(controller.keys(for: .modified(old: .pod(outside), new: .pod(pod)), in: view) == budget)
        let scaled = WatchEvent.modified(
            old: .replicaSet(Fixtures.replicaSet(1)), new: .replicaSet(Fixtures.replicaSet(2)))
        #expect(controller.keys(for: scaled, in: view).isEmpty)
    }

    @Test(
        "takes back the mark of a disruption that does not come, after two minutes and whether there is a budget or not",
        arguments: [
            ("PreemptionByScheduler", PodPhase.running, false), ("TerminationByKubelet", .running, true),
            ("DeletionByTaintManager", .failed, true),
        ])
    func staleMark(reason: String, phase: PodPhase, stays: Bool) {
        var host = FakeHost([DisruptionReconciler()])
        host.view.add(.pod(Fixtures.pod("a", node: "n", phase: phase)))
        host.view.changePod(Fixtures.key(.pod, "a")) {
            $0.status.conditions.set(Condition("DisruptionTarget", .true, reason: reason, message: "m", at: .start))
        }
        host.run(for: .seconds(119))
        func mark() -> Condition? { host.view.pods[0].status.conditions.named("DisruptionTarget") }
        #expect(mark()?.status == .true)
        host.run(for: .seconds(2))
        #expect(mark()?.status == (stays ? .true : .false) && mark()?.reason == (stays ? reason : ""))
    }
}
