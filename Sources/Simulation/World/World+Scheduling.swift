import Chronology
import ClusterStore
import ControlPlane
import KubernetesAPI
import Scheduler
import VirtualTime

/// A request on its way to the API server, and what follows from its answer.
struct Request {
    enum Sender {
        case scheduler(uid: UID, node: String)
        /// A pod waits for this and then for the other writes that its binding needs.
        case preparation(BindingPreparation)
        /// A kubelet, which tries again until it is answered.
        case kubelet
        case other
    }

    let action: Action
    var sender: Sender
}

extension World {
    /// A back-off or the flush of unschedulable pods is due.
    mutating func wakeScheduler() {
        guard now >= schedulerWakeAt else { return }
        schedulerWakeAt = .never
        scheduler.advance(to: now)
        continueBindings()
        keepSchedulerGoing()
    }

    /// Schedules the next cycle when a pod waits, and otherwise the next wake-up.
    mutating func keepSchedulerGoing() {
        if isCycleScheduled || !condition.isSchedulerUp { return }
        if scheduler.hasReadyPods(now: now) {
            isCycleScheduled = true
            enqueue(.schedulerCycle, at: now + delays.schedulerCycle(setup.parameters))
        } else if let wake = scheduler.nextWakeup, wake < schedulerWakeAt {
            schedulerWakeAt = max(wake, now)
            enqueue(.schedulerWake, at: schedulerWakeAt)
        }
    }

    /// Decides about one pod, and sends the binding on its way.
    mutating func runSchedulingCycle() {
        isCycleScheduled = false
        guard condition.isSchedulerUp else { return }
        scheduler.advance(to: now)
        let isKept = observer != nil && setup.decisionDetail.captures(Int64(attempts))
        let capturing: AttemptCapture = captured == nil && !isKept ? .summary : .all
        let draw = setup.scheduler.tieBreak == .seeded ? tieStream.nextUInt64() : 0
        if let attempt = scheduler.attempt(now: now, capturing: capturing, tieDraw: draw) {
            if isKept { recordDetail(attempt) }
            follow(attempt)
        }
        continueBindings()
        keepSchedulerGoing()
    }

    private mutating func follow(_ attempt: SchedulingAttempt) {
        digest.absorb(attempt.uid.low ^ UInt64(bitPattern: attempt.score))
        capture(attempt)
        record(attempt)
        let written = schedulerLimiter.reserve(now: now)
        switch attempt.outcome {
        case .assumed(let node):
            if attempt.announcesNode { nominate(attempt.pod, attempt.uid, to: node, at: written) }
            let leaves = attempt.announcesNode ? schedulerLimiter.reserve(now: now) : written
            take(attempt.binding, pod: attempt.pod, attempt.uid, node: node, at: leaves)
        case .unschedulable(let nominated, let victims):
            let arrives = written + delays.apiWrite(setup.parameters)
            tellFailure(
                of: attempt.pod, attempt.uid, reason: "Unschedulable", attempt.message,
                nomination: nominated.map { .some($0) } ?? (attempt.clearsNomination ? .some(nil) : nil), at: arrives)
            for victim in victims { evict(victim, for: attempt.pod, at: arrives) }
            clearNominations(of: attempt.displaced, at: arrives)
        case .error:
            tellFailure(
                of: attempt.pod, attempt.uid, reason: "SchedulerError", attempt.message,
                nomination: attempt.clearsNomination ? .some(nil) : nil,
                at: written + delays.apiWrite(setup.parameters))
        }
    }

    private mutating func evict(_ victim: ObjectKey, for pod: ObjectKey, at arrives: Instant) {
        guard let uid = api.object(victim)?.metadata.uid else { return }
        let scheduler = schedulerName(of: pod)
        let condition = Condition(
            Condition.disruptionTarget, .true, reason: "PreemptionByScheduler",
            message: "\(scheduler): preempting to accommodate a higher priority pod", at: now)
        send(.patchPodStatus(victim, uid: uid, PodStatusPatch(conditions: [condition])), from: .other, at: arrives)
        send(
            .delete(victim, uid: uid, gracePeriodSeconds: nil, propagation: .background), from: .other, at: arrives)
        record(
            EventRecord(victim, .normal, reason: "Preempted", message: "Preempted by pod \(pod.namespace)/\(pod.name)"),
            source: scheduler)
    }

    /// The name of the profile that is responsible for a pod.
    func schedulerName(of pod: ObjectKey) -> String {
        let profiles = setup.scheduler.profiles
        // With a single profile the name needs no look at the pod.
        if profiles.count > 1, case .pod(let found)? = api.object(pod) { return found.spec.schedulerName }
        return profiles.first?.schedulerName ?? "default-scheduler"
    }

    /// Sends a request that arrives at `instant`.
    mutating func send(_ action: Action, from sender: Request.Sender, at instant: Instant) {
        let slot = requests.insert(Request(action: action, sender: sender))
        enqueue(.request, b: Int64(slot), at: instant)
    }

    /// Applies a request, and tells the scheduler how its binding went.
    mutating func requestArrives(_ slot: Int32) {
        let request = requests.remove(slot)
        let error = self.request(request.action)
        switch request.sender {
        case .kubelet:
            if error == .unavailable {
                send(request.action, from: .kubelet, at: now + RunLimits.kubeletRetry)
            }
            return
        case .scheduler(let uid, let node): bindIsAnswered(request.action.key, uid, node, error)
        case .preparation(let preparation): writeIsAnswered(preparation, of: request.action.key, error)
        case .other: return
        }
        continueBindings()
        keepSchedulerGoing()
    }
}
