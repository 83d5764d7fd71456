/// The mean of what several methods foretell.
///
/// Where no value is below zero it is that of the logarithms, as what demand does is mostly a matter of factors: one method
/// that runs away upwards moves the geometric mean less than the arithmetic one, and half of what comes lies above it.
struct MemberMean: Sendable {
    let weights: [Double]
    let transform: DemandTransform

    /// The share of the series' mean that is added before the logarithm: near zero a factor says nothing.
    private static let offset = 0.05

    init(_ weights: [Double], _ series: DemandSeries) {
        self.weights = weights
        let known = series.values.filter { !$0.isNaN }
        let mean = known.reduce(0, +) / Double(max(1, known.count))
        // The mean of one method is that method.
        let isFactor = weights.count > 1 && series.isPositive && mean > 0
        transform = isFactor ? .logarithm(offset: Self.offset * mean) : .plain
    }

    /// Returns the mean at each step; one row for each method.
    func callAsFunction(_ rows: [[Double]]) -> [Double] {
        rows[0].indices.map { step in
            var sum = 0.0
            for (row, weight) in zip(rows, weights) { sum += weight * transform.forward(row[step]) }
            return transform.backward(sum)
        }
    }
}
