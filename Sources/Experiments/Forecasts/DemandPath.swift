package import Chronology
package import Scenarios

/// One way in which demand may go on, as the curve of a service.
package struct DemandPath: Hashable, Sendable {
    /// A value for each step, in the history's unit; none is below zero.
    package let values: [Double]
    package let step: Duration

    /// Creates the path of values, times the growth that is stated.
    package init(_ values: [Double], step: Duration, growth: StatedGrowth?) {
        self.step = step
        let seconds = Double(step.nanoseconds) / 1e9
        self.values = values.enumerated().map { place, value in
            max(0, value * (growth?.factor(after: Double(place) * seconds) ?? 1))
        }
    }

    /// The curve as `traffic: {csv: …}` reads it: seconds since the start and a value with three decimals, where it changes.
    package var csv: String {
        var text = "time,value\n"
        var last: Int64 = -1
        for (place, value) in values.enumerated() {
            let thousandths = Int64((min(value, 1e12) * 1_000).rounded())
            if thousandths == last { continue }
            last = thousandths
            let (whole, rest) = thousandths.quotientAndRemainder(dividingBy: 1_000)
            let digits = String(1_000 + rest).dropFirst()
            text += "\(Int64(place) * step.nanoseconds / 1_000_000_000),\(whole).\(digits)\n"
        }
        return text
    }

    /// Returns the mean of each day, of which the first had lasted for `offset` when the path begins.
    func dailyMeans(offset: Duration = .zero) -> [Double] {
        let day = Duration.days(1).nanoseconds
        var sums: [(sum: Double, count: Double)] = []
        for (place, value) in values.enumerated() {
            let index = Int((Int64(place) * step.nanoseconds + offset.nanoseconds) / day)
            while sums.count <= index { sums.append((0, 0)) }
            sums[index].sum += value
            sums[index].count += 1
        }
        return sums.map { $0.count > 0 ? $0.sum / $0.count : .nan }
    }
}
