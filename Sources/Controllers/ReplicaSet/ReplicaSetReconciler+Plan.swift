package import Chronology
package import ControlPlane
package import KubernetesAPI

/// How many pods a replica set makes in one step, or which it deletes.
package struct ReplicaSetPlan: Sendable {
    /// The number of pods to create.
    package var created = 0
    /// The pods to delete, first to go first.
    package var deleted: [Pod] = []

    /// Creates a plan that does nothing.
    package init() {}

    /// Whether nothing is to be done.
    package var isEmpty: Bool { created == 0 && deleted.isEmpty }
}

/// Why the last creation was refused.
package struct ReplicaSetFailure: Hashable, Sendable {
    /// `FailedCreate`.
    package var reason: String
    /// What the API server answered.
    package var error: ActionError

    /// Creates a failure.
    package init(reason: String, error: ActionError) {
        self.reason = reason
        self.error = error
    }
}

extension ReplicaSetReconciler {
    /// The most pods that one step makes or deletes (`BurstReplicas`).
    package static let burst = 500

    /// Returns the step that brings `pods`, the active ones, toward `spec.replicas`; `related` is asked only if some go.
    package static func plan(
        _ replicaSet: ReplicaSet, pods: [Pod], now: Instant, related: () -> [Pod] = { [] }
    ) -> ReplicaSetPlan {
        var plan = ReplicaSetPlan()
        let surplus = pods.count - Int(replicaSet.spec.replicas)
        if surplus < 0 {
            plan.created = min(-surplus, burst)
        } else if surplus > 0 {
            let count = min(surplus, burst)
            plan.deleted = pods.firstToDelete(count, related: count < pods.count ? related() : [], now: now)
        }
        return plan
    }

    /// Returns the status that `claim` amounts to at `now`.
    package static func status(
        _ replicaSet: ReplicaSet, claim: PodClaim, failure: ReplicaSetFailure?, now: Instant
    ) -> ReplicaSet.Status {
        let wanted = replicaSet.spec.template.labels
        let minReady = replicaSet.spec.minReadySeconds
        var status = replicaSet.status
        status.fullyLabeledReplicas = 0
        status.readyReplicas = 0
        status.availableReplicas = 0
        for pod in claim.active {
            if pod.metadata.labels == wanted || wanted.pairs.allSatisfy({ pod.metadata.labels[$0.key] == $0.value }) {
                status.fullyLabeledReplicas += 1
            }
            guard let ready = pod.status.conditions.named(Condition.ready), ready.status == .true else { continue }
            status.readyReplicas += 1
            if minReady == 0 || ready.lastTransitionTime + .seconds(minReady) <= now { status.availableReplicas += 1 }
        }
        status.replicas = Int64(claim.active.count)
        status.terminatingReplicas = claim.terminating
        status.observedGeneration = replicaSet.metadata.generation
        let present = status.conditions.named("ReplicaFailure")
        if let failure {
            if present == nil {
                status.conditions.append(
                    Condition(
                        "ReplicaFailure", .true, reason: failure.reason, message: "\(failure.error)",
                        at: now.wholeSecond))
            }
        } else if present != nil {
            status.conditions.removeAll { $0.type == "ReplicaFailure" }
        }
        return status
    }
}
