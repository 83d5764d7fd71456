import ControlPlane
import KubernetesAPI

extension ObjectStore {
    /// Evictions that a budget may have granted and its controller not yet seen (`MaxDisruptedPodSize`).
    private static let disruptedPodsMax = 2000

    /// Evicts a pod if its disruption budget lets it go (`EvictionREST.Create`).
    mutating func evict(_ key: ObjectKey, grace: Int64? = nil, into events: inout [WatchEvent]) throws(ActionError) {
        let handle = try podHandle(key)
        let pod = podTable.object(handle)
        if !Self.needsNoBudget(pod) { try spendBudget(for: pod, into: &events) }
        var marked = pod
        let condition = Condition(
            Condition.disruptionTarget, .true, reason: "EvictionByEvictionAPI", message: "Eviction API: evicting",
            at: now)
        if marked.status.conditions.set(condition) { replace(handle, pod, with: &marked, into: &events) }
        try delete(key, uid: pod.metadata.uid, grace: grace, propagation: .background, into: &events)
    }

    /// Whether the pod counts for no budget: it does not run yet, ran already, or is going away (`canIgnorePDB`).
    private static func needsNoBudget(_ pod: Pod) -> Bool {
        pod.status.phase == .pending || pod.status.phase.isTerminal || pod.metadata.deletionTimestamp != nil
    }

    /// Takes one disruption off the pod's budget, if it has one that guards it.
    private mutating func spendBudget(
        for pod: Pod, into events: inout [WatchEvent]
    ) throws(ActionError) {
        var found: (handle: ObjectHandle, object: KubernetesObject, budget: PodDisruptionBudget)?
        let budgets = self[.podDisruptionBudget].byNamespace[NameKey(pod.metadata.namespace)]
        for entry in self[.podDisruptionBudget].entries(budgets) {
            let object = self[.podDisruptionBudget].object(entry.handle)
            guard case .podDisruptionBudget(let budget) = object,
                let selector = budget.selector, selector.matches(pod.metadata.labels)
            else { continue }
            if found != nil {
                throw .invalid(
                    "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.")
            }
            found = (entry.handle, object, budget)
        }
        guard let (handle, old, budget) = found else { return }
        if !pod.isReady, Self.letsUnhealthyGo(budget) { return }

        let status = budget.status
        if status.observedGeneration < budget.metadata.generation {
            throw .disruptionBudget(name: budget.metadata.name)
        }
        if status.disruptionsAllowed < 0 { throw .forbidden("the budget's disruptionsAllowed is negative") }
        if status.disruptedPods.count > Self.disruptedPodsMax {
            throw .forbidden("too many evictions await the disruption controller")
        }
        if status.disruptionsAllowed == 0 { throw .disruptionBudget(name: budget.metadata.name) }

        var next = budget
        next.status.disruptionsAllowed -= 1
        if next.status.disruptionsAllowed == 0 {
            next.status.conditions.set(Condition("DisruptionAllowed", .false, reason: "InsufficientPods", at: now))
        }
        if !next.status.disruptedPods.contains(pod.metadata.name) {
            next.status.disruptedPods.append(pod.metadata.name)
        }
        var new = KubernetesObject.podDisruptionBudget(next)
        replace(handle, old, with: &new, into: &events)
    }

    /// Whether an unready pod may go without spending (`unhealthyPodEvictionPolicy`).
    private static func letsUnhealthyGo(_ budget: PodDisruptionBudget) -> Bool {
        switch budget.unhealthyPodEvictionPolicy {
        case .alwaysAllow: true
        case .ifHealthyBudget, nil:
            budget.status.desiredHealthy > 0 && budget.status.currentHealthy >= budget.status.desiredHealthy
        }
    }
}
