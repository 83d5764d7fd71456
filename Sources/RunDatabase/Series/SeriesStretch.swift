/// A stretch of time in which one series of a metric has a value, or grows evenly.
package struct SeriesStretch: Hashable, Sendable {
    /// The labels of the series as they are written between braces.
    package var labels: String
    /// In nanoseconds since the start of the run.
    package var from: Int64
    /// In nanoseconds since the start of the run; not among them.
    package var to: Int64
    /// At the beginning.
    package var value: Double
    /// What is added in a second.
    package var slope: Double

    package init(labels: String, from: Int64, to: Int64, value: Double, slope: Double = 0) {
        self.labels = labels
        self.from = from
        self.to = to
        self.value = value
        self.slope = slope
    }
}
