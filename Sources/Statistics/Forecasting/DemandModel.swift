/// A way to forecast, learned from the past and then led through the steps one by one.
package protocol DemandModel: Sendable {
    /// The state before the first step, with parameters learned from the series; nil when the series is too short.
    ///
    /// The values are those of the model's own scale.
    func learned(from series: DemandSeries) -> (any DemandState)?

    /// How many numbers are learned from the series, where it begins included: what a good fit costs.
    func parameters(for series: DemandSeries) -> Int
}

/// A model at one point of the series; a value, so that a copy looks ahead.
package protocol DemandState: Sendable {
    /// Takes in the next value (NaN: it is missing); returns how far the forecast for it was off, NaN when there was none.
    mutating func observe(_ value: Double) -> Double

    /// Makes ready to look ahead: called once on a copy, after the last value seen.
    mutating func prepare()

    /// Goes one step ahead, to the forecast plus an innovation, and returns the value reached.
    mutating func advance(by innovation: Double) -> Double
}

extension DemandState {
    package mutating func prepare() {}

    /// Returns the next values without innovations.
    package func forecast(_ horizon: Int) -> [Double] {
        var copy = self
        copy.prepare()
        return (0..<horizon).map { _ in copy.advance(by: 0) }
    }
}
