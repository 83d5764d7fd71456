import Chronology

// Kubernetes counterpart: utils/backoff/exponential_backoff.go.

/// The pause of a group whose last machines did not come.
struct GroupBackoff: Sendable {
    private(set) var until: Instant
    private var duration: Duration
    private var lastFailure: Instant

    /// Notes a failure at `now`; each pause is twice the one before, unless there was no failure for long.
    static func afterFailure(
        _ previous: GroupBackoff?, _ parameters: ClusterAutoscaler.Parameters, now: Instant
    ) -> GroupBackoff {
        guard let previous, previous.lastFailure + parameters.backoffReset >= now else {
            return GroupBackoff(
                until: now + parameters.initialBackoff, duration: parameters.initialBackoff, lastFailure: now)
        }
        // Several machines of one request fail together: the pause begins anew and grows no longer.
        let isPausing = previous.until >= now
        let duration = isPausing ? previous.duration : min(previous.duration * 2, parameters.maxBackoff)
        return GroupBackoff(until: now + duration, duration: duration, lastFailure: now)
    }
}
