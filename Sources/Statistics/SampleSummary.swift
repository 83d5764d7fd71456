/// The count, mean, spread and extremes of numbers that are seen once and not kept (Welford's method).
package struct SampleSummary: Hashable, Sendable {
    /// How many numbers were added.
    package private(set) var count = 0
    /// The mean of the numbers; 0 when there are none.
    package private(set) var mean = 0.0
    /// The smallest number; positive infinity when there are none.
    package private(set) var minimum = Double.infinity
    /// The largest number; negative infinity when there are none.
    package private(set) var maximum = -Double.infinity
    /// The sum of the squared distances from the mean.
    private var squares = 0.0

    /// Creates the summary of no numbers.
    package init() {}

    /// Creates the summary of `sample`.
    package init(_ sample: [Double]) {
        for value in sample { add(value) }
    }

    /// Adds a number.
    package mutating func add(_ value: Double) {
        count += 1
        let distance = value - mean
        mean += distance / Double(count)
        squares += distance * (value - mean)
        minimum = min(minimum, value)
        maximum = max(maximum, value)
    }

    /// Adds all numbers that another summary has seen.
    package mutating func add(_ other: SampleSummary) {
        guard other.count > 0 else { return }
        let total = Double(count + other.count)
        let distance = other.mean - mean
        squares += other.squares + distance * distance * Double(count) * Double(other.count) / total
        mean += distance * Double(other.count) / total
        count += other.count
        minimum = min(minimum, other.minimum)
        maximum = max(maximum, other.maximum)
    }

    /// The unbiased estimate of the variance; nil for fewer than two numbers.
    package var variance: Double? { count < 2 ? nil : squares / Double(count - 1) }

    /// The square root of the variance; nil for fewer than two numbers.
    package var deviation: Double? { variance.map { $0.squareRoot() } }

    /// The standard error of the mean; nil for fewer than two numbers.
    package var standardError: Double? { variance.map { ($0 / Double(count)).squareRoot() } }
}
