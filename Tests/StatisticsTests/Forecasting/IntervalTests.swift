import Testing

@testable import Statistics

@Suite("The middle and the width of forecasts")
struct IntervalTests {
    @Test("what one method foretells is its own mean, two have the one of their logarithms, and signs the plain one")
    func mean() {
        let positive = DemandSeries(values: [10, 30])
        #expect(MemberMean([1], positive)([[7.5, 0]]) == [7.5, 0])
        // A twentieth of the mean of the series is added to both: (10 + 1)(40 + 1) is 451.
        let mean = MemberMean([0.5, 0.5], positive)([[10], [40]])[0]
        #expect(abs(mean - (451.0.squareRoot() - 1)) < 1e-9)
        #expect(MemberMean([0.5, 0.5], DemandSeries(values: [-10, 30]))([[10], [40]]) == [25])
        #expect(MemberMean([0.5, 0.5], positive)([[0], [0]])[0] == 0)
    }

    @Test("a series that changes as it always did has the factor one")
    func steady() {
        let spread = LocalSpread(DemandSeries(values: (0..<80).map { 3 + 2 * Double($0) }))
        #expect((0...80).allSatisfy { abs(spread.factor(after: $0) - 1) < 1e-12 })
        #expect(LocalSpread(DemandSeries(values: Array(repeating: 4, count: 40))).factor(after: 40) == 1)
        #expect(LocalSpread(DemandSeries(values: [])).factor(after: 0) == 1)
    }

    @Test("changes four times as large as before, a half-life long, count with half of the weight", arguments: [4, 0.25])
    func restless(change: Double) {
        var values = [0.0]
        for step in 0..<124 { values.append(values[step] + (step < 100 ? 1 : change)) }
        let spread = LocalSpread(DemandSeries(values: values))
        // 124 steps weigh 1 - 2^(-124/24) of all there could be, the last 24 of them one half.
        let all = 1 - powerOfHalf(124.0 / 24)
        let recent = (0.5 * change + all - 0.5) / all
        let factor = (recent / ((100 + 24 * change) / 124)).squareRoot()
        #expect(abs(spread.factor(after: 125) - factor) < 1e-9)
        #expect(abs(spread.factor(after: 101) - 1) < 1e-9)
    }

    /// The span of the origins in horizons, the scale that errors four times the bootstrap's come to by it (a power of
    /// four), and the quantile of Student's t with two degrees of freedom for each horizon.
    static let trialRows: [(span: Int, scale: Double, tail: Double)] = [
        (4, 2, 1.859548), (12, 2.8284271247, 1.710882), (10_000_000, 4, 1.644854),
    ]

    @Test("few horizons leave the bootstrap's width, and many are believed", arguments: trialRows)
    func held(row: (span: Int, scale: Double, tail: Double)) {
        // Four origins are too few to try scales with what was known before.
        let ratios = Array(repeating: [4.0, -4, 4, -4, 4, -4, 4, -4, 4, -4], count: 4)
        let scales = IntervalScales(horizon: 10, ratios: ratios, origins: [0, 1, 2, 10 * row.span], tail: 0.05)
        let expected: Double = row.scale * row.tail / 1.644854
        // The first two groups are a step long, and have errors of one sign only.
        for group in scales.ends.indices.dropFirst(2) {
            #expect(abs(scales.above[group] - expected) < 1e-3, "\(scales.above)")
            #expect(abs(scales.below[group] - expected) < 1e-3, "\(scales.below)")
        }
        #expect(scales.scaled(11, middle: 10, group: 3, times: 2) == 10 + 2 * scales.above[3])
    }
}
