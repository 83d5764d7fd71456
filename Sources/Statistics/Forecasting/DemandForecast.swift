/// A forecast with its uncertainty: the methods that a back-test inside the series chose, and intervals that covered there.
package struct DemandForecast: Sendable {
    /// What is asked of a forecast.
    package struct Settings: Hashable, Sendable {
        /// Steps ahead.
        package var horizon: Int
        /// Origins of the back-test that chooses and that widens the intervals.
        package var folds = 24
        /// Paths for each of those origins.
        package var trialPaths = 80
        /// How many of the best methods of the back-test are averaged.
        package var members = 8
        /// Origins after which one counts half in the choice.
        package var halfLife = 12.0

        /// Creates the settings of a horizon.
        package init(horizon: Int) { self.horizon = horizon }
    }

    /// How a method did in the back-test that chose.
    package struct Trial: Sendable {
        package let name: String
        package let meanAbsoluteError: Double
        /// What it was ranked by: its error as a multiple of that of the method in the middle, with what counts against it.
        package let score: Double
    }

    /// Quantiles that are told.
    package static let shares = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95]

    package let settings: Settings
    /// The best first.
    package let trials: [Trial]
    /// Those that are averaged, and their weights.
    package let members: [String]
    private let mean: MemberMean
    /// The middle of the forecast.
    package let points: [Double]
    package let scales: IntervalScales
    /// What the series' latest changes widen the interval by.
    private let restlessness: Double
    private let led: [LedForecast]
    private let bootstrap: BlockBootstrap
    private let origin: Int
    private let isPositive: Bool

    /// Forecasts a series with the methods that do best inside it; nil when it has too few values for any.
    ///
    /// - Parameters:
    ///   - trials: What `MethodTrial.all` found; the methods are chosen among them.
    ///   - uniform: Returns numbers of 0 ..< 1, for the paths that measure the intervals.
    package init?(
        _ series: DemandSeries, _ settings: Settings, trials: [MethodTrial]? = nil, uniform: () -> Double
    ) {
        let trials = trials ?? MethodTrial.all(series, settings)
        let inner = Self.innerOrigins(series, settings)
        let isPositive = series.isPositive
        let ranking = MethodRanking(trials, series, inner, settings)
        // In a series too short for a back-test inside it nothing tells methods apart: the first one it is.
        let mixed = MethodWeights(trials, ranking, settings)
        let chosen = ranking.order.isEmpty ? Array(trials.indices.prefix(1)) : mixed.places
        guard !chosen.isEmpty else { return nil }
        self.trials = ranking.order.map {
            Trial(
                name: trials[$0].method.name, meanAbsoluteError: ranking.errors[$0], score: ranking.scores[$0])
        }
        let mean = MemberMean(ranking.order.isEmpty ? [1] : mixed.weights, series)
        self.mean = mean
        led = chosen.map { trials[$0].now }
        members = chosen.map { trials[$0].method.name }
        points = mean(led.map { $0.points[0] })
        let spread = LocalSpread(series)
        if ranking.order.isEmpty {
            restlessness = 1
            scales = IntervalScales(horizon: settings.horizon)
        } else {
            restlessness = spread.factor(after: series.count)
            let ratios = Self.ratios(
                series, settings, chosen.compactMap { trials[$0].inner }, mean, inner, spread, uniform)
            scales = IntervalScales(horizon: settings.horizon, ratios: ratios, origins: inner, tail: 0.05)
        }
        self.settings = settings
        self.isPositive = isPositive
        origin = series.count
        bootstrap = BlockBootstrap(series: series, count: series.count, horizon: settings.horizon)
    }

    /// Returns paths of the series beyond its end, with the scaled spread.
    package func paths(_ count: Int, uniform: () -> Double) -> [[Double]] {
        let raw = SamplePaths.draw(
            led, mean, place: 0, origin: origin, bootstrap: bootstrap, horizon: settings.horizon,
            count: count, isPositive: isPositive, uniform: uniform)
        let groups = (0..<settings.horizon).map(scales.group)
        return raw.map { path in
            path.indices.map { step in
                let value = scales.scaled(
                    path[step], middle: points[step], group: groups[step], times: restlessness)
                return isPositive ? max(0, value) : value
            }
        }
    }

    // MARK: - The back-test inside

    static func innerOrigins(_ series: DemandSeries, _ settings: Settings) -> [Int] {
        let least = max(8, series.count * 2 / 5, min(2 * (series.seasons.first ?? 1), series.count * 2 / 3))
        let reach = min(settings.horizon, max(1, series.count / 3))
        return RollingOrigins.trialOrigins(
            count: series.count, horizon: reach, folds: settings.folds, least: least, seen: max(1, reach / 4))
    }

    /// Returns how far what came lay from the middle at each step ahead of each inner origin, as a multiple of the
    /// bootstrap's half-width there, as restless as the series was: below 0 when below the middle, NaN where nothing came.
    private static func ratios(
        _ series: DemandSeries, _ settings: Settings, _ led: [LedForecast], _ mean: MemberMean, _ inner: [Int],
        _ spread: LocalSpread, _ uniform: () -> Double
    ) -> [[Double]] {
        let horizon = settings.horizon
        let isPositive = series.isPositive
        return inner.enumerated().map { place, origin in
            // As the forecast does: from all errors before the origin.
            let bootstrap = BlockBootstrap(series: series, count: origin, horizon: horizon)
            let paths = SamplePaths.draw(
                led, mean, place: place, origin: origin, bootstrap: bootstrap, horizon: horizon,
                count: settings.trialPaths, isPositive: isPositive, uniform: uniform)
            let middle = mean(led.map { $0.points[place] })
            let bounds = SamplePaths.quantiles(paths, [0.05, 0.95])
            let factor = spread.factor(after: origin)
            return (0..<min(horizon, series.count - origin)).map { step in
                IntervalScales.ratio(
                    series.values[origin + step], middle: middle[step], low: bounds[0][step], high: bounds[1][step])
                    / factor
            }
        }
    }
}
