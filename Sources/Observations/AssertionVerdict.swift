package import Chronology

/// What a run has to say to an assertion.
package struct AssertionVerdict: Hashable, Sendable {
    package var assertion: Assertion
    /// The figure; nil when there is none.
    package var seen: Assertion.Value?
    /// The part of the run that was looked at; nil for all of it.
    package var window: (from: Instant, to: Instant)? { span.map { ($0.lowerBound, $0.upperBound) } }
    /// Why there is no figure, in words; nil when there is one.
    package var problem: String?
    /// Whether the bound was kept.
    package var held: Bool

    private var span: ClosedRange<Instant>?

    /// Creates the verdict about a figure.
    package init(_ assertion: Assertion, seen: Assertion.Value, from: Instant? = nil, to: Instant? = nil) {
        self.assertion = assertion
        self.seen = seen
        held = assertion.isKept(by: seen)
        if let from, let to, from <= to { span = from...to }
    }

    /// Creates the verdict when there is no figure; the assertion does not hold.
    package init(_ assertion: Assertion, problem: String, from: Instant? = nil, to: Instant? = nil) {
        self.assertion = assertion
        self.problem = problem
        held = false
        if let from, let to, from <= to { span = from...to }
    }

    /// What was seen, for people.
    package var actual: String { seen.map { assertion.unit.text($0) } ?? problem ?? "nothing" }

    /// What the database keeps of it.
    package var row: AssertionRow {
        AssertionRow(name: assertion.name, expected: assertion.expectation, actual: actual, held: held)
    }

    /// By how much the bound was missed, for people; nil when it was kept or cannot be said.
    package var excess: String? {
        guard let seen, let bound = assertion.missedBound(by: seen) else { return nil }
        if case .text = seen { return nil }
        let difference: Assertion.Value
        if case .whole(let left) = seen, case .whole(let right) = bound {
            let (gap, isBeyond) = left.subtractingReportingOverflow(right)
            if isBeyond { return nil }
            difference = .whole(gap == Int64.min ? Int64.max : abs(gap))
        } else {
            difference = .real((seen.number - bound.number).magnitude)
        }
        let (high, low) = (seen.number, bound.number)
        if high == low { return "on the bound" }
        let side = high > low ? "more" : "less"
        let share = low != 0 ? ", \(Self.percent((high - low) / low.magnitude))" : ""
        return "\(assertion.unit.text(difference)) \(side)\(share)"
    }

    private static func percent(_ share: Double) -> String {
        let tenths = (share * 1_000).rounded()
        guard tenths.magnitude < 1e15 else { return "far off" }
        let whole = Int64(tenths)
        return "\(whole < 0 ? "-" : "+")\(whole.magnitude / 10).\(whole.magnitude % 10) %"
    }
}
