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

    /// Adds up what is logged after every arrival.
    struct Recorder {
        private struct Sums {
            var count = 0
            var allocation = 0.0
            var fragment = 0.0
            var ratio = 0.0

            mutating func add(_ other: Sums) {
                count += other.count
                allocation += other.allocation
                fragment += other.fragment
                ratio += other.ratio
            }
        }

        private let gpus: Double
        // One more, since a column without events of its own takes its neighbours'.
        private var columns: [Sums] = Array(repeating: Sums(), count: FragmentationSeries.percentMax + 2)

        /// Creates a recorder for a cluster with so many devices.
        init(gpus: Int64) { self.gpus = Double(gpus) }

        /// Takes in the state after one arrival; all amounts in thousandths of a device.
        mutating func record(arrived: Int64, used: Int64, fragment: Double, left: Int64) {
            let column = Int((Double(arrived) / gpus / 10).rounded(.toNearestOrEven))
            guard column < columns.count else { return }
            columns[column].count += 1
            columns[column].allocation += rounded(100 * Double(used) / (gpus * 1000))
            columns[column].fragment += rounded(fragment)
            columns[column].ratio += left > 0 ? rounded(100 * fragment / Double(left)) : 0
        }

        /// Returns the columns; one that even its neighbours leave empty is NaN.
        func series() -> FragmentationSeries {
            var series = FragmentationSeries()
            for column in 0...FragmentationSeries.percentMax {
                var sums = columns[column]
                if sums.count == 0 {
                    for near in max(0, column - 1)...column + 1 { sums.add(columns[near]) }
                }
                let count = Double(sums.count)
                series.allocation.append(rounded(sums.allocation / count))
                series.fragment.append(rounded(sums.fragment / count * 100 / 1000 / gpus))
                series.fragmentRatio.append(sums.ratio / count)
            }
            return series
        }
    }
}

/// Returns `value` with two decimals.
private func rounded(_ value: Double) -> Double { (value * 100).rounded(.toNearestOrEven) / 100 }
