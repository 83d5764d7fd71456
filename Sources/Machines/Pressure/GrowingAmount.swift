package import Chronology

/// An amount of bytes that grows evenly: what a container holds of memory or disk between two changes of its usage.
package struct GrowingAmount: Hashable, Sendable {
    /// Bytes without what has grown.
    package var base: Int64
    /// Bytes that are added in each `period`; 0 for an amount that stays.
    package var growth: Int64
    /// Above zero.
    package var period: Duration
    /// From when on it grows.
    package var since: Instant

    /// Creates an amount; without a growth it stays as it is.
    package init(base: Int64, growth: Int64 = 0, per period: Duration = .hours(1), since: Instant = .start) {
        precondition(base >= 0 && growth >= 0 && period > .zero, "an amount grows from zero on, and never shrinks")
        self.base = base
        self.growth = growth
        self.period = period
        self.since = since
    }

    /// Nothing, for ever.
    package static let zero = GrowingAmount(base: 0)

    /// Returns the amount at an instant, in whole bytes rounded down.
    package func value(at instant: Instant) -> Int64 {
        guard growth > 0, instant > since else { return base }
        let elapsed = Int128(instant.nanoseconds) - Int128(since.nanoseconds)
        return Int64(clamping: Int128(base) + Int128(growth) * elapsed / Int128(period.nanoseconds))
    }

    /// Returns the first instant, not before `earliest`, at which the amount is at least `bound`; nil for never.
    package func reaches(_ bound: Int64, notBefore earliest: Instant) -> Instant? {
        if value(at: earliest) >= bound { return earliest }
        guard growth > 0 else { return nil }
        let missing = Int128(bound) - Int128(base)
        let wait = (missing * Int128(period.nanoseconds) + Int128(growth) - 1) / Int128(growth)
        let instant = Int128(since.nanoseconds) + wait
        guard instant < Int128(Instant.never.nanoseconds) else { return nil }
        return max(earliest, Instant(nanoseconds: Int64(instant)))
    }
}

/// Searches over sums of growing amounts, which have no closed form of their own because of the rounding.
enum GrowthSearch {
    /// Beyond this nobody looks: no run is as long.
    private static let horizon = Duration.days(3_660)

    /// Returns the first instant, not before `earliest`, at which a sum that never falls is at least `bound`.
    static func first(atLeast bound: Int64, notBefore earliest: Instant, of sum: (Instant) -> Int64) -> Instant? {
        if sum(earliest) >= bound { return earliest }
        var low = earliest
        var step = Duration.seconds(1)
        var high = earliest + step
        while sum(high) < bound {
            guard step < horizon else { return nil }
            low = high
            step = step * 2
            high = earliest + step
        }
        while high.nanoseconds - low.nanoseconds > 1 {
            let middle = Instant(nanoseconds: low.nanoseconds + (high.nanoseconds - low.nanoseconds) / 2)
            if sum(middle) < bound { low = middle } else { high = middle }
        }
        return high
    }
}
