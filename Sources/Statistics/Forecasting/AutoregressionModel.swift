import CGSL

/// Autoregression of what is added from step to step: an ARIMA model of orders p, 1 and 0 without a constant.
///
/// The level goes on where it was last, as in smoothing, and what is added there follows what was added at the last p steps;
/// with enough of them that makes any season, and periods that nobody has named. The coefficients are J. P. Burg's, which are
/// always stable; p is the number with the lowest criterion of Akaike.
package struct AutoregressionModel: DemandModel, Hashable {
    /// The most steps looked back, and the share of the known steps that they may come to.
    private static let orderMax = 60
    private static let orderLeast = 12
    private static let stepsForEach = 3

    /// Creates the model.
    package init() {}

    package func learned(from series: DemandSeries) -> (any DemandState)? {
        guard series.count >= 12, let coefficients = coefficients(for: series) else { return nil }
        return State(coefficients: coefficients)
    }

    package func parameters(for series: DemandSeries) -> Int { 2 + (coefficients(for: series)?.count ?? 0) }

    private func coefficients(for series: DemandSeries) -> [Double]? {
        guard let values = Self.bridged(series.values) else { return nil }
        let changes = zip(values.dropFirst(), values).map { $0 - $1 }
        let wanted = max(Self.orderLeast, (series.seasons.first ?? 0) + 2)
        return Self.burg(changes, orders: min(wanted, Self.orderMax, series.count / Self.stepsForEach))
    }

    /// Returns the values with lines over what is missing, for learning only; nil when there are none.
    private static func bridged(_ values: [Double]) -> [Double]? {
        guard let first = values.firstIndex(where: { !$0.isNaN }) else { return nil }
        var bridged = values
        for step in 0..<first { bridged[step] = values[first] }
        var last = first
        for step in first..<values.count where !values[step].isNaN {
            for missing in (last + 1)..<max(step, last + 1) {
                let share = Double(missing - last) / Double(step - last)
                bridged[missing] = values[last] + share * (values[step] - values[last])
            }
            last = step
        }
        for step in last..<values.count { bridged[step] = values[last] }
        return bridged
    }

    /// Returns the coefficients of the order with the lowest criterion, that of the last step first.
    static func burg(_ values: [Double], orders: Int) -> [Double] {
        let count = Double(values.count)
        var power = values.reduce(0) { $0 + $1 * $1 } / max(1, count)
        guard power > 0 else { return [] }
        let least = 1e-10 * power
        var (forward, backward) = (Array(values.dropFirst()), Array(values.dropLast()))
        var coefficients: [Double] = []
        var best: (criterion: Double, coefficients: [Double]) = (count * log(power), [])
        for order in 1...max(1, orders) where !forward.isEmpty {
            var (product, squares) = (0.0, 0.0)
            for index in forward.indices {
                product += forward[index] * backward[index]
                squares += forward[index] * forward[index] + backward[index] * backward[index]
            }
            guard squares > 2 * least else { break }
            let reflection = 2 * product / squares
            coefficients = zip(coefficients, coefficients.reversed()).map { $0 - reflection * $1 } + [reflection]
            power *= 1 - reflection * reflection
            guard power > least else { break }
            let criterion = count * log(power) + 2 * Double(order)
            if criterion < best.criterion { best = (criterion, coefficients) }
            for index in forward.indices {
                let ahead = forward[index] - reflection * backward[index]
                backward[index] -= reflection * forward[index]
                forward[index] = ahead
            }
            forward.removeFirst()
            backward.removeLast()
        }
        return best.coefficients
    }

    struct State: DemandState {
        let coefficients: [Double]
        /// The last changes; the oldest stands at `place`.
        private var changes: [Double]
        private var place = 0
        private var last = Double.nan

        init(coefficients: [Double]) {
            self.coefficients = coefficients
            changes = Array(repeating: 0, count: coefficients.count)
        }

        mutating func observe(_ value: Double) -> Double {
            guard !last.isNaN else {
                last = value
                return .nan
            }
            let change = expected
            let error = value - last - change
            go(error.isNaN ? change : change + error)
            return error
        }

        mutating func advance(by innovation: Double) -> Double {
            go(expected + innovation)
            return last
        }

        private var expected: Double {
            var sum = 0.0
            var index = place
            for coefficient in coefficients {
                index = index == 0 ? changes.count - 1 : index - 1
                sum += coefficient * changes[index]
            }
            return sum
        }

        private mutating func go(_ change: Double) {
            last += change
            guard !changes.isEmpty else { return }
            changes[place] = change
            place = place + 1 == changes.count ? 0 : place + 1
        }
    }
}
