import Chronology

/// A client's token bucket (client-go's `flowcontrol.NewTokenBucketRateLimiter`), by reservation and without drift.
struct RateLimiter: Sendable {
    private let step: Duration
    private let burst: Int64
    // The time at which the bucket would be full again.
    private var full = Instant(nanoseconds: Int64.min / 4)

    /// Creates a full bucket of `burst` tokens that refills with `qps` tokens a second; 0 means no limit.
    init(qps: Int64, burst: Int64) {
        step = qps > 0 ? Duration(nanoseconds: 1_000_000_000 / qps) : .zero
        self.burst = max(burst, 1)
    }

    /// Takes a token and returns the earliest time, not before `now`, at which the request may go.
    mutating func reserve(now: Instant) -> Instant {
        guard step > .zero else { return now }
        if full < now { full = now }
        full = full + step
        let ready = full - step * burst
        return ready > now ? ready : now
    }
}
