import Testing
import VirtualTime

@testable import Statistics

/// Series whose law is known.
enum KnownSeries {
    /// Returns draws of the standard normal distribution (the sum of twelve uniforms, which is near enough).
    static func noise(_ count: Int, seed: UInt64) -> [Double] {
        var stream = RandomStream(seed: Seed(seed), name: "noise")
        return (0..<count).map { _ in (0..<12).reduce(-6.0) { sum, _ in sum + stream.uniform() } }
    }

    /// A level that follows each error by `alpha`: what simple exponential smoothing is the best forecast of.
    static func level(_ count: Int, alpha: Double, seed: UInt64) -> [Double] {
        var level = 100.0
        return noise(count, seed: seed).map { error in
            defer { level += alpha * error }
            return level + error
        }
    }

    /// An autoregression of order one.
    static func autoregression(_ count: Int, memory: Double, seed: UInt64) -> [Double] {
        var last = 0.0
        return noise(count, seed: seed).map { error in
            last = memory * last + error
            return last
        }
    }

    /// A wave over `season` steps around 100 with noise of one.
    static func wave(_ count: Int, season: Int, seed: UInt64) -> [Double] {
        noise(count, seed: seed).enumerated().map { step, error in
            100 + 20 * sineAndCosine(turns: Double(step) / Double(season)).0 + error
        }
    }
}

@Suite("Models of demand")
struct ForecastModelTests {
    /// What goes on from 1, 5, 2, 6, 3, 7 in three steps.
    static let naiveRows: [(NaiveModel, [Double])] = [
        (NaiveModel(), [7, 7, 7]),
        (NaiveModel(lag: 2), [3, 7, 3]),
        (NaiveModel(hasDrift: true), [8.2, 9.4, 10.6]),
    ]

    private static func state(_ model: some DemandModel, _ series: DemandSeries) throws -> any DemandState {
        var state = try #require(model.learned(from: series))
        for value in series.values { _ = state.observe(value) }
        return state
    }

    @Test("naive forecasts are what they are called", arguments: naiveRows)
    func naive(row: (model: NaiveModel, ahead: [Double])) throws {
        let state = try Self.state(row.model, DemandSeries(values: [1, 5, 2, 6, 3, 7]))
        #expect(zip(state.forecast(3), row.ahead).allSatisfy { abs($0 - $1) < 1e-12 })
    }

    @Test("a missing value is passed over")
    func missing() throws {
        let last = try Self.state(NaiveModel(), DemandSeries(values: [1, 5, .nan]))
        #expect(last.forecast(1) == [5])
        let season = try Self.state(NaiveModel(lag: 2), DemandSeries(values: [1, 5, 2, .nan, 3, 7]))
        #expect(season.forecast(2) == [3, 7])
        let none = try Self.state(NaiveModel(lag: 2), DemandSeries(values: [1, .nan, 2, .nan]))
        #expect(none.forecast(2) == [2, 2])
        // With a constant nothing depends on which values are there.
        var values = Array(repeating: 4.0, count: 60)
        for step in stride(from: 1, to: 60, by: 7) { values[step] = .nan }
        let series = DemandSeries(values: values, seasons: [6])
        let models: [any DemandModel] = [
            SmoothingModel(), SmoothingModel(trend: .damped, seasons: [6]), RegressionModel(hasTrend: true),
        ]
        for model in models {
            let ahead = try Self.state(model, series).forecast(6)
            #expect(ahead.allSatisfy { abs($0 - 4) < 0.02 }, "\(model): \(ahead)")
        }
    }

    @Test("smoothing finds the weight that made the series", arguments: [0.1, 0.3, 0.7], [1, 2] as [UInt64])
    func weight(alpha: Double, seed: UInt64) throws {
        let values = KnownSeries.level(1_500, alpha: alpha, seed: seed)
        let state = try #require(SmoothingModel().fit(DemandSeries(values: values)))
        // Four standard errors of the estimate, sqrt((1 - (1 - α)²) / n).
        let error = ((1 - (1 - alpha) * (1 - alpha)) / 1_500).squareRoot()
        #expect(abs(state.weights.level - alpha) < 4 * error + 0.01, "\(state.weights.level)")
    }

    @Test("a linear trend goes on, a damped one fades, and a line is found exactly")
    func trend() throws {
        let line = (0..<80).map { 5 + 2 * Double($0) }
        let linear = try Self.state(SmoothingModel(trend: .linear), DemandSeries(values: line)).forecast(10)
        #expect(abs(linear[9] - (5 + 2 * 89)) < 0.5, "\(linear)")
        let damped = try Self.state(SmoothingModel(trend: .damped), DemandSeries(values: line)).forecast(200)
        #expect(damped[199] - damped[100] < damped[100] - damped[1])
    }

    /// Seasons added and multiplied, with the model that fits.
    static let seasonRows: [(name: String, model: SmoothingModel, value: @Sendable (Int) -> Double)] = [
        ("added", SmoothingModel(seasons: [4]), { 50 + [9.0, -3, 1, -7][$0 % 4] }),
        (
            "multiplied", SmoothingModel(trend: .linear, seasons: [4], isMultiplicative: true),
            { (50 + Double($0)) * [1.5, 0.5, 1.2, 0.8][$0 % 4] }
        ),
        (
            "two", SmoothingModel(seasons: [4, 12], hasErrorMemory: true),
            { 50 + [9.0, -3, 1, -7][$0 % 4] + ($0 % 12 < 4 ? 6.0 : -3) }
        ),
    ]

    @Test("seasons without noise are forecast nearly exactly", arguments: seasonRows)
    func seasons(row: (name: String, model: SmoothingModel, value: @Sendable (Int) -> Double)) throws {
        let ahead = try Self.state(row.model, DemandSeries(values: (0..<120).map(row.value))).forecast(12)
        for (step, value) in ahead.enumerated() {
            let actual = row.value(120 + step)
            #expect(abs(value - actual) < 0.02 * abs(actual), "\(row.name) \(step): \(value) for \(actual)")
        }
    }

    @Test("regression finds how much of an error is left after a step", arguments: [0.5, 0.9])
    func memory(memory: Double) {
        let filter = ErrorFilter(fittedTo: KnownSeries.autoregression(1_500, memory: memory, seed: 3))
        #expect(abs(filter.memory - memory) < 4 * ((1 - memory * memory) / 1_500).squareRoot() + 0.01)
        #expect(filter.share > 0.9)
    }

    @Test("regression follows a bend, and forgets a trend far ahead")
    func bend() throws {
        let values = (0..<240).map { (hour: Int) -> Double in hour < 120 ? 10 : 10 + 0.5 * Double(hour - 120) }
        let ahead = try Self.state(RegressionModel(hasTrend: true), DemandSeries(values: values)).forecast(400)
        #expect(abs(ahead[3] - (10 + 0.5 * 123)) < 1, "\(ahead[3])")
        #expect(ahead[399] - ahead[300] < 2)
    }

    @Test("a holiday's effect is found, and comes again where the user says")
    func holidays() throws {
        let days: Set = [30, 77, 120, 151, 166]
        let holidays = (0..<180).map { days.contains($0) ? 0 : nil as Int? }
        let values = KnownSeries.wave(160, season: 7, seed: 5).enumerated().map { step, value in
            days.contains(step) ? value - 60 : value
        }
        let series = DemandSeries(values: values, seasons: [7], holidays: holidays)
        let ahead = try Self.state(RegressionModel(hasTrend: false), series).forecast(20)
        let plain = KnownSeries.wave(180, season: 7, seed: 5)
        #expect(abs(ahead[6] - (plain[166] - 60)) < 6, "\(ahead[6])")
        #expect(abs(ahead[7] - plain[167]) < 6)
    }

    @Test("what comes later changes no forecast made before")
    func noPeeking() throws {
        let values = KnownSeries.wave(120, season: 6, seed: 8)
        var other = values
        for step in 80..<120 { other[step] *= 3 }
        let series = [values, other].map { DemandSeries(values: $0, seasons: [6]) }
        for method in ForecastMethod.all(for: series[0]) {
            let led = series.map { LedForecast(method, $0, origins: [70, 80], horizon: 6) }
            #expect(led[0]?.points == led[1]?.points && led[0] != nil, "\(method.name)")
        }
    }
}
