import Chronology
import KubernetesAPI
import SchedulingFramework

// Kubernetes counterpart: backend/queue (v1.36), with SchedulerQueueingHints and SchedulerPopFromBackoffQ.
// Deliberate differences: an attempt is one step, so no events can arrive during it; pods of equal rank keep their order.

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
    private var active: PodLine
    private var backoff: PodLine
    private var errorBackoff: PodLine
    /// Tickets of unschedulable pods in order of arrival; void ones are skipped.
    private var unschedulable: [(ticket: UInt64, uid: UID)] = []
    private var unschedulableCount = 0
    /// Every rejector of some unschedulable pod, and perhaps of former ones.
    private var unschedulableRejectors: UInt64 = 0
    private var holdsUnrejected = false
    private var nextTicket: UInt64 = 0
    private let profiles: [CompiledProfile]
    private let settings: SchedulerConfiguration
    private let start: Instant
    private(set) var counts = QueueCounts()
    private var nextFlush: Instant?

    private static let window = Duration.seconds(1)
    private static let flushPeriod = Duration.seconds(30)

    init(settings: SchedulerConfiguration, profiles: [CompiledProfile], start: Instant) {
        let order: any QueueOrderPlugin = profiles.first?.queueOrder ?? PrioritySort()
        active = PodLine(order: order)
        backoff = PodLine(order: order)
        errorBackoff = PodLine(order: order)
        self.settings = settings
        self.profiles = profiles
        self.start = start
    }

    // MARK: - In and out

    /// Puts a new pod in line.
    mutating func add(_ info: PodInfo, profile: Int, now: Instant) {
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
        return counts.active > 0 || settings.popsFromBackoff && Self.peek(&backoff, pods, .backoff) != nil
    }

    /// Forgets a pod in flight: it has a node.
    mutating func finish(_ uid: UID) { pods[uid] = nil }

    /// Puts a pod in flight back; without rejectors something went wrong with the attempt itself.
    mutating func putBack(_ uid: UID, info: PodInfo, rejectors: UInt64, record: QueuedPod, now: Instant) {
        var pod = record
        pod.info = info
        pod.rejectors = rejectors
        pod.timestamp = now
        if rejectors == 0 {
            pod.errorCount += 1
            requeue(pod, now: now)
        } else {
            pod.unschedulableCount += 1
            pod.errorCount = 0
            lay(pod)
        }
    }

    private static func take(
        _ line: inout PodLine, _ pods: [UID: QueuedPod], _ place: QueuedPod.Place
    ) -> QueuedPod? {
        while let entry = line.pop() {
            if let pod = pods[entry.uid], pod.ticket == entry.ticket, pod.place == place { return pod }
        }
        return nil
    }

    private static func peek(
        _ line: inout PodLine, _ pods: [UID: QueuedPod], _ place: QueuedPod.Place
    ) -> (PodLine.Entry, QueuedPod)? {
        while let entry = line.first {
            if let pod = pods[entry.uid], pod.ticket == entry.ticket, pod.place == place { return (entry, pod) }
            line.pop()
        }
        return nil
    }

    // MARK: - Moves

    /// Runs the pre-enqueue plugins; returns whether the pod may go on.
    private func gateCheck(_ pod: inout QueuedPod) -> Bool {
        let profile = profiles[pod.profile]
        for (name, plugin) in profile.preEnqueues where !plugin.preEnqueue(pod.info).isSuccess {
            pod.gate = profile.bit(of: name)
            pod.rejectors |= pod.gate
            return false
        }
        pod.gate = 0
        return true
    }

    private mutating func activate(_ candidate: QueuedPod) {
        var pod = candidate
        guard gateCheck(&pod) else { return lay(pod) }
        enter(&pod, .active)
        active.push(PodLine.Entry(due: 0, rank: pod.rank, ticket: pod.ticket, uid: pod.info.uid))
        compactIfNeeded()
    }

    /// Puts a pod in the active queue or, before its back-off ends, in the back-off queue.
    private mutating func requeue(_ candidate: QueuedPod, now: Instant) {
        var pod = candidate
        guard let end = backoffEnd(pod), end > now else { return activate(pod) }
        guard gateCheck(&pod) else { return lay(pod) }
        enter(&pod, .backoff)
        let entry = PodLine.Entry(due: end.nanoseconds, rank: pod.rank, ticket: pod.ticket, uid: pod.info.uid)
        if pod.rejectors == 0 { errorBackoff.push(entry) } else { backoff.push(entry) }
        compactIfNeeded()
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

    // MARK: - Time

    /// When the pod's back-off is over, or nil when it has none. Upstream looks once a second, on whole seconds.
    private func backoffEnd(_ pod: QueuedPod) -> Instant? {
        let failures = pod.errorCount > 0 ? pod.errorCount : pod.unschedulableCount
        guard failures > 0, settings.podMaxBackoff > .zero else { return nil }
        let shift = Int64(min(failures - 1, 62))
        let initial = settings.podInitialBackoff
        let length =
            initial.nanoseconds > settings.podMaxBackoff.nanoseconds >> shift
            ? settings.podMaxBackoff : Duration(nanoseconds: initial.nanoseconds << shift)
        return (pod.timestamp + length).wholeSecond + Self.window
    }

    /// The first of the half-minute rounds at which the pod has lain for longer than allowed.
    private func flushDue(_ pod: QueuedPod) -> Instant {
        let age = (pod.timestamp + settings.podMaxInUnschedulable) - start
        let period = Self.flushPeriod.nanoseconds
        return start + Duration(nanoseconds: (max(0, age.nanoseconds) / period + 1) * period)
    }

    /// When something happens by itself: a back-off ends, or an unschedulable pod has lain too long.
    mutating func nextWakeup() -> Instant? {
        var next = nextFlush
        for due in [Self.peek(&backoff, pods, .backoff)?.0.due, Self.peek(&errorBackoff, pods, .backoff)?.0.due] {
            guard let due else { continue }
            next = min(next ?? .never, Instant(nanoseconds: due))
        }
        return next
    }

    mutating func advance(to now: Instant) {
        while let (entry, pod) = Self.peek(&backoff, pods, .backoff), entry.due <= now.nanoseconds {
            backoff.pop()
            activate(pod)
        }
        while let (entry, pod) = Self.peek(&errorBackoff, pods, .backoff), entry.due <= now.nanoseconds {
            errorBackoff.pop()
            activate(pod)
        }
        if let due = nextFlush, due <= now { flush(now) }
    }

    private mutating func flush(_ now: Instant) {
        nextFlush = nil
        for pod in waiting() where !pod.isGated {
            let due = flushDue(pod)
            if due <= now {
                requeue(pod, now: now)
            } else if nextFlush.map({ due < $0 }) ?? true {
                nextFlush = due
            }
        }
    }

    /// The unschedulable pods in order of arrival; drops the void tickets.
    private mutating func waiting() -> [QueuedPod] {
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

    // MARK: - Changes of the cluster

    /// Puts back in line the pods that `change` may have made schedulable.
    mutating func moveAll(after change: ClusterChange, now: Instant, only filter: (QueuedPod) -> Bool = { _ in true }) {
        if counts.unschedulable == 0 {
            unschedulable.removeAll(keepingCapacity: true)
            unschedulableRejectors = 0
            holdsUnrejected = false
            return
        }
        let masks = profiles.map { $0.interest(in: change) }
        let interest = masks.reduce(0, |)
        guard interest != 0, interest & unschedulableRejectors != 0 || holdsUnrejected else { return }
        for pod in waiting() where filter(pod) { move(pod, after: change, mask: masks[pod.profile], now: now) }
    }

    private mutating func move(_ pod: QueuedPod, after change: ClusterChange, mask: UInt64, now: Instant) {
        if pod.isGated && pod.gate & mask == 0 { return }
        guard isWorthIt(pod, after: change, mask: mask) else { return }
        requeue(pod, now: now)
    }

    private func isWorthIt(_ pod: QueuedPod, after change: ClusterChange, mask: UInt64) -> Bool {
        if pod.rejectors == 0 { return true }
        var relevant = pod.rejectors & mask
        let rejectors = profiles[pod.profile].rejectors
        while relevant != 0 {
            let index = relevant.trailingZeroBitCount
            relevant &= relevant - 1
            if let plugin = rejectors[index].hinting, plugin.hint(pod.info, after: change) == .queue { return true }
        }
        return false
    }

    /// Takes over a newer version of a waiting pod; `changes` say what is new about it.
    mutating func update(_ info: PodInfo, changes: [ClusterChange], now: Instant) {
        guard var pod = pods[info.uid] else { return }
        let old = pod
        pod.info = info
        pods[info.uid] = pod
        switch pod.place {
        case .inFlight: break
        case .active, .backoff:
            // A new priority needs a new place in the line.
            guard old.info.priority != info.priority else { break }
            if pod.place == .active { activate(pod) } else { requeue(pod, now: now) }
        case .unschedulable:
            for change in changes {
                let mask = profiles[pod.profile].interest(in: change)
                guard isWorthIt(pod, after: change, mask: mask) else { continue }
                requeue(pod, now: now)
                if let moved = pods[info.uid], moved.place != .unschedulable { break }
            }
        }
    }
}
