import Chronology
import ControlPlane
import Controllers
import FakeCluster
import KubernetesAPI
import Testing

@Suite("The replica set controller")
struct ReplicaSetTests {
    @Test(
        "makes and deletes what is missing or too much, at most 500 at a time",
        arguments: [(3, 3, 0, 0), (5, 3, 2, 0), (3, 5, 0, 2), (600, 0, 500, 0), (0, 600, 0, 500), (0, 0, 0, 0)])
    func plan(wanted: Int64, present: Int, created: Int, deleted: Int) {
        let pods = (0..<present).map { Fixtures.pod("p\($0)", node: "n") }
        let plan = ReplicaSetReconciler.plan(Fixtures.replicaSet(wanted), pods: pods, now: .start)
        #expect(plan.created == created)
        #expect(plan.deleted.count == deleted)
    }

    @Test("deletes in upstream's order: each pod goes before the next")
    func ranking() {
        let now = Instant.start + .hours(10)
        func at(_ hours: Int64, _ pod: Pod, created: Int64 = 0) -> Pod {
            var pod = pod
            pod.status.conditions = [Condition("Ready", .true, at: .start + .hours(hours))]
            pod.metadata.creationTimestamp = .start + .hours(created)
            return pod
        }
        func cost(_ value: String, _ pod: Pod) -> Pod {
            var pod = pod
            pod.metadata.annotations[PodRank.deletionCostAnnotation] = value
            return pod
        }
        var restarted = at(1, Fixtures.pod("restarted", node: "n"))
        var status = ContainerStatus(name: "c")
        status.restartCount = 3
        restarted.status.containerStatuses = [status]
        var sidecar = at(1, Fixtures.pod("sidecarRestarted", node: "n"))
        var helper = Container(name: "s", image: "s")
        helper.restartPolicy = .always
        sidecar.spec.initContainers = [helper]
        sidecar.status.initContainerStatuses = [ContainerStatus(name: "s")]
        sidecar.status.initContainerStatuses[0].restartCount = 1
        let order = [
            cost("100", Fixtures.pod("unassigned", phase: .pending, ready: false)),
            Fixtures.pod("pending", node: "n", phase: .pending, ready: false),
            Fixtures.pod("unknown", node: "n", phase: .unknown, ready: false),
            cost("9", Fixtures.pod("notReady", node: "n", ready: false)),
            cost("-5", at(1, Fixtures.pod("cheap", node: "n"))),
            at(9, Fixtures.pod("readyLately", node: "n")),
            restarted,
            sidecar,
            at(1, Fixtures.pod("young", node: "n"), created: 8),
            at(1, Fixtures.pod("old", node: "n")),
            cost("7", at(9, Fixtures.pod("dear", node: "n"))),
        ]
        let names = order.map(\.metadata.name)
        #expect(order.reversed().firstToDelete(10, now: now).map(\.metadata.name) == Array(names.prefix(10)))
    }

    @Test("prefers pods that share a node with related ones")
    func crowding() {
        let a = Fixtures.pod("a", node: "n1")
        let b = Fixtures.pod("b", node: "n2")
        let c = Fixtures.pod("c", node: "n2")
        let first = [a, b, c].firstToDelete(1, related: [a, b, c], now: .start)
        #expect(first[0].nodeName == "n2")
    }

    @Test("shares the template's spec with its pods and names itself as their controller")
    func creation() {
        var host = FakeHost([ReplicaSetReconciler()])
        let replicaSet = Fixtures.replicaSet(3)
        host.view.add(.replicaSet(replicaSet))
        host.settle()
        #expect(host.view.pods.count == 3)
        for pod in host.view.pods {
            #expect(pod.specBox === replicaSet.spec.template.specBox)
            #expect(pod.metadata.generateName == "rs-")
            #expect(pod.metadata.controllerReference?.name == "rs")
        }
        #expect(host.events.filter { $0.reason == "SuccessfulCreate" }.count == 3)
    }

    @Test("counts ready pods, and available ones after minReadySeconds")
    func status() {
        var host = FakeHost([ReplicaSetReconciler()])
        var replicaSet = Fixtures.replicaSet(2)
        replicaSet.spec.minReadySeconds = 10
        host.view.add(.replicaSet(replicaSet))
        host.settle()
        host.kubelet()
        host.settle()
        var status = host.view.replicaSets[0].status
        #expect(
            [status.replicas, status.fullyLabeledReplicas, status.readyReplicas, status.availableReplicas] == [
                2, 2, 2, 0,
            ])
        #expect(status.terminatingReplicas == 0)
        host.run(for: .seconds(9))
        #expect(host.view.replicaSets[0].status.availableReplicas == 0)
        host.run(for: .seconds(1))
        status = host.view.replicaSets[0].status
        #expect(status.availableReplicas == 2)
        #expect(status.observedGeneration == 1)
    }

    @Test(
        "releases what no longer matches unless it is going away itself; ended pods only where they count",
        arguments: [(false, false, ["live"]), (false, true, ["live", "ending"]), (true, false, []), (true, true, [])])
    func releases(isDeleting: Bool, includesInactive: Bool, released: [String]) {
        var owner = Fixtures.replicaSet(1).metadata
        owner.deletionTimestamp = isDeleting ? .start : nil
        var ending = Fixtures.pod("ending", node: "n")
        ending.metadata.deletionTimestamp = .start
        let claim = PodClaim(
            owner: owner, kind: .replicaSet, selector: LabelSelector(matchLabels: ["app": "other"]),
            owned: [Fixtures.pod("live", node: "n"), ending], orphans: [], includesInactive: includesInactive)
        #expect(claim.changes.map(\.key.name) == released)
        #expect(claim.active.isEmpty)
    }

    @Test("a pod that a namespace on its way out refuses is no failure")
    func terminatingNamespace() {
        var reconciler = ReplicaSetReconciler()
        let host = FakeHost([])
        host.view.add(.replicaSet(Fixtures.replicaSet(1)))
        let key = Fixtures.key(.replicaSet, "rs")
        let actions = reconciler.reconcile(key, in: host.view).actions
        for action in actions { reconciler.observe(action, error: .namespaceTerminating("d")) }
        let next = reconciler.reconcile(key, in: host.view)
        #expect(next.events.isEmpty)
        let statuses = next.actions.compactMap { action in
            if case .updateStatus(.replicaSet(let set)) = action { set.status } else { nil }
        }
        #expect(statuses.allSatisfy { $0.conditions.isEmpty })
        #expect(!ActionError.namespaceTerminating("d").callsForRetry && ActionError.conflict.callsForRetry)
    }

    @Test("adopts matching orphans, releases pods that lost the label, and counts deleted ones as terminating")
    func ownership() {
        var host = FakeHost([ReplicaSetReconciler()])
        host.view.add(.pod(Fixtures.pod("bare", node: "n1")))
        host.view.add(.replicaSet(Fixtures.replicaSet(2)))
        host.settle()
        #expect(host.view.pods.count == 2)
        #expect(host.view.pods.allSatisfy { $0.metadata.controllerReference?.name == "rs" })
        host.view.changePod(Fixtures.key(.pod, "bare")) { $0.metadata.labels["app"] = "other" }
        host.settle()
        #expect(host.view.pod(namespace: "d", name: "bare")?.metadata.controllerReference == nil)
        #expect(host.view.pods.count == 3)
        host.kubelet()
        let victim = host.view.pods(controlledBy: host.view.replicaSets[0].metadata.uid)[0]
        _ = host.view.delete(victim.key)
        host.settle()
        #expect(host.view.replicaSets[0].status.terminatingReplicas == 1)
        #expect(host.view.replicaSets[0].status.replicas == 1 || host.view.replicaSets[0].status.replicas == 2)
    }

    @Test("reports a refused creation in its conditions and withdraws it when it can create again")
    func failure() {
        var host = FakeHost([ReplicaSetReconciler()])
        host.view.refusesPods = true
        host.view.add(.replicaSet(Fixtures.replicaSet(2)))
        host.run(for: .seconds(3))
        #expect(host.view.replicaSets[0].status.conditions.named("ReplicaFailure")?.reason == "FailedCreate")
        host.view.refusesPods = false
        host.run(for: .seconds(3))
        #expect(host.view.pods.count == 2)
        #expect(host.view.replicaSets[0].status.conditions.isEmpty)
    }

    @Test("does nothing about a view that does not show its own creations yet")
    func expectations() {
        var reconciler = ReplicaSetReconciler()
        let view = FakeView()
        guard case .replicaSet(let replicaSet) = view.add(.replicaSet(Fixtures.replicaSet(2))) else { return }
        let key = Fixtures.key(.replicaSet, replicaSet.metadata.name)
        let first = reconciler.reconcile(key, in: view)
        var creations = 0
        for action in first.actions {
            if case .create = action { creations += 1 }
            reconciler.observe(action, error: nil)
        }
        #expect(creations == 2)
        let second = reconciler.reconcile(key, in: view)
        #expect(!second.actions.contains { if case .create = $0 { true } else { false } })
        view.now = .start + .minutes(6)
        let third = reconciler.reconcile(key, in: view)
        #expect(third.actions.contains { if case .create = $0 { true } else { false } })
    }

    @Test("does not take an older pod of the same second for one that it has just made")
    func olderPods() {
        var reconciler = ReplicaSetReconciler()
        let view = FakeView()
        guard case .replicaSet(let replicaSet) = view.add(.replicaSet(Fixtures.replicaSet(2))) else { return }
        let key = Fixtures.key(.replicaSet, replicaSet.metadata.name)
        view.countsPods = true
        // One is there, young enough to be mistaken, and one is missing.
        guard case .create(.pod(let first))? = reconciler.reconcile(key, in: view).actions.first(where: isCreation),
            case .pod(let seen) = view.add(.pod(first))
        else { return }
        reconciler = ReplicaSetReconciler()
        guard case .create(.pod(var second))? = reconciler.reconcile(key, in: view).actions.first(where: isCreation)
        else { return }
        second.metadata.uid = UID(high: 7, low: 7)
        #expect(seen.metadata.creationTimestamp == view.now)
        reconciler.observe(.create(.pod(second)), error: nil)
        let next = reconciler.reconcile(key, in: view)
        #expect(!next.actions.contains(where: isCreation), "\(next.actions)")
    }

    private func isCreation(_ action: Action) -> Bool { if case .create = action { true } else { false } }
}
