package import Chronology
package import KubernetesAPI

/// What a deployment's status says of its replica sets.
package enum DeploymentProgress {
    /// The condition type for enough available replicas.
    package static let available: ConditionType = "Available"
    /// The condition type for a rollout that gets on.
    package static let progressing: ConditionType = "Progressing"
    /// The condition type for replicas that cannot be made.
    package static let replicaFailure: ConditionType = "ReplicaFailure"

    /// Returns the status after a step of a rollout: counts, availability and whether it gets on.
    package static func rolloutStatus(
        _ deployment: Deployment, old: [ReplicaSet], new: ReplicaSet?, now: Instant
    ) -> Deployment.Status {
        var status = counts(deployment, old: old, new: new, now: now)
        if deployment.spec.progressDeadlineSeconds == nil { status.conditions.remove(progressing) }
        let current = deployment.status.conditions.named(progressing)
        let wasComplete =
            status.replicas == status.updatedReplicas && current?.reason == "NewReplicaSetAvailable"
        if deployment.spec.progressDeadlineSeconds != nil, !wasComplete {
            let subject =
                new.map { "ReplicaSet \"\($0.metadata.name)\"" } ?? "Deployment \"\(deployment.metadata.name)\""
            let time = now.wholeSecond
            if isComplete(deployment, status) {
                status.conditions.replace(
                    Condition(
                        progressing, .true, reason: "NewReplicaSetAvailable",
                        message: "\(subject) has successfully progressed.", at: time))
            } else if hasProgressed(from: deployment.status, to: status) {
                var next = Condition(
                    progressing, .true, reason: "ReplicaSetUpdated", message: "\(subject) is progressing.", at: time)
                if let current, current.status == .true { next.lastTransitionTime = current.lastTransitionTime }
                status.conditions.remove(progressing)
                status.conditions.append(next)
            } else if hasTimedOut(deployment, now: now) {
                status.conditions.replace(
                    Condition(
                        progressing, .false, reason: "ProgressDeadlineExceeded",
                        message: "\(subject) has timed out progressing.", at: time))
            }
        }
        let failure =
            new?.status.conditions.named(replicaFailure)
            ?? old.lazy.compactMap { $0.status.conditions.named(replicaFailure) }.first
        if let failure {
            status.conditions.replace(failure)
        } else {
            status.conditions.remove(replicaFailure)
        }
        return status
    }

    /// Returns the status without a verdict on progress, as it is kept while paused or rescaled.
    package static func counts(
        _ deployment: Deployment, old: [ReplicaSet], new: ReplicaSet?, now: Instant
    ) -> Deployment.Status {
        var status = deployment.status
        var wanted: Int64 = 0
        status.observedGeneration = deployment.metadata.generation
        status.updatedReplicas = new?.status.replicas ?? 0
        status.replicas = 0
        status.readyReplicas = 0
        status.availableReplicas = 0
        status.terminatingReplicas = 0
        func count(_ replicaSet: ReplicaSet) {
            wanted += replicaSet.spec.replicas
            status.replicas += replicaSet.status.replicas
            status.readyReplicas += replicaSet.status.readyReplicas
            status.availableReplicas += replicaSet.status.availableReplicas
            // Whose number nobody knows makes the sum unknown, but for one that has not been looked at yet.
            if replicaSet.status.observedGeneration == 0, replicaSet.status.terminatingReplicas == nil { return }
            status.terminatingReplicas = status.terminatingReplicas.flatMap { sum in
                replicaSet.status.terminatingReplicas.map { sum + $0 }
            }
        }
        old.forEach(count)
        if let new { count(new) }
        status.unavailableReplicas = max(0, wanted - status.availableReplicas)
        let enough = status.availableReplicas >= deployment.spec.replicas - deployment.maxUnavailable
        status.conditions.replace(
            enough
                ? Condition(
                    available, .true, reason: "MinimumReplicasAvailable",
                    message: "Deployment has minimum availability.", at: now.wholeSecond)
                : Condition(
                    available, .false, reason: "MinimumReplicasUnavailable",
                    message: "Deployment does not have minimum availability.", at: now.wholeSecond))
        return status
    }

    /// Returns whether every replica is of the current template and available, and no other is left.
    package static func isComplete(_ deployment: Deployment, _ status: Deployment.Status) -> Bool {
        let wanted = deployment.spec.replicas
        return status.updatedReplicas == wanted && status.replicas == wanted && status.availableReplicas == wanted
            && status.observedGeneration >= deployment.metadata.generation
    }

    static func hasProgressed(from before: Deployment.Status, to after: Deployment.Status) -> Bool {
        after.updatedReplicas > before.updatedReplicas
            || after.replicas - after.updatedReplicas < before.replicas - before.updatedReplicas
            || after.readyReplicas > before.readyReplicas || after.availableReplicas > before.availableReplicas
    }

    static func hasTimedOut(_ deployment: Deployment, now: Instant) -> Bool {
        guard let deadline = deployment.spec.progressDeadlineSeconds,
            let condition = deployment.status.conditions.named(progressing)
        else { return false }
        switch condition.reason {
        case "NewReplicaSetAvailable": return false
        case "ProgressDeadlineExceeded": return true
        default: return condition.lastUpdateTime + .seconds(deadline) < now
        }
    }

    /// Returns when to look again whether the progress deadline has passed, or nil when it cannot pass.
    static func nextDeadline(_ deployment: Deployment, now: Instant) -> Duration? {
        guard let deadline = deployment.spec.progressDeadlineSeconds, !deployment.spec.paused,
            let condition = deployment.status.conditions.named(progressing),
            condition.reason != "ProgressDeadlineExceeded", condition.reason != "NewReplicaSetAvailable",
            !isComplete(deployment, deployment.status)
        else { return nil }
        // A second more, as upstream adds against clocks that differ.
        return max(.zero, condition.lastUpdateTime + .seconds(deadline) - now) + .seconds(1)
    }
}

extension [Condition] {
    /// Removes the condition named `type`.
    mutating func remove(_ type: ConditionType) { removeAll { $0.isOf(type) } }

    /// Puts `condition` in the place of its namesake at the end of the list, unless status and reason are the same.
    ///
    /// The transition time moves only with the status (`SetDeploymentCondition`).
    mutating func replace(_ condition: Condition) {
        var next = condition
        if let current = named(condition.type) {
            if current.status == condition.status, current.reason == condition.reason { return }
            if current.status == condition.status { next.lastTransitionTime = current.lastTransitionTime }
        }
        remove(condition.type)
        append(next)
    }
}
