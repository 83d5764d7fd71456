package import Chronology

/// When an export looks at the cluster.
package struct ExportPlan: Hashable, Sendable {
    package let from: Instant
    /// The last look is not after it.
    package let to: Instant
    package let step: Duration

    /// Creates a plan; `step` is above zero, and `to` not before `from`.
    package init(from: Instant, to: Instant, step: Duration) {
        precondition(step > .zero && to >= from, "a plan needs a step and a window")
        self.from = from
        self.to = to
        self.step = step
    }

    /// How many looks there are.
    package var count: Int64 { (to - from).nanoseconds / step.nanoseconds + 1 }

    /// The time of a look, from 0.
    func look(_ number: Int64) -> Instant { from + step * number }

    /// The number of the first look that is not before an instant.
    func number(notBefore nanoseconds: Int64) -> Int64 {
        let since = max(0, nanoseconds - from.nanoseconds)
        return (since + step.nanoseconds - 1) / step.nanoseconds
    }
}
