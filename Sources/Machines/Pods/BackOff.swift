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

    /// Takes over a back-off of which `attempts` were made, the latest at `latest`.
    static func resumed(attempts: Int32, latest: Instant, initial: Duration, max limit: Duration) -> BackOff {
        var resumed = BackOff()
        // After a few dozen doublings the wait is at its limit, whatever that is.
        for _ in 0..<min(max(0, attempts), 64) { resumed.attempted(at: latest, initial: initial, max: limit) }
        return resumed
    }

    /// Forgets the past when the latest attempt lies further than `reset` before `event`.
    mutating func expire(event: Instant, reset: Duration) {
        if wait != .zero, event - since > reset { wait = .zero }
    }
}
