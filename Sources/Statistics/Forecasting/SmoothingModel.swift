import CGSL

/// Exponential smoothing: a level, a trend that may fade, up to two seasons, and what is left of the last error.
///
/// With two seasons and the last error it is J. W. Taylor's double seasonal method (2003). Seasons are added to the level;
/// on the logarithmic scale that makes them factors, and `isMultiplicative` makes them factors of a level that is not.
package struct SmoothingModel: DemandModel, Hashable {
    /// How the level goes on.
    package enum Trend: Hashable, Sendable {
        case none
        case linear
        /// Each step adds a share of what the one before added.
        case damped
    }

    package let trend: Trend
    /// In steps, ascending; at most two.
    package let seasons: [Int]
    package let isMultiplicative: Bool
    package let hasErrorMemory: Bool

    /// Creates a kind of smoothing.
    package init(
        trend: Trend = .none, seasons: [Int] = [], isMultiplicative: Bool = false, hasErrorMemory: Bool = false
    ) {
        precondition(seasons.count <= 2, "at most two seasons are smoothed")
        self.trend = trend
        self.seasons = seasons
        self.isMultiplicative = isMultiplicative
        self.hasErrorMemory = hasErrorMemory
    }

    package func learned(from series: DemandSeries) -> (any DemandState)? {
        fit(series).map { $0 as any DemandState }
    }

    /// Returns the state before the first step and the weights that make the squared errors least.
    package func fit(_ series: DemandSeries) -> SmoothingState? {
        let cycles = 2 * (seasons.last ?? 1)
        guard series.count >= max(cycles, 8), let start = SmoothingState.start(self, series.values) else { return nil }
        if isMultiplicative, !series.values.allSatisfy({ $0.isNaN || $0 > 0 }) { return nil }
        // The first cycles made the start: what they say of the errors is too good.
        let skipped = seasons.isEmpty ? 1 : min(cycles, series.count / 2)
        func weights(_ point: [Double]) -> SmoothingWeights { SmoothingWeights(point, of: self) }
        func squares(_ point: [Double]) -> Double {
            var state = start
            state.weights = weights(point)
            return state.squaredErrors(series.values, skipping: skipped)
        }
        let origin = SmoothingWeights.origins(of: self)
        var best = origin[0]
        var least = Double.infinity
        for candidate in origin {
            let value = squares(candidate)
            if value < least { (best, least) = (candidate, value) }
        }
        best = leastPoint(near: best, step: 0.7, tolerance: 5e-3, rounds: 150, squares)
        var state = start
        state.weights = weights(best)
        return (seasons.last ?? 1) <= SmoothingStart.seasonMax ? improved(state, best, series.values) : state
    }

    /// Finds where to begin and how to weigh in turn, two times; returns the better one, or what was given.
    private func improved(_ given: SmoothingState, _ point: [Double], _ values: [Double]) -> SmoothingState {
        var (found, point) = (given, point)
        var least = Double.infinity
        var state = given
        for _ in 0..<2 {
            guard let start = SmoothingStart.improved(state, values) else { break }
            func squares(_ point: [Double]) -> Double {
                var state = start
                state.weights = SmoothingWeights(point, of: self)
                return state.squaredErrors(values, skipping: 0)
            }
            point = leastPoint(near: point, step: 0.5, tolerance: 5e-3, rounds: 100, squares)
            state = start
            state.weights = SmoothingWeights(point, of: self)
            let value = squares(point)
            if value < least { (least, found) = (value, state) }
        }
        return found
    }

    package func parameters(for series: DemandSeries) -> Int {
        let trends: Int =
            switch trend {
            case .none: 0
            case .linear: 2
            case .damped: 3
            }
        return 2 + trends + seasons.reduce(0) { $0 + 1 + $1 } + (hasErrorMemory ? 1 : 0)
    }
}

/// How quickly each part of a smoothing follows the series, each from 0 to 1.
package struct SmoothingWeights: Hashable, Sendable {
    /// Of the level, the trend, the seasons, and the share of the trend and of the last error that is left after a step.
    package var level = 0.1
    package var trend = 0.0
    package var seasons = SIMD2(0.0, 0.0)
    package var damping = 1.0
    package var memory = 0.0

    init(_ point: [Double], of model: SmoothingModel) {
        func share(_ value: Double) -> Double { 1 / (1 + exp(-value)) }
        var rest = point[...]
        func next() -> Double { rest.popFirst() ?? 0 }
        level = share(next())
        switch model.trend {
        case .none: (trend, damping) = (0, 0)
        // A trend never turns faster than the level does.
        case .linear: (trend, damping) = (level * share(next()), 1)
        case .damped: (trend, damping) = (level * share(next()), 0.8 + 0.18 * share(next()))
        }
        for index in model.seasons.indices { seasons[index] = (1 - level) * share(next()) }
        if model.hasErrorMemory { memory = 1.98 * share(next()) - 0.99 }
    }

    /// Points from which the search may begin.
    static func origins(of model: SmoothingModel) -> [[Double]] {
        [-4.0, -1.5, 1.0].flatMap { level in
            [-4.0, -1.5].map { season in
                var point = [level]
                switch model.trend {
                case .none: break
                case .linear: point.append(-4)
                case .damped: point += [-3, 1]
                }
                point += model.seasons.map { _ in season }
                if model.hasErrorMemory { point.append(1) }
                return point
            }
        }
    }
}
