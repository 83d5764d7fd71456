// Kubernetes counterpart: pkg/controller/podautoscaler (v1.36).
// Deliberate differences: status.currentMetrics is not kept, so that a look that finds nothing new writes nothing; the
// event of a rescale follows the API server's answer by one call; whether minReplicas may be 0 (the gate HPAScaleToZero)
// is asked before it comes here, so that only autoscalers for which it was have the condition ScaledToZero.

package import Chronology
package import ControlPlane
package import KubernetesAPI

/// Changes the replicas of workloads so that their metrics come to their targets.
package struct HorizontalPodAutoscalerReconciler: Reconciler {
    package static let name = "horizontal-pod-autoscaler-controller"
    package static let settings = ReconcilerSettings(workers: 5)
    package static let interest = ChangeInterest(
        [.horizontalPodAutoscaler], pods: [.added, .deleted, .phase, .readiness, .termination, .labels],
        while: .horizontalPodAutoscaler)

    /// From one look at an autoscaler to the next (`--horizontal-pod-autoscaler-sync-period`).
    package static let syncPeriod = Duration.seconds(15)

    var memories: [ObjectKey: AutoscalerMemory] = [:]
    // The autoscaler that asked for a change of a target, until it is answered.
    private var rescaling: [ObjectKey: ObjectKey] = [:]
    // Grows with each change of what a namespace's autoscalers are to scale.
    private var states: [String: Int64] = [:]

    package init() {}

    package mutating func keys(for change: WatchEvent, in view: any ClusterView) -> [ObjectKey] {
        let object = change.object
        if case .pod(let pod) = object {
            // In any order: each is asked for itself.
            for place in memories.indices where memories.keys[place].namespace == pod.metadata.namespace {
                if memories.values[place].mayCount(pod, of: change) { memories.values[place].changes += 1 }
            }
            return []
        }
        guard case .horizontalPodAutoscaler(let autoscaler) = object else { return [] }
        if case .modified(let old, _) = change, old.metadata.generation == autoscaler.metadata.generation {
            // Of a status others take no notice.
            if let place = memories.index(forKey: object.key) { memories.values[place].changes += 1 }
        } else {
            states[autoscaler.metadata.namespace, default: 0] += 1
        }
        return [object.key]
    }

    package mutating func reconcile(_ key: ObjectKey, in view: any ClusterView) -> ReconcileResult {
        let now = view.now
        let place = memories.index(forKey: key)
        // Neither ever falls, so that the sum stays only where both do.
        let state = (states[key.namespace] ?? 0) + (place.map { memories.values[$0].changes } ?? 0)
        if let place, now >= memories.values[place].nextSync,
            memories.values[place].isAtRest(state: state, in: view), let rest = memories.values[place].rest
        {
            memories.values[place].recommendations.note(rest.replicas, at: now)
            memories.values[place].nextSync = now + Self.syncPeriod
            return ReconcileResult(recheckAfter: Self.syncPeriod)
        }
        guard case .horizontalPodAutoscaler(let autoscaler)? = view.object(key) else {
            memories[key] = nil
            return .settled
        }
        guard let place else {
            // Looked at only after a whole period, as every key waits for one in the queue.
            memories[key] = AutoscalerMemory(nextSync: now + Self.syncPeriod)
            return ReconcileResult(recheckAfter: Self.syncPeriod)
        }
        var result: ReconcileResult
        if now < memories.values[place].nextSync {
            result = Self.tell(autoscaler, &memories.values[place], now: now)
        } else {
            var memory = AutoscalerMemory(nextSync: now + Self.syncPeriod)
            swap(&memory, &memories.values[place])
            memory.nextSync = now + Self.syncPeriod
            var look = AutoscalerLook(autoscaler, state: state, memory: memory, in: view)
            memory = AutoscalerMemory(nextSync: now)
            result = look.take()
            memories.values[place] = look.memory
            if let target = look.rescaledTarget { rescaling[target] = key }
        }
        result.recheckAfter = memories.values[place].nextSync - now
        return result
    }

    package mutating func observe(_ action: Action, error: ActionError?) {
        guard case .update(let object) = action, let key = rescaling.removeValue(forKey: object.key),
            let place = memories.index(forKey: key), let rescale = memories.values[place].rescale
        else { return }
        if let error {
            memories.values[place].rescale?.error = error
            memories.values[place].events.append(
                EventRecord(
                    key, .warning, reason: "FailedRescale",
                    message: "New size: \(rescale.to); reason: \(rescale.reason); error: \(error)"))
            return
        }
        memories.values[place].rescale = nil
        memories.values[place].events.append(
            EventRecord(
                key, reason: "SuccessfulRescale", message: "New size: \(rescale.to); reason: \(rescale.reason)"))
        if let behavior = rescale.behavior { memories.values[place].note(rescale, behavior: behavior) }
    }

    /// Between two looks: tells what came of the last change.
    private static func tell(
        _ autoscaler: HorizontalPodAutoscaler, _ memory: inout AutoscalerMemory, now: Instant
    ) -> ReconcileResult {
        var result = ReconcileResult(events: memory.events)
        memory.events = []
        guard let rescale = memory.rescale, let error = rescale.error else { return result }
        memory.rescale = nil
        var changed = autoscaler
        changed.status.currentReplicas = rescale.from
        changed.status.conditions.set(
            "AbleToScale", .false, reason: "FailedUpdateScale",
            message: "the HPA controller was unable to update the target scale: \(error)", at: now.wholeSecond)
        if changed.status != autoscaler.status { result.actions = [.updateStatus(.horizontalPodAutoscaler(changed))] }
        return result
    }
}

extension [Condition] {
    /// Sets the condition named `type`, which is added if there is none; the time of its last update is not kept.
    mutating func set(
        _ type: ConditionType, _ status: ConditionStatus, reason: String, message: String, at time: Instant
    ) {
        for place in indices where self[place].isOf(type) {
            if self[place].status != status { self[place].lastTransitionTime = time }
            self[place].status = status
            self[place].reason = reason
            self[place].message = message
            return
        }
        append(Condition(type, status, reason: reason, message: message, at: time))
    }
}
