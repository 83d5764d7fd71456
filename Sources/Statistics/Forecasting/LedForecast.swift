import CGSL

/// A method led through a series: what it foretold from each origin, and how far it was off one step ahead.
struct LedForecast {
    /// The values foretold from each origin, in the series' own units.
    let points: [[Double]]
    /// The states at the origins, for looking ahead with innovations.
    let states: [any DemandState]
    /// One step ahead, on the method's scale, for each step from the first on (NaN: none).
    let errors: [Double]
    let transform: DemandTransform
    /// Akaike's criterion of the errors on the series' own scale, without what is the same for all methods.
    let information: Double
    /// The errors that it comes from.
    let known: Int

    /// Learns from the values before the first origin, and looks ahead from each; nil when there are too few.
    ///
    /// - Parameter origins: Numbers of values known, ascending.
    init?(_ method: ForecastMethod, _ series: DemandSeries, origins: [Int], horizon: Int) {
        guard let known = origins.first else { return nil }
        if method.isLogarithmic {
            guard let found = DemandTransform.logarithm(of: series.values[..<known]) else { return nil }
            transform = found
        } else {
            transform = .plain
        }
        let transform = transform
        let values = series.values[..<(origins.last ?? 0)].map { $0.isNaN ? .nan : transform.forward($0) }
        let past = DemandSeries(
            values: Array(values[..<known]), seasons: series.seasons, holidays: series.holidays)
        guard var state = method.model.learned(from: past) else { return nil }
        var errors: [Double] = []
        var points: [[Double]] = []
        var states: [any DemandState] = []
        var next = 0
        let isPositive = series.isPositive
        for step in 0...values.count {
            while next < origins.count, origins[next] == step {
                var copy = state
                copy.prepare()
                states.append(copy)
                points.append(
                    (0..<horizon).map { _ in
                        let value = transform.backward(copy.advance(by: 0))
                        return isPositive ? max(0, value) : value
                    })
                next += 1
            }
            if step < values.count { errors.append(state.observe(values[step])) }
        }
        (self.errors, self.points, self.states) = (errors, points, states)
        var (squares, shrunk, count) = (0.0, 0.0, 0)
        // The first step has no past that could foretell it.
        for (step, error) in errors.enumerated().dropFirst() where !error.isNaN {
            squares += error * error
            shrunk += transform.shrinking(at: series.values[step])
            count += 1
        }
        let size = Double(max(1, count))
        let parameters = Double(method.model.parameters(for: past))
        information = size * log(max(squares / size, 1e-300)) + 2 * shrunk + 2 * parameters
        self.known = count
    }
}
