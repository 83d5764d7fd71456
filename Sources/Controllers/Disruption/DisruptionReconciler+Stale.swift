import Chronology
import ControlPlane
import KubernetesAPI

// Marks of disruptions that never came to pass (`syncStalePodDisruption`).

extension DisruptionReconciler {
    /// How long a pod may be marked without being deleted (`stalePodDisruptionTimeout`).
    static let staleMarkTimeout = Duration.minutes(2)

    /// When a pod was marked that nobody deletes; nil for all others, and for those that their kubelet ends.
    private static func markedAt(_ pod: Pod) -> Instant? {
        guard pod.status.conditions.isTrue(Condition.disruptionTarget), !pod.isTerminating,
            !pod.status.phase.isTerminal, let mark = pod.status.conditions.named(Condition.disruptionTarget),
            mark.reason != "TerminationByKubelet"
        else { return nil }
        return mark.lastTransitionTime
    }

    /// The key of a pod whose mark is new.
    static func stale(_ pod: Pod, before: Pod?) -> [ObjectKey] {
        guard let time = markedAt(pod), before.flatMap(markedAt) != time else { return [] }
        return [pod.key]
    }

    /// Takes the mark back when its time is over.
    static func takeBack(_ key: ObjectKey, in view: any ClusterView) -> ReconcileResult {
        guard let pod = view.pod(namespace: key.namespace, name: key.name), let time = markedAt(pod) else {
            return .settled
        }
        let wait = time + staleMarkTimeout - view.now
        if wait > .zero { return ReconcileResult(recheckAfter: wait) }
        let mark = Condition(Condition.disruptionTarget, .false, at: view.now.wholeSecond)
        return ReconcileResult(actions: [
            .patchPodStatus(key, uid: pod.metadata.uid, PodStatusPatch(conditions: [mark]))
        ])
    }
}
