import Testing
import VirtualTime

@testable import Experiments

@Suite("Parts of a variance")
struct VariancePartsTests {
    /// Figures of three factors, and what share of the variance is each one's own when all are uniform on 0 to 1.
    static let rows: [(name: String, figure: @Sendable ([Double]) -> Double, shares: [Double])] = [
        // Variances add up: 9 : 4 : 0.
        ("sum", { 3 * $0[0] + 2 * $0[1] }, [9.0 / 13, 4.0 / 13, 0]),
        ("one", { 5 + 2 * $0[2] }, [0, 0, 1]),
        // With centred factors, a product has nothing of its own.
        ("product", { ($0[0] - 0.5) * ($0[1] - 0.5) }, [0, 0, 0]),
        // a + c·(a − ½)(b − ½) with c² / 144 equal to the variance of a, 1 / 12: half is together.
        ("half", { $0[0] + 12.0.squareRoot() * ($0[0] - 0.5) * ($0[1] - 0.5) }, [0.5, 0, 0]),
    ]

    private static func pairs(_ count: Int, _ figure: ([Double]) -> Double) -> [VarianceParts.Pair] {
        var stream = RandomStream(seed: 7, name: "pairs")
        return (0..<count).map { _ in
            let (a, b) = ((0..<3).map { _ in stream.uniform() }, (0..<3).map { _ in stream.uniform() })
            let sisters = (0..<3).map { factor in
                var sister = a
                sister[factor] = b[factor]
                return figure(sister)
            }
            return VarianceParts.Pair(first: figure(a), second: figure(b), sisters: sisters)
        }
    }

    @Test("many pairs find the shares of known figures, and the rest is what they do together", arguments: rows)
    func closedForms(row: (name: String, figure: @Sendable ([Double]) -> Double, shares: [Double])) throws {
        var stream = RandomStream(seed: 1, name: "bootstrap")
        let parts = try #require(VarianceParts(Self.pairs(1_500, row.figure)) { stream.integer(below: $0) })
        for (place, share) in row.shares.enumerated() {
            #expect(abs(parts.own[place].value - share) < 0.09, "\(row.name) \(place): \(parts.own[place])")
            #expect(parts.own[place].low <= parts.own[place].value && parts.own[place].value <= parts.own[place].high)
            #expect(parts.total[place].value >= share - 0.09)
        }
        let sum = parts.own.reduce(parts.together.value) { $0 + $1.value }
        #expect(abs(sum - 1) < 1e-12 && abs(parts.together.value - (1 - row.shares.reduce(0, +))) < 0.12)
    }

    @Test("the interval of a few pairs holds the true share about as often as it says")
    func coverage() throws {
        var bootstrap = RandomStream(seed: 2, name: "bootstrap")
        let all = Self.pairs(50 * 24) { 3 * $0[0] + 2 * $0[1] }
        let held = (0..<50).count { sample in
            let pairs = Array(all[(sample * 24)..<(sample * 24 + 24)])
            guard let parts = VarianceParts(pairs, integer: { bootstrap.integer(below: $0) }) else { return false }
            return parts.own[0].low <= 9.0 / 13 && 9.0 / 13 <= parts.own[0].high
        }
        // 95 % are meant; percentile intervals of two dozen pairs hold somewhat less.
        #expect(held >= 40, "\(held) of 50")
    }

    @Test("too few pairs, and figures that do not vary, tell nothing")
    func nothing() {
        let pair = VarianceParts.Pair(first: 1, second: 2, sisters: [1])
        #expect(VarianceParts([pair, pair], integer: { _ in 0 }) == nil)
        let same = VarianceParts.Pair(first: 1, second: 1, sisters: [1])
        #expect(VarianceParts([same, same, same], integer: { _ in 0 }) == nil)
    }
}
