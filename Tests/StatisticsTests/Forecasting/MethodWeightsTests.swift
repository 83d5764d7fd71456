import Testing

@testable import Statistics

@Suite("How methods are learned and weighed")
struct MethodWeightsTests {
    // MARK: - Where a smoothing begins

    /// Forms with the series that they fit, and a beginning that is off.
    static let startRows: [(name: String, model: SmoothingModel, value: @Sendable (Int) -> Double)] = [
        ("level", SmoothingModel(), { 20 + Double($0 % 3) }),
        ("trend", SmoothingModel(trend: .damped), { 20 + 3 * Double($0 % 5) }),
        ("season", SmoothingModel(seasons: [4]), { 50 + [9.0, -3, 1, -7][$0 % 4] + Double($0 % 3) }),
        (
            "factors", SmoothingModel(seasons: [4], isMultiplicative: true),
            { 50 * [1.5, 0.5, 1.2, 0.8][$0 % 4] + Double($0 % 3) }
        ),
    ]

    @Test("no beginning near the one found has smaller errors", arguments: startRows)
    func start(row: (name: String, model: SmoothingModel, value: @Sendable (Int) -> Double)) throws {
        let values = (0..<60).map(row.value)
        var state = try #require(SmoothingState.start(row.model, values))
        state.weights.level = 0.2
        let given = state.squaredErrors(values, skipping: 0)
        // With factors one step of Gauss and Newton does not arrive; a few do.
        for _ in 0..<6 { state = SmoothingStart.improved(state, values) ?? state }
        let found = state.squaredErrors(values, skipping: 0)
        #expect(found < given)
        for place in state.parts.indices where place != 1 || row.model.trend != .none {
            for move in [-0.05, 0.05] {
                var other = state
                other.parts[place] += move * max(1, abs(state.parts[place]))
                #expect(other.squaredErrors(values, skipping: 0) > found, "\(row.name) \(place)")
            }
        }
    }

    @Test("the level before the first step is the least-squares one")
    func level() throws {
        // An error of the beginning fades by 0.8 in each step: the best level weighs the errors by that.
        let values = [14.0, 8, 11, 9, 12, 10, 7, 13]
        var state = try #require(SmoothingState.start(SmoothingModel(), values))
        state.weights.level = 0.2
        let before = state.parts[0]
        var run = state
        let errors = values.map { run.observe($0) }
        let shares = (0..<8).map { (0..<$0).reduce(1.0) { share, _ in share * 0.8 } }
        let move = zip(errors, shares).reduce(0) { $0 + $1.0 * $1.1 } / (shares.reduce(0) { $0 + $1 * $1 } + 0.05)
        let better = try #require(SmoothingStart.improved(state, values))
        #expect(abs(better.parts[0] - before - move) < 1e-9)
    }

    @Test("a missing value and a long season are no hindrance")
    func gaps() throws {
        var values = (0..<60).map { 50 + [9.0, -3, 1, -7][$0 % 4] }
        for step in stride(from: 2, to: 60, by: 9) { values[step] = .nan }
        let model = SmoothingModel(seasons: [4])
        let state = try #require(model.fit(DemandSeries(values: values, seasons: [4])))
        #expect(state.squaredErrors(values, skipping: 0) < 1)
        let long = SmoothingModel(seasons: [SmoothingStart.seasonMax + 1])
        #expect(long.fit(DemandSeries(values: KnownSeries.wave(140, season: 65, seed: 1), seasons: [65])) != nil)
    }

    // MARK: - Akaike's criterion

    private static func led(_ method: ForecastMethod, _ values: [Double]) throws -> LedForecast {
        try #require(LedForecast(method, DemandSeries(values: values), origins: [values.count], horizon: 2))
    }

    @Test("the criterion is n times the logarithm of the mean square, and twice the parameters")
    func information() throws {
        // Naive errors are 2, -1 and 3; the first step has none.
        let led = try Self.led(ForecastMethod("naive", NaiveModel()), [1, 3, 2, 5])
        #expect(led.known == 3)
        #expect(abs(led.information - (3 * 1.5404450409471491 + 2)) < 1e-9, "\(led.information)")
    }

    @Test("another unit adds the same to every criterion, on the logarithm too")
    func units() throws {
        let values = KnownSeries.level(80, alpha: 0.4, seed: 9)
        let methods = [
            ForecastMethod("naive", NaiveModel()),
            ForecastMethod("log naive", NaiveModel(), isLogarithmic: true),
        ]
        for method in methods {
            let (plain, tenfold) = (try Self.led(method, values), try Self.led(method, values.map { 10 * $0 }))
            #expect(abs(tenfold.information - plain.information - 2 * 79 * 2.302585092994046) < 1e-6, "\(method.name)")
        }
    }

    // MARK: - Weights

    private static func weights(_ series: DemandSeries) -> [String: Double] {
        var settings = DemandForecast.Settings(horizon: 6)
        settings.folds = 8
        let trials = MethodTrial.all(series, settings)
        let ranking = MethodRanking(trials, series, DemandForecast.innerOrigins(series, settings), settings)
        let mixed = MethodWeights(trials, ranking, settings)
        let whole: Double = mixed.weights.reduce(0, +)
        #expect(abs(whole - 1) < 1e-12)
        #expect(mixed.weights == mixed.weights.sorted(by: >))
        return Dictionary(uniqueKeysWithValues: zip(mixed.places.map { trials[$0].method.name }, mixed.weights))
    }

    @Test("a season counts where there is one, and is not paid for where there is none")
    func season() {
        let wave = Self.weights(DemandSeries(values: KnownSeries.wave(120, season: 6, seed: 3), seasons: [6]))
        #expect(wave["smoothing"] == nil && wave["damped"] == nil, "\(wave)")
        let level = Self.weights(DemandSeries(values: KnownSeries.level(120, alpha: 0.4, seed: 3), seasons: [6]))
        let plain = (level["smoothing"] ?? 0) + (level["log smoothing"] ?? 0)
        let seasonal = (level["seasonal(6)"] ?? 0) + (level["log seasonal(6)"] ?? 0)
        #expect(plain > 0.25 && plain > 2 * seasonal, "\(level)")
    }

    @Test("who lies off the middle by more than one and a half usual errors loses weight by how much more")
    func doubt() {
        // The middle is 11: the first lies 0.5 usual errors off it, the last 14.5.
        let rows = [[10.0, 10], [11, 11], [40, 40]]
        let weights = MethodWeights.doubted([0.4, 0.3, 0.3], rows, usual: 2)
        #expect(weights[0] == 0.4 && weights[1] == 0.3)
        #expect(abs(weights[2] - 0.3 * 1.5 / 14.5) < 1e-12)
        #expect(MethodWeights.doubted([0.5, 0.5], [[1], [9]], usual: 0.1) == [0.5, 0.5])
    }
}
