import Testing

@testable import Statistics

@Suite("Autoregression")
struct AutoregressionTests {
    private static func ahead(_ values: [Double], _ horizon: Int) throws -> [Double] {
        let series = DemandSeries(values: values)
        var state = try #require(AutoregressionModel().learned(from: series))
        for value in values { _ = state.observe(value) }
        return state.forecast(horizon)
    }

    @Test("the coefficient that made a series is found", arguments: [-0.6, 0.5, 0.9])
    func coefficient(memory: Double) {
        let found = AutoregressionModel.burg(KnownSeries.autoregression(2_000, memory: memory, seed: 5), orders: 12)
        // Four standard errors, sqrt((1 - φ²) / n); what further orders add is as small.
        #expect(abs((found.first ?? 0) - memory) < 4 * ((1 - memory * memory) / 2_000).squareRoot() + 0.03, "\(found)")
        #expect(found.dropFirst().allSatisfy { abs($0) < 0.12 }, "\(found)")
    }

    @Test("noise has no coefficients to speak of")
    func noise() {
        let found = AutoregressionModel.burg(KnownSeries.noise(1_000, seed: 6), orders: 12)
        #expect(found.allSatisfy { abs($0) < 0.15 }, "\(found)")
        #expect(AutoregressionModel.burg(Array(repeating: 0, count: 30), orders: 12) == [])
    }

    @Test("a period that nobody named goes on, around the level where the series is")
    func period() throws {
        let ahead = try Self.ahead(KnownSeries.wave(200, season: 10, seed: 7), 10)
        for (step, value) in ahead.enumerated() {
            let plain = 100 + 20 * sineAndCosine(turns: Double(200 + step) / 10).0
            #expect(abs(value - plain) < 5, "\(step): \(value) for \(plain)")
        }
    }

    @Test("where changes have no memory the last value stays, as after a sudden change")
    func level() throws {
        let values = Array(repeating: 5.0, count: 60) + [25, 25, 25]
        let ahead = try Self.ahead(values, 5)
        #expect(ahead.allSatisfy { abs($0 - 25) < 1 }, "\(ahead)")
        #expect(try Self.ahead(Array(repeating: 4, count: 60), 3) == [4, 4, 4])
    }

    @Test("a missing value is passed over, and a short series is none")
    func missing() throws {
        var values = Array(repeating: 4.0, count: 60)
        for step in stride(from: 0, to: 60, by: 7) { values[step] = .nan }
        #expect(try Self.ahead(values, 3) == [4, 4, 4])
        #expect(AutoregressionModel().learned(from: DemandSeries(values: [1, 2, 3])) == nil)
        #expect(AutoregressionModel().learned(from: DemandSeries(values: Array(repeating: .nan, count: 30))) == nil)
    }
}
