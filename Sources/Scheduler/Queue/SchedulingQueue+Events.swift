import Chronology
import KubernetesAPI
import SchedulingFramework

// Kubernetes counterpart: isPodWorthRequeuing, determineSchedulingHintForInFlightPod, movePodsToActiveOrBackoffQueue,
// Update in backend/queue/scheduling_queue.go (v1.36).

/// Where a pod goes after a change.
enum QueueingStrategy: UInt8 {
    case skip
    /// To the active queue once its back-off is over.
    case afterBackoff
    /// To the active queue at once: the plugin only waited for this.
    case immediately
}

extension SchedulingQueue {
    /// Whether anybody may want to hear of a change.
    mutating func listens() -> Bool {
        if counts.unschedulable > 0 || !inFlight.isEmpty { return true }
        forgetUnschedulable()
        return false
    }

    /// Puts back in line the pods that `change` may have made schedulable.
    mutating func moveAll(after change: ClusterChange, now: Instant, only filter: (QueuedPod) -> Bool = { _ in true }) {
        if counts.unschedulable == 0 {
            forgetUnschedulable()
            if inFlight.isEmpty { return }
        }
        let masks = profiles.map { $0.interest(in: change) }
        let interest = masks.reduce(0, |)
        guard interest != 0 else { return }
        if counts.unschedulable > 0, interest & unschedulableRejectors != 0 || holdsUnrejected {
            for pod in waiting() where filter(pod) { move(pod, after: change, mask: masks[pod.profile], now: now) }
        }
        inFlight.record(change)
    }

    private mutating func move(_ pod: QueuedPod, after change: ClusterChange, mask: UInt64, now: Instant) {
        if pod.isGated && pod.gate & mask == 0 { return }
        let strategy = strategy(for: pod, after: change, mask: mask)
        if strategy != .skip { requeue(pod, strategy, now: now) }
    }

    /// Asks the plugins that refused the pod whether `change` is worth another attempt.
    func strategy(for pod: QueuedPod, after change: ClusterChange, mask: UInt64) -> QueueingStrategy {
        if pod.rejectors == 0 { return .afterBackoff }
        let rejectors = profiles[pod.profile].rejectors
        func wants(_ bits: UInt64) -> Bool {
            var relevant = bits & mask
            while relevant != 0 {
                let index = relevant.trailingZeroBitCount
                relevant &= relevant - 1
                if rejectors[index].hint(pod.info, after: change) == .queue { return true }
            }
            return false
        }
        if wants(pod.rejectors & pod.pending) { return .immediately }
        return wants(pod.rejectors & ~pod.pending) ? .afterBackoff : .skip
    }

    /// The same for everything that happened while the pod was in flight.
    func strategy(for pod: QueuedPod, after changes: ArraySlice<ClusterChange>) -> QueueingStrategy {
        var best = QueueingStrategy.skip
        for change in changes {
            let mask = profiles[pod.profile].interest(in: change)
            switch strategy(for: pod, after: change, mask: mask) {
            case .skip: continue
            case .immediately: return .immediately
            case .afterBackoff:
                best = .afterBackoff
                if pod.pending == 0 { return best }
            }
        }
        return best
    }

    /// Takes over a newer version of a waiting pod; `changes` say what is new about it.
    mutating func update(_ info: PodInfo, changes: [ClusterChange], now: Instant) {
        guard let old = pods[info.uid] else { return }
        replace(info)
        switch old.place {
        case .inFlight: break
        case .active, .backoff: if old.info.priority != info.priority { reorder(info.uid) }
        case .unschedulable:
            for change in changes {
                guard let pod = pods[info.uid], pod.place == .unschedulable else { break }
                let mask = profiles[pod.profile].interest(in: change)
                let strategy = strategy(for: pod, after: change, mask: mask)
                if strategy != .skip { requeue(pod, strategy, now: now) }
            }
        }
    }
}
