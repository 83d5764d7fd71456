import Chronology
import Costs
import Testing

@Suite struct NanoDollarsTests {
    @Test(
        "A decimal text is read exactly and written back",
        arguments: [
            ("0.096", 96_000_000, "0.096"), ("1234.560000001", 1_234_560_000_001, "1234.560000001"),
            ("7", 7_000_000_000, "7"),
            ("-0.5", -500_000_000, "-0.5"), (".25", 250_000_000, "0.25"), ("0.10", 100_000_000, "0.1"),
            ("0.1234567890", 123_456_789, "0.123456789"), ("-0.000000001", -1, "-0.000000001"),
            ("9223372036.854775807", Int64.max, "9223372036.854775807"),
            ("-9223372036.854775808", Int64.min, "-9223372036.854775808"),
        ])
    func reads(text: String, amount: Int64, exact: String) throws {
        let money = try #require(NanoDollars(parsing: text))
        #expect(money.amount == amount)
        #expect(money.exact == exact)
        #expect(NanoDollars(parsing: money.exact) == money)
    }

    @Test(
        "What is not an exact amount is refused",
        arguments: ["", ".", "-", "1e3", "1,000", "$1", "1.2.3", "0.1234567891", "9223372036.854775808", " 1"])
    func refuses(text: String) {
        #expect(NanoDollars(parsing: text) == nil)
    }

    @Test(
        "Amounts are shown in dollars and cents, halves to even",
        arguments: [
            (1_234_560_000_000, "$1,234.56"), (-1_234_560_000_000, "-$1,234.56"), (0, "$0.00"), (5_000_000, "$0.00"),
            (15_000_000, "$0.02"), (-1, "$0.00"), (999_995_000_000, "$1,000.00"),
            (1_234_567_890_000_000, "$1,234,567.89"),
        ])
    func shows(amount: Int64, text: String) {
        #expect(NanoDollars(amount).description == text)
    }

    @Test(
        "An hourly price over a time is rounded once, halves to even",
        arguments: [
            (96_000_000, 3_600_000_000_000, 96_000_000), (96_000_000, 60_000_000_000, 1_600_000),
            (1, 1_800_000_000_000, 0),
            (3, 1_800_000_000_000, 2), (1, 1_800_000_000_001, 1), (5, 1_800_000_000_000, 2),
            (Int64(1_000_000_000_000), 31_536_000_000_000_000, 8_760_000_000_000_000),
        ] as [(Int64, Int64, Int64)])
    func overTime(hourly: Int64, nanoseconds: Int64, cost: Int64) {
        #expect(NanoDollars(hourly).perHour(over: Duration(nanoseconds: nanoseconds)).amount == cost)
    }
}

@Suite struct ApportionmentTests {
    @Test(
        "Parts follow the largest remainders, ties by index",
        arguments: [
            (10, [1, 1, 1], [4, 3, 3]), (100, [3, 3, 1], [43, 43, 14]), (1, [1, 2, 2], [0, 1, 0]),
            (0, [1, 2], [0, 0]),
            (5, [0, 0], [3, 2]), (7, [0, 5, 0], [0, 7, 0]), (0, [], []),
        ] as [(Int64, [Int64], [Int64])])
    func parts(total: Int64, weights: [Int64], expected: [Int64]) {
        #expect(Apportionment.largestRemainder(total: total, weights: weights) == expected)
    }

    @Test("Parts sum to the whole, each within one of its exact share")
    func sums() {
        var random = LCG(seed: 7)
        for _ in 0..<2_000 {
            let total = Int64(random.below(1 << 62))
            let weights = (0..<(1 + random.below(12))).map { _ in Int64(random.below(1 << UInt64(1 + random.below(60))))
            }
            let parts = Apportionment.largestRemainder(total: total, weights: weights)
            #expect(parts.reduce(0, +) == total)
            let sum = weights.reduce(Int128(0)) { $0 + Int128($1) }
            guard sum > 0 else { continue }
            for (part, weight) in zip(parts, weights) {
                let difference = Int128(part) * sum - Int128(total) * Int128(weight)
                #expect(difference.magnitude < sum.magnitude)
            }
        }
    }
}
