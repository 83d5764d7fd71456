import Chronology
import ControlPlane
import KubernetesAPI

/// What is found of the scale of a pod's controller.
enum ControllerScale {
    case replicas(UID, Int64)
    /// There is no such controller any more.
    case gone
    /// Its kind has no scale.
    case unscalable(resource: String)
}

extension DisruptionReconciler {
    /// How many pods there should be, how many of them healthy, or why that cannot be told.
    struct Need {
        var expected: Int64 = 0
        var desired: Int64 = 0
        var fault: String?
    }

    /// Returns what a budget asks of `pods`, those selected; `scale` finds the scale of a pod's controller, if it has one.
    static func need(
        _ budget: PodDisruptionBudget, pods: [Pod], scale: (Pod) -> ControllerScale?
    ) -> Need {
        var need = Need()
        if let most = budget.maxUnavailable {
            (need.expected, need.fault) = total(pods, scale: scale)
            need.desired = max(0, need.expected - most.scaled(of: need.expected, roundUp: true))
        } else if case .number(let least)? = budget.minAvailable {
            need.expected = Int64(pods.count)
            need.desired = least
        } else if let least = budget.minAvailable {
            (need.expected, need.fault) = total(pods, scale: scale)
            need.desired = least.scaled(of: need.expected, roundUp: true)
        }
        return need
    }

    /// Returns the number of pods that the controllers of `pods` ask for, or what is wrong with one of them.
    private static func total(_ pods: [Pod], scale: (Pod) -> ControllerScale?) -> (Int64, String?) {
        var seen: [UID] = []
        var sum: Int64 = 0
        for pod in pods {
            switch scale(pod) {
            // Pods that nobody manages count for nothing; a controller without a scale is an error.
            case nil: continue
            case .gone: return (0, "found no controllers for pod \"\(pod.metadata.name)\"")
            case .unscalable(let resource): return (0, "\(resource) does not implement the scale subresource")
            case .replicas(let controller, let replicas):
                guard !seen.contains(controller) else { continue }
                seen.append(controller)
                sum += replicas
            }
        }
        return (sum, nil)
    }

    /// Returns the status that `pods`, those selected, give; `disrupted` are those whose eviction is under way.
    ///
    /// Where the need cannot be told, nothing may be disrupted, and the rest stays as it is (`failSafe`).
    static func status(
        _ budget: PodDisruptionBudget, pods: [Pod], need: Need, disrupted: [String], now: Instant
    ) -> PodDisruptionBudget.Status {
        var status = budget.status
        if let fault = need.fault {
            status.disruptionsAllowed = 0
            status.conditions.set(
                Condition("DisruptionAllowed", .false, reason: "SyncFailed", message: fault, at: now.wholeSecond))
            return settled(status, like: budget.status)
        }
        status.observedGeneration = budget.metadata.generation
        status.disruptedPods = disrupted
        status.expectedPods = need.expected
        status.desiredHealthy = need.desired
        status.currentHealthy = Int64(
            pods.count { pod in pod.isReady && !pod.isTerminating && !disrupted.contains(pod.metadata.name) })
        status.disruptionsAllowed = need.expected > 0 ? max(0, status.currentHealthy - need.desired) : 0
        status.conditions.set(
            status.disruptionsAllowed > 0
                ? Condition("DisruptionAllowed", .true, reason: "SufficientPods", at: now.wholeSecond)
                : Condition("DisruptionAllowed", .false, reason: "InsufficientPods", at: now.wholeSecond))
        return settled(status, like: budget.status)
    }

    // `set` renews the update time of a condition that stays; here that alone is no change.
    private static func settled(
        _ status: PodDisruptionBudget.Status, like before: PodDisruptionBudget.Status
    ) -> PodDisruptionBudget.Status {
        var next = status
        for index in next.conditions.indices {
            let condition = next.conditions[index]
            guard let old = before.conditions.named(condition.type), old.status == condition.status,
                old.reason == condition.reason, old.message == condition.message
            else { continue }
            next.conditions[index] = old
        }
        return next
    }
}
