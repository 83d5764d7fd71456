/// How forecasts of a series would have done: a rolling origin through its last part.
///
/// At each origin everything, the choice of methods and the width of the intervals too, follows from the values before it.
package struct BackTest: Sendable {
    /// What is asked of a back-test.
    package struct Settings: Hashable, Sendable {
        package var forecast: DemandForecast.Settings
        /// Origins from which is looked ahead.
        package var folds = 20
        /// Paths that make the quantiles.
        package var paths = 200

        /// Creates the settings of a horizon in steps.
        package init(horizon: Int) { forecast = DemandForecast.Settings(horizon: horizon) }
    }

    /// How one way to forecast did, over all origins.
    package struct Row: Sendable {
        package let name: String
        package let isNaive: Bool
        /// The mean absolute error.
        package let meanAbsoluteError: Double
        /// The same as a multiple of the naive error inside each origin's past (MASE).
        package let scaledError: Double
        /// The mean pinball loss of the quantiles of `DemandForecast.shares`, as a multiple of the same.
        package let pinball: Double
        /// The share of values inside the interval from P5 to P95.
        package let coverage: Double
        /// Origins at which there was a forecast.
        package let folds: Int
    }

    /// The forecast that is given: the mean of the methods that did best inside each past.
    package let chosen: Row
    /// Each method by itself, the best first.
    package let methods: [Row]
    /// Numbers of values known.
    package let origins: [Int]
    /// How often each method was among the chosen ones; those that never were are left out.
    package let memberships: [(name: String, count: Int)]

    /// What the chosen forecast is called in tables.
    package static let chosenName = "chosen"

    /// Looks ahead from each origin; nil when the series is too short for one.
    ///
    /// - Parameter draws: Returns the source of numbers of 0 ..< 1 for a purpose and an index.
    package init?(
        _ series: DemandSeries, _ settings: Settings, draws: (_ purpose: String, _ index: Int) -> () -> Double,
        progress: (_ done: Int, _ count: Int) -> Bool = { _, _ in true }
    ) {
        let horizon = settings.forecast.horizon
        let least = max(series.count / 2, 2 * (series.seasons.first ?? 1), 10)
        origins = RollingOrigins.origins(count: series.count, horizon: horizon, folds: settings.folds, least: least)
        guard !origins.isEmpty else { return nil }
        var chosen = BackTestTally()
        var tallies: [(method: ForecastMethod, tally: BackTestTally)] = []
        var memberships: [(name: String, count: Int)] = []
        // By itself a method is a yardstick, for which the width of its interval need not be measured as finely.
        var single = settings.forecast
        single.trialPaths = max(1, single.trialPaths / 2)
        for (fold, origin) in origins.enumerated() {
            guard progress(fold, origins.count) else { return nil }
            let past = series.first(origin)
            guard let scale = past.naiveScale(first: origin) else { continue }
            let trials = MethodTrial.all(past, settings.forecast)
            let actual = Array(series.values[origin..<origin + horizon])
            let uniform = draws("chosen", fold)
            if let forecast = DemandForecast(past, settings.forecast, trials: trials, uniform: uniform) {
                chosen.add(forecast, actual, scale: scale, paths: settings.paths, uniform)
                for name in forecast.members {
                    if let place = memberships.firstIndex(where: { $0.name == name }) {
                        memberships[place].count += 1
                    } else {
                        memberships.append((name, 1))
                    }
                }
            }
            for trial in trials {
                let uniform = draws(trial.method.name, fold)
                guard let forecast = DemandForecast(past, single, trials: [trial], uniform: uniform)
                else { continue }
                let found = tallies.firstIndex { $0.method.name == trial.method.name }
                if found == nil { tallies.append((trial.method, BackTestTally())) }
                tallies[found ?? tallies.count - 1].tally.add(
                    forecast, actual, scale: scale, paths: settings.paths, uniform)
            }
        }
        guard let row = chosen.row(Self.chosenName, isNaive: false) else { return nil }
        self.chosen = row
        let rows = tallies.compactMap { $0.tally.row($0.method.name, isNaive: $0.method.isNaive) }
        methods = rows.indices.sorted { (rows[$0].scaledError, $0) < (rows[$1].scaledError, $1) }.map { rows[$0] }
        self.memberships = memberships.enumerated().sorted {
            (-$0.element.count, $0.offset) < (-$1.element.count, $1.offset)
        }.map(\.element)
    }

    /// The naive method that did better than what was chosen, the best of them; nil when none did.
    ///
    /// Only methods that gave a forecast at every origin are compared.
    package var betterNaive: Row? {
        methods.first { $0.isNaive && $0.folds == chosen.folds && $0.scaledError < chosen.scaledError }
    }
}
