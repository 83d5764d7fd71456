import Chronology
import ClusterStore
import ControlPlane
import KubernetesAPI
import Testing

@Suite("Evicting and binding pods")
struct EvictionTests {
    /// Creates a budget over `app=web` with this status.
    private func addBudget(
        _ name: String, to store: inout ObjectStore, allowed: Int64, healthy: Int64 = 0, desired: Int64 = 0,
        unhealthy: PodDisruptionBudget.UnhealthyPodEvictionPolicy? = nil, observed: Int64 = 1
    ) throws {
        var budget = PodDisruptionBudget(metadata: ObjectMeta(name: name, namespace: "default"))
        budget.selector = LabelSelector(matchLabels: ["app": "web"])
        budget.unhealthyPodEvictionPolicy = unhealthy
        guard case .podDisruptionBudget(var stored) = try store.add(.podDisruptionBudget(budget)) else { return }
        stored.status.disruptionsAllowed = allowed
        stored.status.currentHealthy = healthy
        stored.status.desiredHealthy = desired
        stored.status.observedGeneration = observed
        try store.apply(.updateStatus(.podDisruptionBudget(stored)), now: .start)
    }

    private func budget(_ name: String, in store: ObjectStore) -> PodDisruptionBudget? {
        guard
            case .podDisruptionBudget(let budget)? =
                store.object(ObjectKey(.podDisruptionBudget, namespace: "default", name: name))
        else { return nil }
        return budget
    }

    @Test("an eviction spends one disruption, marks the pod and deletes it gracefully")
    func spends() throws {
        var store = ObjectStore(seed: 1)
        try addBudget("b", to: &store, allowed: 1)
        let first = try store.addRunning("a")
        let second = try store.addRunning("b")
        let events = try store.apply(.evict(pod: first.key), now: at(50))
        #expect(events.map(\.object.key.kind) == [.podDisruptionBudget, .pod, .pod])
        let pod = try #require(store.pod(namespace: "default", name: "a"))
        let mark = try #require(pod.status.conditions.named(Condition.disruptionTarget))
        #expect(mark.status == .true && mark.reason == "EvictionByEvictionAPI" && mark.message == "Eviction API: evicting")
        #expect(pod.metadata.deletionTimestamp == at(80))
        let status = try #require(budget("b", in: store)).status
        #expect(status.disruptionsAllowed == 0 && status.disruptedPods == ["a"])
        let digest = store.digest()
        #expect(throws: ActionError.disruptionBudget(name: "b")) {
            try store.apply(.evict(pod: second.key), now: at(51))
        }
        #expect(store.digest() == digest)
        // The pod that goes already needs no budget, and nothing about it changes.
        #expect(try store.apply(.evict(pod: first.key), now: at(52)).isEmpty)
    }

    @Test(
        "an unready pod is guarded by the policy for unhealthy pods",
        arguments: [
            ("enough are healthy", nil, 3, 3, true), ("too few are healthy", nil, 2, 3, false),
            ("none are desired", nil, 0, 0, false), ("the same by name", .ifHealthyBudget, 2, 3, false),
            ("always", .alwaysAllow, 0, 3, true),
        ] as [(String, PodDisruptionBudget.UnhealthyPodEvictionPolicy?, Int64, Int64, Bool)])
    func unhealthy(
        _ name: String, _ policy: PodDisruptionBudget.UnhealthyPodEvictionPolicy?, _ healthy: Int64,
        _ desired: Int64, _ goes: Bool
    ) throws {
        var store = ObjectStore(seed: 1)
        try addBudget("b", to: &store, allowed: 0, healthy: healthy, desired: desired, unhealthy: policy)
        let pod = try store.addRunning("a", ready: false)
        if goes {
            try store.apply(.evict(pod: pod.key), now: .start)
            #expect(store.pod(namespace: "default", name: "a")?.isTerminating == true)
            #expect(budget("b", in: store)?.status.disruptedPods == [])
        } else {
            #expect(throws: ActionError.disruptionBudget(name: "b")) {
                try store.apply(.evict(pod: pod.key), now: .start)
            }
        }
    }

    @Test("pods that do not run need no budget; a stale budget and two budgets refuse")
    func edges() throws {
        var store = ObjectStore(seed: 1)
        try addBudget("b", to: &store, allowed: 0)
        let pending = try store.add(newPod("pending"))
        #expect(try store.apply(.evict(pod: pending.key), now: .start).names == ["modified", "deleted"])
        let other = try store.addRunning("other", labels: ["app": "db"])
        #expect(try store.apply(.evict(pod: other.key), now: .start).names == ["modified", "modified"])
        #expect(throws: ActionError.notFound) { try store.apply(.evict(pod: pending.key), now: .start) }

        var stale = ObjectStore(seed: 1)
        try addBudget("b", to: &stale, allowed: 5, observed: 0)
        let key = try stale.addRunning("a").key
        #expect(throws: ActionError.disruptionBudget(name: "b")) { try stale.apply(.evict(pod: key), now: .start) }

        var twice = ObjectStore(seed: 1)
        try addBudget("b", to: &twice, allowed: 5)
        try addBudget("c", to: &twice, allowed: 5)
        let error = #expect(throws: ActionError.self) {
            try twice.apply(.evict(pod: twice.addRunning("a").key), now: .start)
        }
        guard case .invalid? = error else { Issue.record("not invalid"); return }
    }

    @Test("binding sets node and condition, and refuses what is bound, gated, leaving or another pod")
    func binding() throws {
        var store = ObjectStore(seed: 1)
        let pod = try store.add(newPod("a"))
        let uid = pod.metadata.uid
        var nomination = PodStatusPatch()
        nomination.nominatedNodeName = "elsewhere"
        try store.apply(.patchPodStatus(pod.key, uid: uid, nomination), now: .start)
        #expect(throws: ActionError.conflict) {
            try store.apply(.bind(pod: pod.key, uid: UID(high: 1, low: 1), node: "n"), now: .start)
        }
        try store.apply(.bind(pod: pod.key, uid: uid, node: "n"), now: at(3))
        let bound = try #require(store.pod(namespace: "default", name: "a"))
        #expect(bound.nodeName == "n" && bound.status.nominatedNodeName == nil)
        #expect(bound.status.conditions == [Condition(Condition.podScheduled, .true, at: at(3))])
        #expect(store.pods(onNode: "n") == [bound])
        #expect(throws: ActionError.conflict) {
            try store.apply(.bind(pod: pod.key, uid: uid, node: "m"), now: .start)
        }
        var gated = newPod("gated")
        gated.spec.schedulingGates = ["wait"]
        gated = try store.add(gated)
        #expect(gated.status.conditions.named(Condition.podScheduled)?.reason == "SchedulingGated")
        #expect(throws: ActionError.conflict) {
            try store.apply(.bind(pod: gated.key, uid: gated.metadata.uid, node: "n"), now: .start)
        }
        var leaving = newPod("leaving")
        leaving.metadata.finalizers = ["x"]
        leaving = try store.add(leaving)
        try store.drop(leaving.key)
        #expect(throws: ActionError.conflict) {
            try store.apply(.bind(pod: leaving.key, uid: leaving.metadata.uid, node: "n"), now: .start)
        }
        #expect(throws: ActionError.notFound) {
            try store.apply(
                .bind(pod: ObjectKey(.pod, namespace: "default", name: "z"), uid: .none, node: "n"), now: .start)
        }
    }
}
