/// Values that were measured, each with a weight; drawn as they are, without interpolation.
package struct EmpiricalTable: Hashable, Sendable {
    /// The values in ascending order, in seconds.
    package let values: [Double]
    /// For each value, the weight of it and of all values before it; ascending and above zero.
    package let cumulativeWeights: [Double]

    /// Creates a table of values of any order; nil when it is empty or a number is negative or not finite.
    ///
    /// Values of weight zero are left out, and at least one must be left.
    package init?(values: [Double], weights: [Double]) {
        guard values.count == weights.count,
            values.allSatisfy({ $0.isFinite && $0 >= 0 }), weights.allSatisfy({ $0.isFinite && $0 >= 0 })
        else { return nil }
        let rows = zip(values, weights).filter { $0.1 > 0 }.sorted { $0 < $1 }
        var total = 0.0
        self.values = rows.map(\.0)
        cumulativeWeights = rows.map { row in
            total += row.1
            return total
        }
        guard total > 0, total.isFinite else { return nil }
    }

    /// Creates a table of equally likely values; nil when it is empty or one is negative or not finite.
    package init?(values: [Double]) {
        self.init(values: values, weights: Array(repeating: 1, count: values.count))
    }

    /// Returns the value below which the share (0 ..< 1) of the weight lies.
    func value(atShare share: Double) -> Double {
        let target = share * total
        var low = 0
        var high = values.count - 1
        while low < high {
            let middle = (low + high) / 2
            if cumulativeWeights[middle] > target { high = middle } else { low = middle + 1 }
        }
        return values[low]
    }

    private var total: Double { cumulativeWeights.last ?? 0 }

    /// The weighted mean in seconds.
    package var mean: Double {
        var sum = 0.0
        var before = 0.0
        for (value, weight) in zip(values, cumulativeWeights) {
            sum += value * (weight - before)
            before = weight
        }
        return sum / total
    }
}
