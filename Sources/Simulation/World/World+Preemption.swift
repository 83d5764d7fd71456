import Chronology
import ClusterStore
import ControlPlane
import KubernetesAPI
import Scheduler

/// What one pod's preemption asks of the API server, and how far it has come.
struct Preemption {
    /// What one of its requests does; the victim is the object of the request.
    enum Step {
        case clearNomination, markVictim, deleteVictim
    }

    let preemptor: UID
    let node: String
    /// The name of the scheduler.
    let source: String
    /// Pods that are still to lose their nomination.
    var nominations: ArraySlice<ObjectKey>
    /// Those that are still to be asked to leave.
    var victims: ArraySlice<ObjectKey>
    /// How many are being asked.
    var open = 0
    var hasFailed = false
}

// Kubernetes counterpart: prepareCandidateAsync, PreemptPod in framework/preemption/executor.go (v1.36).
// Deliberate differences: victims are asked all at once, not sixteen at a time; a failure does not call back the requests
// to others that are on their way; a request that the API server does not answer is repeated until it does, where
// upstream gives up after four times and tries the pod again.

extension World {
    /// Begins to make room: nominations are taken back one after the other, then the victims are asked, and the last of
    /// them when all others have answered. Each request waits for a token of its own.
    mutating func preempt(for attempt: SchedulingAttempt, on node: String, _ victims: [ObjectKey]) {
        let slot = preemptions.insert(
            Preemption(
                preemptor: attempt.uid, node: node, source: schedulerName(of: attempt.pod),
                nominations: attempt.displaced[...], victims: victims[...]))
        goOn(slot)
    }

    /// The API server answered one of the requests.
    mutating func preemptionIsAnswered(
        _ slot: Int32, _ step: Preemption.Step, _ pod: ObjectKey, _ error: ActionError?
    ) {
        switch step {
        // Room is made all the same when a nomination stays.
        case .clearNomination: goOn(slot)
        case .markVictim:
            if error == nil, let uid = api.object(pod)?.metadata.uid {
                return send(
                    .delete(pod, uid: uid, gracePeriodSeconds: nil, propagation: .background),
                    from: .preemption(slot, .deleteVictim), at: schedulerWrite())
            }
            victimIsAsked(slot, error)
        case .deleteVictim:
            if error == nil {
                let preemption = preemptions[slot]
                let message = "Preempted by pod \(preemption.preemptor) on node \(preemption.node)"
                record(EventRecord(pod, .normal, reason: "Preempted", message: message), source: preemption.source)
            }
            victimIsAsked(slot, error)
        }
    }

    private mutating func victimIsAsked(_ slot: Int32, _ error: ActionError?) {
        preemptions[slot].open -= 1
        // Who is gone already needs no more asking.
        if let error, error != .notFound { preemptions[slot].hasFailed = true }
        if preemptions[slot].open == 0 { goOn(slot) }
    }

    private mutating func goOn(_ slot: Int32) {
        while let pod = preemptions[slot].nominations.popFirst() {
            guard let uid = api.object(pod)?.metadata.uid else { continue }
            var patch = PodStatusPatch()
            patch.nominatedNodeName = .some(nil)
            return send(
                .patchPodStatus(pod, uid: uid, patch), from: .preemption(slot, .clearNomination), at: schedulerWrite())
        }
        while preemptions[slot].victims.count > 1 { ask(preemptions[slot].victims.removeFirst(), slot) }
        if preemptions[slot].open > 0 { return }
        if !preemptions[slot].hasFailed, let last = preemptions[slot].victims.popFirst() { ask(last, slot) }
        if preemptions[slot].open > 0 { return }
        let preemption = preemptions.remove(slot)
        scheduler.evictionsFinished(preemptor: preemption.preemptor, succeeded: !preemption.hasFailed, now: now)
    }

    /// Says in the victim's status why it has to go; its deletion follows.
    private mutating func ask(_ victim: ObjectKey, _ slot: Int32) {
        guard let uid = api.object(victim)?.metadata.uid else { return }
        preemptions[slot].open += 1
        let condition = Condition(
            Condition.disruptionTarget, .true, reason: "PreemptionByScheduler",
            message: "\(preemptions[slot].source): preempting to accommodate a higher priority pod", at: now)
        send(
            .patchPodStatus(victim, uid: uid, PodStatusPatch(conditions: [condition])),
            from: .preemption(slot, .markVictim), at: schedulerWrite())
    }
}
