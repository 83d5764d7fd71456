import Foundation
import Statistics
import Testing
import VirtualTime

private func isClose(_ left: Double, _ right: Double, _ tolerance: Double = 1e-6) -> Bool {
    abs(left - right) <= tolerance * max(1, abs(right))
}

/// Draws of one repetition.
private struct Dice {
    private var stream: RandomStream

    init(_ purpose: String, _ repetition: Int) {
        stream = RandomStream(seed: Seed(11), name: "comparison", purpose: purpose, index: UInt64(repetition))
    }

    mutating func normal() -> Double {
        (-2 * log(stream.uniformOpen())).squareRoot() * cos(2 * .pi * stream.uniformOpen())
    }

    mutating func exponential() -> Double { -log(stream.uniformOpen()) }

    mutating func place(_ count: Int) -> Int { stream.integer(below: count) }
}

@Suite("Comparisons")
struct ComparisonTests {
    /// Differences, and what tables of the t distribution say of them.
    static let pairRows: [(differences: [Double], isCount: Bool, mean: Double, low: Double, high: Double, p: Double)] = [
        ([1, 2, 3, 4, 5], false, 3, 1.036757, 4.963243, 0.01323544),
        ([1, 2, 3, 4, 5], true, 3, 1.036757, 4.963243, 0.01323544),
        ([-0.5, 0.3, 0.1, -0.2], false, -0.075, -0.6319281, 0.4819281, 0.6971443),
        ([2, 2, 2], false, 2, 2, 2, 0),
        // By laws that are even from -m to m: 2 / 9, 2 / 81, 2 / 125, and 2 · 5 / 19^2 of those from -9 to 9.
        ([1, 1], true, 1, 1, 1, 0.2222222),
        ([-1, -1, -1, -1], true, -1, -1, -1, 0.0246914),
        ([2, 2, 2], true, 2, 2, 2, 0.016),
        ([5, 5], true, 5, 5, 5, 0.0277008),
        ([47, 47, 47, 47], true, 47, 47, 47, 0),
        ([0, 0], false, 0, 0, 0, 1),
        ([0, 0], true, 0, 0, 0, 1),
    ]

    @Test("a mean of differences has Student's interval and p-value", arguments: pairRows)
    func pairs(
        row: (differences: [Double], isCount: Bool, mean: Double, low: Double, high: Double, p: Double)
    ) throws {
        let found = try #require(pairedDifference(row.differences, isCount: row.isCount))
        #expect(found.count == row.differences.count)
        #expect(isClose(found.interval.mean, row.mean) && isClose(found.pValue, row.p, 1e-4), "\(found)")
        #expect(isClose(found.interval.low, row.low) && isClose(found.interval.high, row.high), "\(found)")
        #expect(pairedDifference([1]) == nil)
    }

    /// p-values, and what both procedures make of them by hand.
    static let adjustRows: [(p: [Double], holm: [Double], benjaminiHochberg: [Double])] = [
        ([0.01, 0.04, 0.03, 0.005], [0.03, 0.06, 0.06, 0.02], [0.02, 0.04, 0.04, 0.02]),
        ([0.9, 0.8], [1, 1], [0.9, 0.9]),
        ([0.02, 0.02], [0.04, 0.04], [0.02, 0.02]),
        ([0.3], [0.3], [0.3]),
        ([], [], []),
    ]

    @Test("p-values are corrected for their number", arguments: adjustRows)
    func adjusts(row: (p: [Double], holm: [Double], benjaminiHochberg: [Double])) {
        for (left, right) in zip(holmAdjusted(row.p), row.holm) { #expect(isClose(left, right)) }
        for (left, right) in zip(benjaminiHochbergAdjusted(row.p), row.benjaminiHochberg) {
            #expect(isClose(left, right))
        }
        #expect(holmAdjusted(row.p).count == row.p.count && benjaminiHochbergAdjusted(row.p).count == row.p.count)
    }

    /// Families of comparisons between variants that do not differ; the share of those with any finding at 5 %.
    private func falseFindings(_ families: Int, of size: Int, adjust: ([Double]) -> [Double]) -> Double {
        let found = (0..<families).count { family in
            var dice = Dice("null", family)
            let values = (0..<size).compactMap { _ in
                pairedDifference((0..<10).map { _ in dice.normal() - dice.normal() })?.pValue
            }
            return adjust(values).contains { $0 < 0.05 }
        }
        return Double(found) / Double(families)
    }

    @Test("variants that do not differ are told apart at the stated rate, however many comparisons there are")
    func nothing() {
        // Four standard errors of a share of 5 % among 3,000 are 1.6 %.
        #expect((0.034...0.066).contains(falseFindings(3_000, of: 1) { $0 }))
        #expect((0.030...0.066).contains(falseFindings(3_000, of: 8, adjust: holmAdjusted)))
        #expect((0.030...0.066).contains(falseFindings(3_000, of: 8, adjust: benjaminiHochbergAdjusted)))
        // Without a correction 1 - 0.95⁸ = 34 % of the families would have one.
        #expect((0.30...0.38).contains(falseFindings(3_000, of: 8) { $0 }))
    }

    @Test("a difference of a standard deviation is found, with the right sign")
    func something() {
        let found = (0..<500).count { repetition in
            var dice = Dice("shift", repetition)
            let difference = pairedDifference((0..<20).map { _ in dice.normal() + 1 })
            return difference.map { $0.pValue < 0.05 && $0.interval.mean > 0 } ?? false
        }
        // The power of the test is 0.989.
        #expect(found >= 480)
    }

    @Test("bootstrap intervals hold the mean about as often as they say, of even and of skewed samples")
    func bootstrap() throws {
        var (even, skewed) = (0, 0)
        for repetition in 0..<300 {
            var dice = Dice("bootstrap", repetition)
            let samples = [(0..<25).map { _ in dice.normal() }, (0..<25).map { _ in dice.exponential() - 1 }]
            for (place, sample) in samples.enumerated() {
                let interval = try #require(bootstrapInterval(sample, resamples: 400) { dice.place($0) })
                guard interval.low <= 0, interval.high >= 0 else { continue }
                if place == 0 { even += 1 } else { skewed += 1 }
            }
        }
        // Small samples hold it a little less often.
        #expect((270...294).contains(even), "\(even)")
        #expect((261...294).contains(skewed), "\(skewed)")
        let constant = try #require(bootstrapInterval([3, 3, 3]) { _ in 0 })
        #expect(constant.low == 3 && constant.high == 3)
        #expect(bootstrapInterval([3]) { _ in 0 } == nil)
    }

    @Test("a point is behind those that are nowhere worse and somewhere better")
    func pareto() {
        #expect(dominators(of: [[1, 5], [2, 4], [2, 5], [1, 5], [3, 6]]) == [[], [], [0, 1, 3], [], [0, 1, 2, 3]])
        #expect(dominators(of: []) == [])
    }
}
