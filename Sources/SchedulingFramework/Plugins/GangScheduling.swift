package import KubernetesAPI

// Kubernetes counterpart: plugins/gangscheduling (v1.36, alpha: off unless a profile enables it).
// Deliberate differences: groups may also be named by the label of the scheduler-plugins project; a gang whose time is over
// backs off as a whole before it tries again, as that project's coscheduling does, so that two gangs cannot hold the room
// of each other for ever; the scheduler itself wakes the members, so that no event need be waited for.

/// Holds the pods of a gang until so many of them have a place that it can run: all or none.
///
/// The scheduler notes what it knows of the gang in `EnqueueFacts` and, before the permit phase, in the cycle's state.
package struct GangScheduling: PreEnqueuePlugin {
    package static let name: PluginName = "GangScheduling"

    package init() {}

    package func preEnqueue(_ pod: PodInfo, facts: EnqueueFacts) -> Verdict {
        guard let gang = facts.gang else { return .success }
        return Self.admission(of: gang)
    }

    /// Returns whether members of a gang may be tried at all.
    static func admission(of gang: GangFacts) -> Verdict {
        guard let minCount = gang.minCount else {
            return .unresolvable("waiting for pod's pod group \"\(gang.name)\" to appear in scheduling queue")
        }
        if gang.members < minCount {
            return .unresolvable("waiting for minCount pods from a gang to appear in scheduling queue")
        }
        if gang.isBackingOff {
            return .unresolvable("the gang gave its places back, and waits before it tries again")
        }
        return .success
    }
}

// MARK: - Permit

extension GangScheduling: PermitPlugin {
    package func permit(
        _ pod: PodInfo, on node: String, among waiting: [WaitingPod], state: CycleState
    ) -> PermitOutcome {
        guard let note = state[Self.name] as? GangNote else { return .success }
        let siblings = waiting.filter {
            $0.holders.contains(Self.name) && $0.pod.key.namespace == pod.key.namespace
                && $0.pod.pod.podGroupName == note.facts.name
        }
        return Self.permission(for: note.facts, waiting: siblings.map(\.pod.uid))
    }

    /// Returns what a member that has found a node is told, while `waiting` have theirs already.
    static func permission(for gang: GangFacts, waiting: [UID]) -> PermitOutcome {
        let admission = Self.admission(of: gang)
        guard admission.isSuccess, let minCount = gang.minCount else { return PermitOutcome(admission) }
        if gang.placed + Int64(waiting.count) + 1 < minCount { return .wait(gang.patience) }
        return PermitOutcome(.success, allowed: waiting)
    }
}

// MARK: - Requeue

extension GangScheduling: RequeueHinting {
    // The scheduler wakes the members of a gang when it changes.
    package static let wakeEvents: [EventInterest] = []
}
