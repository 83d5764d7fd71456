import Chronology

/// A number that changes in steps, and its exact integral over time.
struct TimeIntegral {
    private(set) var value: Int64 = 0
    private var since = Instant.start
    private var area: Int128 = 0

    /// Changes the number at `now`.
    mutating func add(_ change: Int64, at now: Instant) {
        advance(to: now)
        value += change
    }

    /// Sets the number at `now`.
    mutating func set(_ next: Int64, at now: Instant) {
        advance(to: now)
        value = next
    }

    /// Returns the integral since the last call: the number times nanoseconds.
    mutating func takeArea(to now: Instant) -> Int128 {
        advance(to: now)
        defer { area = 0 }
        return area
    }

    /// Returns the mean since the last call, over the time `from` to `now`, rounded down.
    mutating func takeMean(from: Instant, to now: Instant) -> Int64 {
        let area = takeArea(to: now)
        let length = Int128((now - from).nanoseconds)
        return length > 0 ? Int64(area / length) : value
    }

    private mutating func advance(to now: Instant) {
        area += Int128(value) * Int128((now - since).nanoseconds)
        since = now
    }
}
