/// What one run shows, by how much work has arrived: 0 to 130 percent of the cluster's devices.
package struct FragmentationSeries: Hashable, Sendable {
    /// The last column of the tables.
    package static let percentMax = 130

    /// Percent of all devices in use.
    package private(set) var allocation: [Double] = []
    /// Percent of all devices that are fragments.
    package private(set) var fragment: [Double] = []
    /// Percent of what is left of the devices that is fragments.
    package private(set) var fragmentRatio: [Double] = []

    /// How many figures there are of each percent.
    static let columnCount = 3

    /// All figures, for whoever sends them on.
    var columns: [[Double]] { [allocation, fragment, fragmentRatio] }

    init() {}

    /// Creates the series of which `columns` was read.
    init(columns: [[Double]]) {
        precondition(columns.count == Self.columnCount, "a series has \(Self.columnCount) columns")
        allocation = columns[0]
        fragment = columns[1]
        fragmentRatio = columns[2]
    }

    /// Adds up what is logged after every arrival.
    struct Recorder {
        private struct Column {
            var allocations: [Double] = []
            var fragments: [Double] = []
            var ratios: [Double] = []

            mutating func append(_ other: Column) {
                allocations += other.allocations
                fragments += other.fragments
                ratios += other.ratios
            }
        }

        private let gpus: Double
        // One more, since a column without events of its own takes its neighbours'.
        private var columns: [Column] = Array(repeating: Column(), count: FragmentationSeries.percentMax + 2)

        /// Creates a recorder for a cluster with so many devices.
        init(gpus: Int64) { self.gpus = Double(gpus) }

        /// Takes in the state after one arrival; all amounts in thousandths of a device.
        mutating func record(arrived: Int64, used: Int64, fragment: Double, left: Int64) {
            let column = Int((Double(arrived) / gpus / 10).rounded(.toNearestOrEven))
            guard column < columns.count else { return }
            columns[column].allocations.append(rounded(100 * Double(used) / (gpus * 1000)))
            columns[column].fragments.append(rounded(fragment))
            columns[column].ratios.append(left > 0 ? rounded(100 * fragment / Double(left)) : 0)
        }

        /// Returns the columns; one that even its neighbours leave empty is NaN.
        func series() -> FragmentationSeries {
            var series = FragmentationSeries()
            for place in 0...FragmentationSeries.percentMax {
                var column = columns[place]
                if column.ratios.isEmpty {
                    for near in max(0, place - 1)...place + 1 { column.append(columns[near]) }
                }
                series.allocation.append(rounded(mean(column.allocations)))
                series.fragment.append(rounded(mean(column.fragments) * 100 / 1000 / gpus))
                series.fragmentRatio.append(mean(column.ratios))
            }
            return series
        }
    }
}

/// Returns `value` with two decimals.
private func rounded(_ value: Double) -> Double { (value * 100).rounded(.toNearestOrEven) / 100 }

/// Returns the mean of `values`; NaN when there are none.
private func mean(_ values: [Double]) -> Double { sum(values[...]) / Double(values.count) }

/// Returns the sum, added in eight strands and by halves as numpy does: the authors' figures are means of its sums,
/// cut to two decimals, so that the last bit can show.
private func sum(_ values: ArraySlice<Double>) -> Double {
    if values.count < 8 { return values.reduce(0, +) }
    if values.count > 128 {
        let half = values.count / 2 - values.count / 2 % 8
        return sum(values.prefix(half)) + sum(values.dropFirst(half))
    }
    var strands = Array(values.prefix(8))
    let whole = values.count - values.count % 8
    for (place, value) in values.prefix(whole).dropFirst(8).enumerated() { strands[place % 8] += value }
    let first = (strands[0] + strands[1]) + (strands[2] + strands[3])
    let second = (strands[4] + strands[5]) + (strands[6] + strands[7])
    return values.dropFirst(whole).reduce(first + second, +)
}
