import Chronology
import Testing

struct DurationTextTests {
    @Test(
        "A text names an exact number of nanoseconds",
        arguments: [
            ("0", 0), ("0s", 0), ("-0s", 0), ("1ns", 1), ("10us", 10_000), ("10µs", 10_000), ("10μs", 10_000),
            ("500ms", 500_000_000), ("1.5h", 5_400_000_000_000), ("1h30m", 5_400_000_000_000),
            ("2m", 120_000_000_000), ("90s", 90_000_000_000), ("30d", 2_592_000_000_000_000),
            ("1w", 604_800_000_000_000), ("-1m", -60_000_000_000), ("+5s", 5_000_000_000), (".5s", 500_000_000),
            ("1.s", 1_000_000_000), ("1m1h", 3_660_000_000_000), ("0.1w", 60_480_000_000_000),
            ("0.333333333h", 1_199_999_998_800), ("1.000000000000000000000s", 1_000_000_000),
            ("1.000000001s", 1_000_000_001), ("0.00000000000000000000h", 0),
            ("9223372036854775807ns", Int64.max), ("-9223372036854775808ns", Int64.min),
            ("0.000000000015625d", 1_350),
        ] as [(String, Int64)])
    func parses(text: String, nanoseconds: Int64) throws {
        #expect(try Duration(parsing: text).nanoseconds == nanoseconds)
    }

    @Test(
        "What is no duration is refused with a reason",
        arguments: [
            ("", "it is empty"), ("-", "it is empty"), ("5", "a unit is missing"), ("1h5", "a unit is missing"),
            ("h", "a number is expected"), (".s", "a number is expected"), ("1y", "unknown unit \"y\""),
            ("1 h", "unknown unit \" h\""), ("1.5ns", "finer than a nanosecond"),
            ("0.0000000000000000000000001w", "finer than a nanosecond"), ("1H", "unknown unit \"H\""),
            ("9223372036854775808ns", "out of range"), ("-9223372036854775809ns", "out of range"),
            ("99999999999999999999h", "out of range"), ("20000w", "out of range"), ("1h-5m", "unknown unit \"h-\""),
            ("1.5.5s", "a unit is missing"), ("--5s", "a number is expected"), ("0h0", "a unit is missing"),
        ])
    func refuses(text: String, reason: String) {
        #expect {
            try Duration(parsing: text)
        } throws: {
            ($0 as? TimeParsingError)?.reason.contains(reason) == true
        }
    }

    @Test(
        "A duration is written in canonical form and read back",
        arguments: [
            (0, "0s"), (1, "1ns"), (1_500, "1.5us"), (250_000_000, "250ms"), (1_050_000, "1.05ms"),
            (1_500_000_000, "1.5s"), (90_000_000_000, "1m30s"), (5_400_000_000_000, "1h30m"),
            (86_400_000_000_000, "24h"), (172_800_000_000_000, "2d"), (2_592_000_000_000_000, "30d"),
            (172_800_000_000_001, "48h1ns"), (3_600_500_000_000, "1h500ms"), (-60_000_000_000, "-1m"),
            (Int64.max, "2562047h47m16.854775807s"), (Int64.min, "-2562047h47m16.854775808s"),
        ] as [(Int64, String)])
    func writes(nanoseconds: Int64, text: String) throws {
        let duration = Duration(nanoseconds: nanoseconds)
        #expect(duration.description == text)
        #expect(try Duration(parsing: text) == duration)
    }

    @Test("An error names the input")
    func describesErrors() {
        #expect(
            throws: TimeParsingError(
                expected: "duration", input: "5", reason: "a unit is missing (ns, us, ms, s, m, h, d, w)")
        ) { try Duration(parsing: "5") }
    }
}
