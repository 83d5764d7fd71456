import CGSL

/// A smoothing at one point of its series.
package struct SmoothingState: DemandState {
    let trendKind: SmoothingModel.Trend
    let isMultiplicative: Bool
    package var weights: SmoothingWeights
    private var level: Double
    private var trend = 0.0
    /// The parts of each season; the next step's stands at `place`.
    private var first: [Double]
    private var second: [Double]
    private var firstPlace = 0
    private var secondPlace = 0
    private var lastError = 0.0

    package mutating func observe(_ value: Double) -> Double { step(value, innovation: 0).error }

    package mutating func advance(by innovation: Double) -> Double { step(.nan, innovation: innovation).value }

    /// Goes one step on: to `value`, or to the forecast plus the innovation where there is none.
    @inline(__always)
    private mutating func step(_ value: Double, innovation: Double) -> (value: Double, error: Double) {
        let base = level + weights.damping * trend
        let (one, two) = (first[firstPlace], second[secondPlace])
        let plain = isMultiplicative ? base * one * two : base + one + two
        let forecast = plain + weights.memory * lastError
        let error = value - forecast
        let step = error.isNaN ? innovation : error
        let reached = forecast + step
        if isMultiplicative {
            let factor = max(one * two, 1e-6)
            level = base + weights.level * step / factor
            trend = weights.damping * trend + weights.trend * step / factor
            let size = max(abs(base), 1e-9)
            first[firstPlace] = max(0, one + weights.seasons.x * step / (size * max(two, 1e-6)))
            second[secondPlace] = max(0, two + weights.seasons.y * step / (size * max(one, 1e-6)))
        } else {
            level = base + weights.level * step
            trend = weights.damping * trend + weights.trend * step
            first[firstPlace] = one + weights.seasons.x * step
            second[secondPlace] = two + weights.seasons.y * step
        }
        lastError = reached - plain
        firstPlace = firstPlace + 1 == first.count ? 0 : firstPlace + 1
        secondPlace = secondPlace + 1 == second.count ? 0 : secondPlace + 1
        return (reached, error)
    }

    /// Returns the sum of the squared errors of the steps behind the first `skipped`.
    func squaredErrors(_ values: [Double], skipping skipped: Int) -> Double {
        var state = self
        var sum = 0.0
        for (index, value) in values.enumerated() {
            let error = state.step(value, innovation: 0).error
            if index >= skipped, !error.isNaN { sum += error * error }
        }
        return sum
    }

    // MARK: - The start

    /// The level, the trend and the parts of the seasons, as one list.
    var parts: [Double] {
        get { [level, trend] + (first.count > 1 ? first : []) + (second.count > 1 ? second : []) }
        set {
            (level, trend) = (newValue[0], newValue[1])
            let split = 2 + (first.count > 1 ? first.count : 0)
            if first.count > 1 { first = Array(newValue[2..<split]) }
            if second.count > 1 { second = Array(newValue[split..<(split + second.count)]) }
        }
    }

    /// Returns the state before the first step, read off the first cycles; nil when they have no value.
    static func start(_ model: SmoothingModel, _ values: [Double]) -> SmoothingState? {
        let cycles = 2 * (model.seasons.last ?? 4)
        let head = Array(values.prefix(cycles))
        let known = head.filter { !$0.isNaN }
        guard !known.isEmpty else { return nil }
        let mean = known.reduce(0, +) / Double(known.count)
        if model.isMultiplicative, mean <= 0 { return nil }
        let neutral = model.isMultiplicative ? 1.0 : 0.0
        /// What is left of the head when `parts` are taken out, repeated.
        func rest(_ parts: [Double]) -> [Double] {
            head.enumerated().map { index, value in
                let part = parts[index % parts.count]
                return model.isMultiplicative ? value / max(part, 1e-6) : value - part
            }
        }
        func parts(_ season: Int, of rest: [Double], around centre: Double) -> [Double] {
            var sums = Array(repeating: 0.0, count: season)
            var counts = sums
            for (index, value) in rest.enumerated() where !value.isNaN {
                sums[index % season] += value
                counts[index % season] += 1
            }
            return sums.indices.map { phase in
                guard counts[phase] > 0 else { return neutral }
                let average = sums[phase] / counts[phase]
                return model.isMultiplicative ? average / centre : average - centre
            }
        }
        var seasons: [[Double]] = []
        var left = head
        for season in model.seasons {
            let found = parts(season, of: left, around: mean)
            seasons.append(found)
            left = rest(found)
        }
        return SmoothingState(
            trendKind: model.trend, isMultiplicative: model.isMultiplicative,
            weights: SmoothingWeights([], of: model), level: mean,
            first: seasons.first ?? [neutral], second: seasons.count > 1 ? seasons[1] : [neutral])
    }
}
