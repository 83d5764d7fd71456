import Chronology
import ClusterStore
import ControlPlane
import KubernetesAPI

/// No eviction leaves fewer healthy pods than a disruption budget asks for.
///
/// The API server answers from what the disruption controller last wrote: where a pod fell ill, or came, while that is
/// behind, an eviction may be one too many, upstream as here. Judged is what happens once the controller has caught up.
enum DisruptionInvariant: ChangeInvariant {
    static let name = "disruption-budget"
    /// How long after a change of some pod's health in the namespace the controller is taken to be behind.
    static let settling = Duration.seconds(30)

    static func problem(of judged: JudgedChange, in world: borrowing World) -> String? {
        guard case .modified(.pod(let old), .pod(let pod)) = judged.change, old.isReady, !old.isTerminating,
            pod.isTerminating,
            pod.status.conditions.named(Condition.disruptionTarget)?.reason == "EvictionByEvictionAPI"
        else { return nil }
        let namespace = pod.metadata.namespace
        if let last = world.witness.healthChanged[namespace], world.now - last < settling { return nil }
        guard let host = world.hosts.first(where: { $0.name == "disruption-controller" }), host.queue.count == 0,
            host.busy == 0, host.condition == ControllerCondition(), !world.cache.isBroken
        else { return nil }
        for case .podDisruptionBudget(let budget) in world.api.objects(of: .podDisruptionBudget, namespace: namespace) {
            guard budget.selector?.matches(pod.metadata.labels) ?? false,
                budget.status.observedGeneration == budget.metadata.generation
            else { continue }
            let healthy = world.api.pods(inNamespace: namespace).count {
                $0.isReady && !$0.isTerminating && budget.selector?.matches($0.metadata.labels) ?? false
            }
            if Int64(healthy) < budget.status.desiredHealthy {
                return "the eviction of \(pod.key) left \(healthy) healthy pods, and \(budget.metadata.name) asks for "
                    + "\(budget.status.desiredHealthy)"
            }
        }
        return nil
    }
}
