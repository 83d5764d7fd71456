package import Chronology

/// The bill of one machine as it grows, with a price that may change.
///
/// Time that has been billed ahead (a begun second, the minimum) stays at the price at which it was begun: a new price
/// takes effect when that time is used up. So the bill never shrinks, and never falls below the cost of the time that
/// has passed.
package struct RunningBill: Hashable, Sendable {
    /// The rule by which time is billed.
    package let rule: BillingRule
    /// When the machine began to be billed.
    package let start: Instant
    /// The price an hour that was set last.
    package private(set) var hourly: NanoDollars
    /// From when on `hourly` is charged; in the future when time is billed ahead.
    package private(set) var effective: Instant
    /// What lies before `effective`, in (nano-dollars an hour) x nanoseconds.
    private var base: Int128 = 0

    /// Opens the bill of a machine that starts at `start`; the price must not be negative.
    package init(rule: BillingRule, hourly: NanoDollars, start: Instant) {
        precondition(hourly >= .zero, "the price of a machine must not be negative")
        self.rule = rule
        self.start = start
        self.hourly = hourly
        self.effective = start
    }

    /// Sets the price for the time that is not billed yet at `now`, and returns from when on it is charged.
    @discardableResult
    package mutating func setPrice(_ hourly: NanoDollars, at now: Instant) -> Instant {
        precondition(hourly >= .zero, "the price of a machine must not be negative")
        let end = billedEnd(at: now)
        base += Int128(self.hourly.amount) * Int128((end - effective).nanoseconds)
        self.hourly = hourly
        effective = end
        return end
    }

    /// Returns the whole bill of a machine that stops at `now`, or its bill so far; rounded once, halves to even.
    package func total(at now: Instant) -> NanoDollars {
        NanoDollars.hourShare(base + Int128(hourly.amount) * Int128((billedEnd(at: now) - effective).nanoseconds))
    }

    private func billedEnd(at now: Instant) -> Instant { max(effective, start + rule.billed(now - start)) }
}
