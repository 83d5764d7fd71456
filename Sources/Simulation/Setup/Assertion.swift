/// A bound that a metric of the finished run must keep.
package struct Assertion: Hashable, Sendable {
    package enum Comparison: String, Hashable, Sendable, CaseIterable {
        case atMost = "<="
        case atLeast = ">="
        case equal = "=="
        case less = "<"
        case greater = ">"
    }

    /// A name out of the run's metrics, such as `pods.pending` or `cost.total`.
    package var metric: String
    package var comparison: Comparison
    /// In the metric's own whole units (nano-dollars for money, nanoseconds for time).
    package var bound: Int64
    /// The bound as the scenario wrote it.
    package var text: String

    package init(metric: String, comparison: Comparison, bound: Int64, text: String) {
        self.metric = metric
        self.comparison = comparison
        self.bound = bound
        self.text = text
    }
}
