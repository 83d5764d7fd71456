import Statistics
import Testing

private func isClose(_ left: Double?, _ right: Double, _ tolerance: Double = 1e-12) -> Bool {
    guard let left else { return false }
    return abs(left - right) <= tolerance * max(1, abs(right))
}

struct SampleSummaryTests {
    @Test("A summary has the sample's moments and extremes")
    func moments() {
        let summary = SampleSummary([2, 4, 4, 4, 5, 5, 7, 9])
        #expect(summary.count == 8)
        #expect(isClose(summary.mean, 5))
        #expect(isClose(summary.variance, 32.0 / 7))
        #expect(isClose(summary.deviation, (32.0 / 7).squareRoot()))
        #expect(isClose(summary.standardError, (32.0 / 56).squareRoot()))
        #expect(summary.minimum == 2)
        #expect(summary.maximum == 9)
    }

    @Test("A large common offset costs no accuracy")
    func offset() {
        #expect(isClose(SampleSummary([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16]).variance, 30))
    }

    @Test("Too few numbers have no variance")
    func few() {
        #expect(SampleSummary().variance == nil)
        #expect(SampleSummary([3]).variance == nil)
        #expect(SampleSummary([3, 3]).variance == 0)
    }

    @Test("Two halves summarised apart give the whole", arguments: 0...5)
    func merge(split: Int) {
        let sample = [3.0, -1, 4, 1.5, 9]
        var merged = SampleSummary(Array(sample[..<split]))
        merged.add(SampleSummary(Array(sample[split...])))
        let whole = SampleSummary(sample)
        #expect(merged.count == whole.count)
        #expect(isClose(merged.mean, whole.mean))
        #expect(isClose(merged.variance, whole.variance ?? -1))
        #expect(merged.minimum == -1)
        #expect(merged.maximum == 9)
    }
}

struct QuantileTests {
    // Expected values are those of numpy.quantile.
    @Test(
        "A quantile interpolates as type 7 does",
        arguments: [(0, 1), (0.25, 1.75), (0.5, 2.5), (0.9, 7.9), (0.95, 8.95), (1, 10)] as [(Double, Double)])
    func typeSeven(p: Double, expected: Double) {
        #expect(isClose(quantile(sorted: [1, 2, 3, 10], p), expected))
    }

    @Test("One value is every quantile, and none has none")
    func edges() {
        #expect(quantile(sorted: [7], 0.3) == 7)
        #expect(quantile(sorted: [], 0.3) == nil)
        #expect(weightedQuantile(sorted: [1, 2], weights: [0, 0], 0.5) == nil)
    }

    @Test(
        "A weighted quantile is the value at which the share is reached",
        arguments: [(0, 1), (0.1, 1), (0.11, 2), (0.5, 2), (0.51, 5), (0.95, 5), (1, 5)] as [(Double, Double)])
    func weighted(p: Double, expected: Double) {
        #expect(weightedQuantile(sorted: [0, 1, 2, 5, 9], weights: [0, 1, 4, 5, 0], p) == expected)
    }
}

struct MeanIntervalTests {
    // Expected values are those of scipy.stats.t.interval.
    @Test(
        "The interval of a mean is Student's",
        arguments: [(0.95, 2.776_445_105_197_793), (0.90, 2.131_846_786_326_649_5), (0.99, 4.604_094_871_349_992)])
    func student(level: Double, t: Double) throws {
        let interval = try #require(meanConfidenceInterval(SampleSummary([1, 2, 3, 4, 5]), level: level))
        #expect(interval.mean == 3)
        #expect(isClose(interval.halfWidth, t * 0.5.squareRoot(), 1e-9))
        #expect(isClose(interval.low, 3 - t * 0.5.squareRoot(), 1e-9))
        #expect(isClose(interval.high, 3 + t * 0.5.squareRoot(), 1e-9))
    }

    @Test("One number has no interval")
    func few() {
        #expect(meanConfidenceInterval(SampleSummary([1])) == nil)
    }
}

struct LinearFitTests {
    @Test("A line through scattered points has the textbook coefficients")
    func scattered() throws {
        let fit = try #require(linearRegression(x: [1, 2, 3, 4], y: [6, 5, 7, 10]))
        #expect(isClose(fit.slope, 1.4))
        #expect(isClose(fit.intercept, 3.5))
        #expect(isClose(fit.residualSquares, 4.2))
        #expect(isClose(fit.slopeError, 0.42.squareRoot()))
        #expect(isClose(fit.interceptError, 3.15.squareRoot()))
        #expect(isClose(fit.value(at: 10), 17.5))
    }

    @Test("Too few points, or points above each other, have no line")
    func degenerate() {
        #expect(linearRegression(x: [1, 2], y: [1, 2]) == nil)
        #expect(linearRegression(x: [3, 3, 3], y: [1, 2, 3]) == nil)
    }
}
