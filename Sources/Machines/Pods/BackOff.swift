import Chronology

/// The growing wait between attempts at one thing.
struct BackOff: Hashable, Sendable {
    /// The wait after the latest attempt.
    private(set) var wait = Duration.zero
    /// When the latest attempt was made.
    private(set) var since = Instant.start

    /// Notes an attempt at `now`: the next wait is twice the last one, within bounds.
    mutating func attempted(at now: Instant, initial: Duration, max limit: Duration) {
        wait = min(wait == .zero ? initial : wait * 2, limit)
        since = now
    }

    /// Takes over a back-off of which `attempts` were made, the latest at `latest`.
    static func resumed(attempts: Int32, latest: Instant, initial: Duration, max limit: Duration) -> BackOff {
        var resumed = BackOff()
        // After a few dozen doublings the wait is at its limit, whatever that is.
        for _ in 0..<min(max(0, attempts), 64) { resumed.attempted(at: latest, initial: initial, max: limit) }
        return resumed
    }

    /// When the next attempt may be made after one that ended at `event`: the back-off is forgotten `reset` after its
    /// latest attempt, which ends the wait as well.
    func end(after event: Instant, reset: Duration) -> Instant { min(event + wait, max(event, since + reset)) }

    /// Forgets the past when the latest attempt lies `reset` back, as the kubelet clears its list every other second.
    mutating func collect(at now: Instant, reset: Duration) {
        if wait != .zero, now - since >= reset { wait = .zero }
    }

    /// Forgets the past when the latest attempt lies further than `reset` before `event`.
    mutating func expire(event: Instant, reset: Duration) {
        if wait != .zero, event - since > reset { wait = .zero }
    }
}
