import Testing

@testable import Statistics

@Suite("Back-tests")
struct BackTestTests {
    private static func test(_ series: DemandSeries, horizon: Int, seed: UInt64 = 1) -> BackTest? {
        var settings = BackTest.Settings(horizon: horizon)
        settings.folds = 4
        settings.paths = 40
        settings.forecast.folds = 6
        settings.forecast.trialPaths = 20
        return BackTest(series, settings, draws: DemandForecastTests.draws(seed))
    }

    @Test("a season is forecast better than by any naive method")
    func season() throws {
        let series = DemandSeries(values: KnownSeries.wave(140, season: 7, seed: 4), seasons: [7])
        let test = try #require(Self.test(series, horizon: 7))
        #expect(test.origins.count == 4 && test.betterNaive == nil)
        #expect(test.chosen.scaledError < 1 && test.chosen.folds == 4)
        let naive = try #require(test.methods.first { $0.name == "naive" })
        #expect(naive.isNaive && naive.scaledError > 3 * test.chosen.scaledError)
        #expect(test.methods.map(\.scaledError) == test.methods.map(\.scaledError).sorted())
    }

    @Test("where only chance goes on, a naive method that wins is named")
    func chance() throws {
        // Random walks: nothing is better than the last value, and half of the time something else was chosen.
        let tests = try (1...6 as ClosedRange<UInt64>).map { seed in
            let series = DemandSeries(values: KnownSeries.level(120, alpha: 1, seed: seed))
            return try #require(Self.test(series, horizon: 4))
        }
        #expect(tests.contains { $0.betterNaive != nil })
        for test in tests {
            let naive = test.methods.filter(\.isNaive).map(\.scaledError).min() ?? 0
            #expect((test.betterNaive != nil) == (naive < test.chosen.scaledError))
        }
    }

    @Test("the same seed gives the same figures")
    func seeds() throws {
        let series = DemandSeries(values: KnownSeries.wave(90, season: 5, seed: 4), seasons: [5])
        let tests = try [1, 1, 2].map { try #require(Self.test(series, horizon: 5, seed: $0)) }
        #expect(tests[0].chosen.pinball == tests[1].chosen.pinball)
        #expect(tests[0].chosen.pinball != tests[2].chosen.pinball)
        #expect(tests[0].chosen.meanAbsoluteError == tests[2].chosen.meanAbsoluteError)
    }

    @Test("a series without room or without change has none")
    func none() {
        #expect(Self.test(DemandSeries(values: [1, 2, 3, 4]), horizon: 2) == nil)
        #expect(Self.test(DemandSeries(values: Array(repeating: 2, count: 60)), horizon: 2) == nil)
    }
}
