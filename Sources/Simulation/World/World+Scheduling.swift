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
        /// One of those that a preemption consists of.
        case preemption(Int32, Preemption.Step)
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
        if schedulerCycleAt != .never || !condition.isSchedulerUp { return }
        if scheduler.hasReadyPods(now: now) {
            schedulerCycleAt = max(now, schedulerBusyUntil) + delays.schedulerCycle(setup.parameters)
            enqueue(.schedulerCycle, at: schedulerCycleAt)
        } else if let wake = scheduler.nextWakeup, wake < schedulerWakeAt {
            schedulerWakeAt = max(wake, now)
            enqueue(.schedulerWake, at: schedulerWakeAt)
        }
    }

    /// Decides about one pod, and sends the binding on its way.
    mutating func runSchedulingCycle() {
        // One that was meant for a scheduler that has crashed since comes to nothing.
        guard now >= schedulerCycleAt else { return }
        schedulerCycleAt = .never
        guard condition.isSchedulerUp else { return }
        scheduler.advance(to: now)
        let isKept = observer != nil && setup.decisionDetail.captures(Int64(attempts))
        let capturing: AttemptCapture = captured == nil && !isKept ? .summary : .all
        let draw = setup.scheduler.tieBreak == .seeded ? tieStream.nextUInt64() : 0
        let attempt = scheduler.attempt(now: now, capturing: capturing, tieDraw: draw)
        for pod in scheduler.departingPods { tellDeparture(of: pod) }
        if let attempt {
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
        let told: Instant?
        switch attempt.outcome {
        case .assumed(let node):
            if attempt.announcesNode { nominate(attempt.pod, attempt.uid, to: node) }
            return take(attempt.binding, pod: attempt.pod, attempt.uid, node: node)
        case .unschedulable(let nominated, let victims):
            told = tellFailure(
                of: attempt.pod, attempt.uid, reason: "Unschedulable", attempt.message,
                nomination: nominated.map { .some($0) } ?? (attempt.clearsNomination ? .some(nil) : nil))
            if let nominated, !(victims.isEmpty && attempt.displaced.isEmpty) {
                preempt(for: attempt, on: nominated, victims)
            }
        case .error:
            told = tellFailure(
                of: attempt.pod, attempt.uid, reason: "SchedulerError", attempt.message,
                nomination: attempt.clearsNomination ? .some(nil) : nil)
        }
        // Only the end of a binding is told beside the loop.
        if case .failed = attempt.binding { return }
        if let told { schedulerBusyUntil = told }
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
        case .preemption(let slot, let step):
            if error == .unavailable {
                return send(request.action, from: request.sender, at: schedulerWrite() + RunLimits.schedulerRetry)
            }
            preemptionIsAnswered(slot, step, request.action.key, error)
        case .other: return
        }
        continueBindings()
        keepSchedulerGoing()
    }
}
