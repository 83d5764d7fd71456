import Chronology

/// The growing wait between attempts at one thing.
struct BackOff: Hashable, Sendable {
    /// The wait after the latest attempt.
    private(set) var wait = Duration.zero
    /// When the latest attempt was made.
    private(set) var since = Instant.start

    /// Notes an attempt at `now`: the next wait is twice the last one, within bounds.
    mutating func attempted(at now: Instant, initial: Duration, max limit: Duration) {
        wait = wait == .zero ? initial : min(wait * 2, limit)
        since = now
    }

    /// Forgets the past when the latest attempt lies further than `reset` before `event`.
    mutating func expire(event: Instant, reset: Duration) {
        if wait != .zero, event - since > reset { wait = .zero }
    }
}
