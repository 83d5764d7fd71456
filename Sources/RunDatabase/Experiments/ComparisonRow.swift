/// What is shown of one metric of one variant, against the baseline; values are in the metric's unit.
package struct ComparisonRow: Hashable, Sendable {
    /// What the differences show.
    package enum Finding: String, Hashable, Sendable, CaseIterable {
        /// It is what the others are compared with.
        case baseline
        case lower, higher
        /// No difference is shown.
        case nothing
        /// There are not two seeds that both ran with.
        case unknown
    }

    /// The ends of an interval.
    package struct Ends: Hashable, Sendable {
        package var low: Double
        package var high: Double

        /// Creates an interval.
        package init(low: Double, high: Double) {
            self.low = low
            self.high = high
        }
    }

    /// The number of the variant, from 1.
    package var variant: Int
    package var metric: String
    package var unit: String
    /// `cost`, `disruption` or `latency` for what the Pareto table weighs, else empty.
    package var role: String
    /// Seeds that both the variant and the baseline ran with.
    package var pairs = 0
    /// nil when no run told it.
    package var mean: Double?
    /// The mean difference to the baseline, seed by seed; nil for the baseline and below two pairs.
    package var difference: Double?
    /// The Student t interval of the difference.
    package var interval: Ends?
    /// The bootstrap interval of the difference.
    package var bootstrap: Ends?
    /// The two-sided p-value of the paired t test.
    package var p: Double?
    /// The same, corrected for the number of comparisons.
    package var adjusted: Double?
    package var finding = Finding.unknown
    /// Streams of tie-breaks of each seed; 0 when ties were left to the scenario.
    package var ties = 0
    /// Those that alone put zero outside of the interval, on the side of the difference.
    package var tiesAgreeing = 0

    /// Creates a row that says nothing yet.
    package init(variant: Int, metric: String, unit: String, role: String) {
        self.variant = variant
        self.metric = metric
        self.unit = unit
        self.role = role
    }
}
