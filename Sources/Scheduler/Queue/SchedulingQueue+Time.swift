import Chronology
import KubernetesAPI
import SchedulingFramework

// Kubernetes counterpart: backend/queue/backoff_queue.go, flushUnschedulablePodsLeftover (v1.36).

extension SchedulingQueue {
    private static var window: Duration { .seconds(1) }
    private static var flushPeriod: Duration { .seconds(30) }

    // MARK: - Back-off

    /// When the pod's back-off is over as upstream counts it, or nil when it has none.
    ///
    /// Refusals count for good; errors in a row count instead as long as the last attempt ended in one.
    private func backoffExpiry(_ pod: QueuedPod) -> Instant? {
        let failures = pod.errorCount > 0 ? pod.errorCount : pod.unschedulableCount
        guard failures > 0, settings.podMaxBackoff > .zero else { return nil }
        let shift = Int64(min(failures - 1, 62))
        let initial = settings.podInitialBackoff
        let length =
            initial.nanoseconds > settings.podMaxBackoff.nanoseconds >> shift
            ? settings.podMaxBackoff : Duration(nanoseconds: initial.nanoseconds << shift)
        let end = pod.timestamp + length
        return settings.popsFromBackoff ? end.wholeSecond : end
    }

    /// When the pod leaves the back-off queue: upstream looks once a second, on whole seconds, and takes those whose
    /// end lies before.
    func backoffEnd(_ pod: QueuedPod) -> Instant? { backoffExpiry(pod).map { $0.wholeSecond + Self.window } }

    /// Whether the pod has to wait (`isPodBackingoff`); at the very end it still does.
    func isBackingOff(_ pod: QueuedPod, now: Instant) -> Bool {
        guard let expiry = backoffExpiry(pod) else { return false }
        return expiry >= (settings.popsFromBackoff ? now.wholeSecond : now)
    }

    // MARK: - Clock

    /// When something happens by itself: a back-off ends, or an unschedulable pod has lain too long.
    mutating func nextWakeup() -> Instant? {
        var next = nextFlush
        // Asked after every change: both lines are empty most of the time.
        if backoff.count > 0, let due = Self.peek(&backoff, pods, .backoff)?.0.due {
            next = min(next ?? .never, Instant(nanoseconds: due))
        }
        if errorBackoff.count > 0, let due = Self.peek(&errorBackoff, pods, .backoff)?.0.due {
            next = min(next ?? .never, Instant(nanoseconds: due))
        }
        return next
    }

    mutating func advance(to now: Instant) {
        while backoff.count > 0, let (entry, pod) = Self.peek(&backoff, pods, .backoff), entry.due <= now.nanoseconds {
            backoff.pop()
            activate(pod, checksGate: !settings.popsFromBackoff)
        }
        while errorBackoff.count > 0, let (entry, pod) = Self.peek(&errorBackoff, pods, .backoff),
            entry.due <= now.nanoseconds
        {
            errorBackoff.pop()
            activate(pod, checksGate: !settings.popsFromBackoff)
        }
        if let due = nextFlush, due <= now { flush(now) }
    }

    // MARK: - Flush

    /// The first of the half-minute rounds at which the pod has lain for longer than allowed.
    func flushDue(_ pod: QueuedPod) -> Instant {
        let age = (pod.timestamp + settings.podMaxInUnschedulable) - start
        let period = Self.flushPeriod.nanoseconds
        return start + Duration(nanoseconds: (max(0, age.nanoseconds) / period + 1) * period)
    }

    /// Tries again whoever has lain too long; pods that a plugin keeps out stay.
    private mutating func flush(_ now: Instant) {
        nextFlush = nil
        for pod in waiting() where !pod.isGated {
            let due = flushDue(pod)
            if due <= now {
                requeue(pod, .afterBackoff, now: now)
            } else if nextFlush.map({ due < $0 }) ?? true {
                nextFlush = due
            }
        }
    }
}
