package import Chronology

/// How a provider turns the time that a machine runs into time that is billed.
package struct BillingRule: Hashable, Sendable {
    /// The least that is billed for any machine.
    package let minimum: Duration
    /// The unit in which time is counted; a begun unit counts whole.
    package let granularity: Duration

    /// Creates a rule; `minimum` must not be negative and `granularity` must be positive.
    package init(minimum: Duration, granularity: Duration) {
        precondition(minimum >= .zero && granularity > .zero, "a billing rule needs sensible lengths of time")
        self.minimum = minimum
        self.granularity = granularity
    }

    /// Begun seconds, one minute at least: Linux machines at Amazon and Google.
    package static let perSecond = BillingRule(minimum: .seconds(60), granularity: .seconds(1))

    /// Begun hours.
    package static let perHour = BillingRule(minimum: .zero, granularity: .hours(1))

    /// Exactly the time that passed, as fees and volumes are modelled.
    package static let exact = BillingRule(minimum: .zero, granularity: Duration(nanoseconds: 1))

    /// Returns the time that is billed for a machine that has run for `elapsed`; at least `elapsed`.
    package func billed(_ elapsed: Duration) -> Duration {
        precondition(elapsed >= .zero, "a machine cannot stop before it starts")
        let unit = granularity.nanoseconds
        let (whole, rest) = elapsed.nanoseconds.quotientAndRemainder(dividingBy: unit)
        return max(minimum, Duration(nanoseconds: (whole + (rest > 0 ? 1 : 0)) * unit))
    }

    /// Returns the charge for a machine that ran from `start` to `end` at `hourly`, rounded once, halves to even.
    package func charge(hourly: NanoDollars, from start: Instant, to end: Instant) -> NanoDollars {
        hourly.perHour(over: billed(end - start))
    }

    /// Returns the part of the charge of a machine running since `start` that falls between two instants.
    ///
    /// It is the charge up to `end` less the charge up to `begin`, so that consecutive slices sum exactly to the whole;
    /// what `begin == start` has already caused (the minimum) belongs to the first slice.
    package func charge(
        hourly: NanoDollars, start: Instant, slice begin: Instant, to end: Instant
    ) -> NanoDollars {
        precondition(start <= begin && begin <= end, "a slice lies within the life of its machine")
        let before = begin == start ? .zero : charge(hourly: hourly, from: start, to: begin)
        return charge(hourly: hourly, from: start, to: end) - before
    }
}
