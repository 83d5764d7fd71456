/// A named way to forecast.
package struct ForecastMethod: Sendable {
    package let name: String
    /// Whether it is one of the yardsticks: naive, seasonal naive and drift.
    package let isNaive: Bool
    let model: any DemandModel
    let isLogarithmic: Bool

    /// What its errors in a trial are multiplied by before it is ranked: a naive method must clearly be better.
    var handicap: Double { isNaive ? 1.15 : 1 }

    /// Whether it is smoothing by level, trend and season alone, whose criteria can be set against each other.
    var isPlainSmoothing: Bool { (model as? SmoothingModel).map { !$0.hasErrorMemory } ?? false }

    init(_ name: String, _ model: any DemandModel, isNaive: Bool = false, isLogarithmic: Bool = false) {
        self.name = name
        self.isNaive = isNaive
        self.model = model
        self.isLogarithmic = isLogarithmic
    }

    /// Returns the methods that a series has values enough for, the naive ones first.
    package static func all(for series: DemandSeries) -> [ForecastMethod] {
        let seasons = series.seasons.filter { 2 * $0 <= series.count }
        var methods = [ForecastMethod("naive", NaiveModel(), isNaive: true)]
        for season in seasons {
            methods.append(ForecastMethod("seasonal-naive(\(season))", NaiveModel(lag: season), isNaive: true))
        }
        methods.append(ForecastMethod("drift", NaiveModel(hasDrift: true), isNaive: true))
        let canTakeLogarithm = DemandTransform.logarithm(of: series.values) != nil
        func add(_ name: String, _ model: any DemandModel) {
            methods.append(ForecastMethod(name, model))
            if canTakeLogarithm { methods.append(ForecastMethod("log " + name, model, isLogarithmic: true)) }
        }
        add("smoothing", SmoothingModel())
        add("damped", SmoothingModel(trend: .damped))
        for season in seasons {
            add("seasonal(\(season))", SmoothingModel(seasons: [season]))
            add("damped seasonal(\(season))", SmoothingModel(trend: .damped, seasons: [season]))
            add("seasonal(\(season)) memory", SmoothingModel(seasons: [season], hasErrorMemory: true))
            methods.append(
                ForecastMethod(
                    "multiplicative(\(season))",
                    SmoothingModel(trend: .damped, seasons: [season], isMultiplicative: true)))
        }
        if let first = seasons.first, let last = seasons.last, first < last {
            add("double(\(first),\(last))", SmoothingModel(seasons: [first, last], hasErrorMemory: true))
        }
        // Without a season a constant is all that they would find.
        if let last = seasons.last {
            add("recent regression", RegressionModel(hasTrend: false, halfLife: 2 * Double(last)))
            add("regression", RegressionModel(hasTrend: false))
        }
        add("regression trend", RegressionModel(hasTrend: true))
        add("autoregression", AutoregressionModel())
        return methods
    }
}
