import RunDatabase
import Scenarios
import Testing

@testable import Experiments

@Suite("What a comparison shows")
struct ComparisonTests {
    private static let variants = ["a", "b", "c"].enumerated().map {
        VariantRow(name: $1, changes: [], isBaseline: $0 == 0)
    }

    /// Replications of three variants, with the values that `value` gives to a variant (from 0), a seed and a tie.
    private static func replications(
        seeds: Int, ties: Int = 0, _ value: (Int, Int, Int) -> Int64?
    ) -> [ReplicationRow] {
        var rows: [ReplicationRow] = []
        for variant in 0..<3 {
            for seed in 1...seeds {
                for tie in ties == 0 ? [0] : Array(1...ties) {
                    var row = ReplicationRow(
                        id: rows.count + 1, variant: variant + 1, number: seed, seed: UInt64(seed), tie: tie,
                        request: "")
                    var outcome = ReplicationOutcome()
                    if let value = value(variant, seed, tie) {
                        outcome.digest = "d"
                        outcome.metrics = [.init(name: "cost.total", value: value, unit: "nanodollars")]
                    }
                    row.outcome = outcome
                    rows.append(row)
                }
            }
        }
        return rows
    }

    private func rows(
        _ replications: [ReplicationRow], metrics: [String] = ["cost.total"],
        correction: ExperimentDocument.Correction = .holm
    ) -> [ComparisonRow] {
        ComparisonAnalysis(
            confidence: 0.95, correction: correction, metrics: metrics, pareto: [("cost", "cost.total")]
        ).rows(variants: Self.variants, replications: replications)
    }

    @Test("a twin shows no difference and a dearer variant does, since seeds are paired")
    func pairs() {
        // The seeds differ by far more than the variants do.
        let rows = rows(
            Self.replications(seeds: 6) { variant, seed, _ in
                Int64(1_000 * seed) + (variant == 2 ? Int64(5 + seed % 2) : 0)
            })
        #expect(rows.map(\.finding) == [.baseline, .nothing, .higher])
        #expect(rows.map(\.pairs) == [6, 6, 6] && rows.map(\.role) == ["cost", "cost", "cost"])
        #expect(rows.map(\.difference) == [nil, 0, 5.5] && rows[1].p == 1)
        #expect(rows[2].interval.map { $0.low > 4 && $0.high < 7 } == true)
        #expect(rows[2].bootstrap.map { $0.low >= 5 && $0.high <= 6 } == true)
        #expect(rows[0].mean == 3_500 && rows[2].mean == 3_505.5)
    }

    @Test("a run without figures takes its pair with it, and one pair shows nothing")
    func losses() {
        let rows = rows(
            Self.replications(seeds: 4) { variant, seed, _ in
                variant == 1 && seed == 2 || variant == 2 && seed > 1 ? nil : Int64(10 * seed + variant)
            })
        #expect(rows.map(\.pairs) == [4, 3, 1])
        #expect(rows.map(\.finding) == [.baseline, .higher, .unknown] && rows[2].p == nil)
    }

    @Test("machines that a variant never had are none, and another metric that nobody tells is unknown")
    func absent() {
        let replications = Self.replications(seeds: 3) { _, seed, _ in Int64(seed) }
        let rows = rows(replications, metrics: ["machines.m6i.large.max", "service.shop/web.errors"])
        #expect(rows.map(\.finding) == [.baseline, .nothing, .nothing, .baseline, .unknown, .unknown])
        #expect(rows.map(\.mean) == [0, 0, 0, nil, nil, nil])
    }

    @Test("it is told in how many streams of tie-breaks a difference shows")
    func ties() {
        // b is dearer however ties fall; c only in the first of four streams.
        let rows = rows(
            Self.replications(seeds: 8, ties: 4) { variant, seed, tie in
                let noise = Int64(seed * seed % 5)
                switch variant {
                case 1: return 1_000 + 100 + noise
                case 2: return 1_000 + (tie == 1 ? 400 : 0) + noise
                default: return 1_000
                }
            })
        #expect(rows.map(\.ties) == [4, 4, 4])
        #expect(rows.map(\.finding) == [.baseline, .higher, .higher])
        #expect(rows[1].tiesAgreeing == 4)
        #expect(rows[2].tiesAgreeing >= 1)
    }

    @Test("with more comparisons it takes more to show a difference")
    func corrections() {
        // p is 0.043 for both; Holm asks for half of the level, Benjamini and Hochberg do not when all are that low.
        let differences: [Int64] = [4, 1, 3, -1, 6, 3]
        let replications = Self.replications(seeds: 6) { variant, seed, _ in
            100 + (variant == 0 ? 0 : differences[seed - 1])
        }
        #expect(rows(replications, correction: .none).map(\.finding) == [.baseline, .higher, .higher])
        #expect(rows(replications, correction: .benjaminiHochberg).map(\.finding) == [.baseline, .higher, .higher])
        #expect(rows(replications, correction: .holm).map(\.finding) == [.baseline, .nothing, .nothing])
    }
}
