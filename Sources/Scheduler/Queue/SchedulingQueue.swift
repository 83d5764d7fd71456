import Chronology
import KubernetesAPI
import SchedulingFramework

// Kubernetes counterpart: backend/queue (v1.36), with SchedulerQueueingHints and SchedulerPopFromBackoffQ.
// Deliberate differences: pods of equal rank keep their order; moveRequestCycle, which serves only without queueing
// hints, does not exist.

/// The pods that wait: ready ones, those that back off, and those for which nothing has changed.
///
/// ```
///            add                 pop
///     ──────────────▶ active ──────────▶ in flight ──▶ assumed, gone
///                      ▲  ▲                 │
///     back-off ends,   │  │ hint says queue │ rejected
///     or idle: backoff ◀──┴─ unschedulable ◀┘
/// ```
struct SchedulingQueue {
    private(set) var pods: [UID: QueuedPod] = [:]
    var active: PodLine
    var backoff: PodLine
    var errorBackoff: PodLine
    /// Tickets of unschedulable pods in order of arrival; void ones are skipped.
    private var unschedulable: [(ticket: UInt64, uid: UID)] = []
    /// Every rejector of some unschedulable pod, and perhaps of former ones.
    private(set) var unschedulableRejectors: UInt64 = 0
    private(set) var holdsUnrejected = false
    private var nextTicket: UInt64 = 0
    let profiles: [CompiledProfile]
    let settings: SchedulerConfiguration
    let start: Instant
    private(set) var counts = QueueCounts()
    var nextFlush: Instant?
    var inFlight = InFlightEvents()
    /// Pods whose evictions are on their way, which a pre-enqueue plugin may ask about.
    var preempting: Set<UID> = []
    var gangs: GangBook

    init(settings: SchedulerConfiguration, profiles: [CompiledProfile], start: Instant) {
        let order: any QueueOrderPlugin = profiles.first?.queueOrder ?? PrioritySort()
        active = PodLine(order: order)
        backoff = PodLine(order: order)
        errorBackoff = PodLine(order: order)
        self.settings = settings
        self.profiles = profiles
        self.start = start
        gangs = GangBook(
            isOn: profiles.contains { profile in
                profile.preEnqueues.contains { $0.name == GangScheduling.name }
                    || profile.permits.contains { $0.name == GangScheduling.name }
            }, initial: settings.podInitialBackoff, max: settings.podMaxBackoff)
    }

    // MARK: - In and out

    /// Puts a new pod in line; returns whether it is ready to be tried.
    @discardableResult
    mutating func add(_ info: PodInfo, profile: Int, now: Instant) -> Bool {
        activate(QueuedPod(info: info, profile: profile, timestamp: now, added: now))
    }

    mutating func remove(_ uid: UID) {
        guard let pod = pods.removeValue(forKey: uid) else { return }
        count(pod, -1)
    }

    /// Takes the next pod, which is in flight until `finish` or `putBack`.
    mutating func pop(now: Instant) -> QueuedPod? {
        advance(to: now)
        var found = Self.take(&active, pods, .active)
        if found == nil, settings.popsFromBackoff { found = Self.take(&backoff, pods, .backoff) }
        guard var pod = found else { return nil }
        count(pod, -1)
        pod.place = .inFlight
        pod.attempts += 1
        pods[pod.info.uid] = pod
        return pod
    }

    /// Whether `pop` would find a pod at `now`.
    mutating func isReady(now: Instant) -> Bool {
        advance(to: now)
        return counts.active > 0
            || settings.popsFromBackoff && backoff.count > 0
                && Self.peek(&backoff, pods, .backoff) != nil
    }

    /// Forgets a pod in flight: it has a node.
    mutating func finish(_ uid: UID) { pods[uid] = nil }

    /// Puts a pod in flight back (`AddUnschedulableIfNotPresent`); nobody rejects it when the attempt itself failed.
    mutating func putBack(_ record: QueuedPod, rejectors: Rejectors, now: Instant) {
        var pod = record
        let uid = pod.info.uid
        let events = inFlight.changes(since: uid)
        inFlight.leave(uid)
        if let present = pods[uid], present.place != .inFlight { return }
        pod.rejectors = rejectors.all
        pod.pending = rejectors.pending
        pod.timestamp = now
        if rejectors.all == 0 {
            pod.errorCount += 1
            requeue(pod, .afterBackoff, now: now)
        } else {
            pod.unschedulableCount += 1
            pod.errorCount = 0
            requeue(pod, strategy(for: pod, after: events), now: now)
        }
    }

    /// Puts a waiting pod in the active queue, whatever its back-off (`Activate`).
    mutating func activate(_ uid: UID) {
        guard let pod = pods[uid] else { return }
        switch pod.place {
        case .active, .inFlight: break
        case .backoff: activate(pod, checksGate: !settings.popsFromBackoff)
        case .unschedulable: activate(pod)
        }
    }

    /// Puts a waiting pod back in line as if it came now, so that those of a gang stand together.
    mutating func reenter(_ uid: UID, now: Instant) {
        guard let pod = pods[uid], pod.place != .inFlight else { return }
        pods[uid]?.timestamp = now
        activate(uid)
    }

    private static func take(
        _ line: inout PodLine, _ pods: [UID: QueuedPod], _ place: QueuedPod.Place
    ) -> QueuedPod? {
        while let entry = line.pop() {
            if let pod = pods[entry.uid], pod.ticket == entry.ticket, pod.place == place { return pod }
        }
        return nil
    }

    static func peek(
        _ line: inout PodLine, _ pods: [UID: QueuedPod], _ place: QueuedPod.Place
    ) -> (PodLine.Entry, QueuedPod)? {
        while let entry = line.first {
            if let pod = pods[entry.uid], pod.ticket == entry.ticket, pod.place == place { return (entry, pod) }
            line.pop()
        }
        return nil
    }

    // MARK: - Places

    /// Runs the pre-enqueue plugins, first the one that kept the pod out; returns whether the pod may go on.
    private func gateCheck(_ pod: inout QueuedPod) -> Bool {
        let profile = profiles[pod.profile]
        let facts = EnqueueFacts(
            isPreempting: !preempting.isEmpty && preempting.contains(pod.info.uid), gang: gangs.facts(of: pod.info.uid))
        let former = pod.gate
        if former != 0 {
            for (name, plugin) in profile.preEnqueues where profile.bit(of: name) == former {
                if !plugin.preEnqueue(pod.info, facts: facts).isSuccess { return false }
            }
        }
        for (name, plugin) in profile.preEnqueues where !plugin.preEnqueue(pod.info, facts: facts).isSuccess {
            pod.gate = profile.bit(of: name)
            pod.rejectors |= pod.gate
            return false
        }
        pod.gate = 0
        return true
    }

    @discardableResult
    mutating func activate(_ candidate: QueuedPod, checksGate: Bool = true) -> Bool {
        var pod = candidate
        guard !checksGate || gateCheck(&pod) else {
            lay(pod)
            return false
        }
        enter(&pod, .active)
        active.push(PodLine.Entry(due: 0, rank: pod.rank, ticket: pod.ticket, uid: pod.info.uid))
        compactIfNeeded()
        return true
    }

    /// Puts a pod where `strategy` says (`requeuePodWithQueueingStrategy`).
    mutating func requeue(_ candidate: QueuedPod, _ strategy: QueueingStrategy, now: Instant) {
        switch strategy {
        case .skip: lay(candidate)
        case .immediately: activate(candidate)
        case .afterBackoff:
            guard let end = backoffEnd(candidate), isBackingOff(candidate, now: now) else {
                activate(candidate)
                return
            }
            var pod = candidate
            // With pops from the back-off queue the plugins have their say on the way in, and not on the way out.
            guard !settings.popsFromBackoff || gateCheck(&pod) else { return lay(pod) }
            standBack(&pod, until: end)
        }
    }

    private mutating func standBack(_ pod: inout QueuedPod, until end: Instant) {
        enter(&pod, .backoff)
        let entry = PodLine.Entry(due: end.nanoseconds, rank: pod.rank, ticket: pod.ticket, uid: pod.info.uid)
        if pod.rejectors == 0 { errorBackoff.push(entry) } else { backoff.push(entry) }
        compactIfNeeded()
    }

    /// Gives a pod whose priority changed its new place in the line it stands in.
    mutating func reorder(_ uid: UID) {
        guard var pod = pods[uid] else { return }
        switch pod.place {
        case .active: activate(pod, checksGate: false)
        case .backoff: if let end = backoffEnd(pod) { standBack(&pod, until: end) }
        case .unschedulable, .inFlight: break
        }
    }

    private mutating func lay(_ candidate: QueuedPod) {
        var pod = candidate
        enter(&pod, .unschedulable)
        unschedulable.append((pod.ticket, pod.info.uid))
        unschedulableRejectors |= pod.rejectors
        if pod.rejectors == 0 { holdsUnrejected = true }
        if !pod.isGated {
            let due = flushDue(pod)
            if nextFlush.map({ due < $0 }) ?? true { nextFlush = due }
        }
    }

    private mutating func enter(_ pod: inout QueuedPod, _ place: QueuedPod.Place) {
        if let present = pods[pod.info.uid] { count(present, -1) }
        nextTicket += 1
        pod.ticket = nextTicket
        pod.place = place
        pods[pod.info.uid] = pod
        count(pod, 1)
    }

    /// Takes over a newer version of a waiting pod, where it is.
    mutating func replace(_ info: PodInfo) { pods[info.uid]?.info = info }

    private mutating func count(_ pod: QueuedPod, _ change: Int) {
        switch pod.place {
        case .active: counts.active += change
        case .backoff: counts.backoff += change
        case .unschedulable:
            counts.unschedulable += change
            if pod.isGated { counts.gated += change }
        case .inFlight: break
        }
    }

    private mutating func compactIfNeeded() {
        let pods = pods
        if active.count > 2 * counts.active + 64 { active.compact { pods[$0.uid]?.ticket == $0.ticket } }
        if backoff.count > 2 * counts.backoff + 64 { backoff.compact { pods[$0.uid]?.ticket == $0.ticket } }
        if errorBackoff.count > 2 * counts.backoff + 64 { errorBackoff.compact { pods[$0.uid]?.ticket == $0.ticket } }
    }

    /// The unschedulable pods in order of arrival; drops the void tickets.
    mutating func waiting() -> [QueuedPod] {
        var found: [QueuedPod] = []
        var kept: [(ticket: UInt64, uid: UID)] = []
        for entry in unschedulable {
            guard let pod = pods[entry.uid], pod.ticket == entry.ticket, pod.place == .unschedulable else { continue }
            found.append(pod)
            kept.append(entry)
        }
        unschedulable = kept
        return found
    }

    /// Forgets what only holds for unschedulable pods; there are none.
    mutating func forgetUnschedulable() {
        if unschedulable.isEmpty && unschedulableRejectors == 0 && !holdsUnrejected { return }
        unschedulable.removeAll(keepingCapacity: true)
        unschedulableRejectors = 0
        holdsUnrejected = false
    }
}
