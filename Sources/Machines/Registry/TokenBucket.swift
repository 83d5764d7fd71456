import Chronology

/// A rate limit that saves up unused leave to a bound (`flowcontrol.NewTokenBucketRateLimiter`).
struct TokenBucket: Sendable {
    /// Tokens per second; 0 for no limit.
    let rate: Int64
    let burst: Int64
    /// In billionths of a token.
    private var level: Int64
    private var updated = Instant.start

    init(rate: Int64, burst: Int64) {
        self.rate = rate
        self.burst = max(1, burst)
        level = self.burst * 1_000_000_000
    }

    /// Takes a token if there is one.
    mutating func take(at now: Instant) -> Bool {
        guard rate > 0 else { return true }
        let full = burst * 1_000_000_000
        // A full bucket needs no more than this long; longer rests would overflow.
        let rest = min((now - updated).nanoseconds, full / rate + 1)
        level = min(full, level + rest * rate)
        updated = now
        guard level >= 1_000_000_000 else { return false }
        level -= 1_000_000_000
        return true
    }
}
