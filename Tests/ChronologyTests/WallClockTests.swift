import Chronology
import Testing

struct WallClockTests {
    @Test(
        "A time is read as seconds and nanoseconds since 1970",
        arguments: [
            ("1970-01-01T00:00:00Z", 0, 0), ("2026-01-01", 1_767_225_600, 0),
            ("2026-01-01T00:00:00Z", 1_767_225_600, 0), ("2026-01-01t00:00:00z", 1_767_225_600, 0),
            ("2026-01-01T02:00:00+02:00", 1_767_225_600, 0), ("2025-12-31T18:30:00-05:30", 1_767_225_600, 0),
            ("2026-01-01T00:00:00.5Z", 1_767_225_600, 500_000_000),
            ("2026-01-01T00:00:00.123456789999Z", 1_767_225_600, 123_456_789),
            ("1969-12-31T23:59:59.25Z", -1, 250_000_000), ("2024-02-29T12:00:00Z", 1_709_208_000, 0),
            ("0001-01-01T00:00:00Z", -62_135_596_800, 0),
        ] as [(String, Int64, Int)])
    func reads(text: String, seconds: Int64, nanoseconds: Int) throws {
        #expect(try UnixTime(parsing: text) == UnixTime(seconds: seconds, nanoseconds: nanoseconds))
    }

    @Test(
        "What is no time is refused",
        arguments: [
            "", "2026", "2026-1-1", "2026-02-30", "2026-01-01T00:00:00", "2026-01-01T24:00:00Z",
            "2026-01-01T00:60:00Z", "2026-01-01T00:00:60Z", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00+2:00",
            "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00Zx", "2026-01-01 00:00:00Z", "2026-01-01x",
            "2026-01-01T00:00:00+02:00 ", "26-01-01",
        ])
    func refuses(text: String) {
        #expect(throws: TimeParsingError.self) { try UnixTime(parsing: text) }
    }

    @Test("A start date must be a whole second")
    func startDate() throws {
        #expect(try StartDate(parsing: "2026-01-01T01:00:00+01:00").description == "2026-01-01T00:00:00Z")
        #expect(throws: TimeParsingError.self) { try StartDate(parsing: "2026-01-01T00:00:00.5Z") }
        #expect(try StartDate(parsing: "2026-01-01").sinceMidnight == .zero)
        #expect(try StartDate(parsing: "2026-01-01T23:00:05Z").sinceMidnight == .hours(23) + .seconds(5))
        #expect(StartDate(unixSeconds: -1).sinceMidnight == .days(1) - .seconds(1))
    }

    @Test(
        "Instants and texts translate both ways",
        arguments: [
            (0, 0, "2026-01-01T00:00:00Z"), (1_500_000_000, 0, "2026-01-01T00:00:01.5Z"),
            (-1, 0, "2025-12-31T23:59:59.999999999Z"), (0, 5 * 3_600 + 1_800, "2026-01-01T05:30:00+05:30"),
            (86_400_000_000_000, -3 * 3_600, "2026-01-01T21:00:00-03:00"),
            (Int64.max, 0, "2318-04-12T23:47:16.854775807Z"), (Int64.min, 0, "1733-09-22T00:12:43.145224192Z"),
        ] as [(Int64, Int, String)])
    func translates(nanoseconds: Int64, offset: Int, text: String) throws {
        let clock = WallClock(startDate: try StartDate(parsing: "2026-01-01"), offset: UTCOffset(seconds: offset))
        let instant = Instant(nanoseconds: nanoseconds)
        #expect(clock.text(of: instant) == text)
        #expect(try clock.instant(parsing: text) == instant)
        #expect(clock.instant(at: clock.civilTime(at: instant)) == instant)
    }

    @Test("A time too far from the start is refused, not wrapped around")
    func tooFar() throws {
        let clock = WallClock(startDate: try StartDate(parsing: "2026-01-01"))
        #expect(throws: TimeParsingError.self) { try clock.instant(parsing: "2319-01-01") }
        #expect(throws: TimeParsingError.self) { try clock.instant(parsing: "0001-01-01") }
    }

    @Test("A clock tells weekday, hour, and time since midnight where it hangs")
    func parts() throws {
        let start = try StartDate(parsing: "2026-01-01T23:30:00Z")
        let here = WallClock(startDate: start)
        let east = WallClock(startDate: start, offset: .hours(1))
        #expect(here.weekday(at: .start) == .thursday)
        #expect(east.weekday(at: .start) == .friday)
        #expect(here.hourOfDay(at: .start) == 23)
        #expect(east.hourOfDay(at: .start) == 0)
        #expect(east.sinceMidnight(at: .start + .milliseconds(1)) == .minutes(30) + .milliseconds(1))
        #expect(east.weekday(at: .start + .days(1)).isWeekend)
    }

    @Test("Decimals are written as asked for")
    func decimals() {
        let time = UnixTime(seconds: 0, nanoseconds: 1_234_000)
        #expect(time.text() == "1970-01-01T00:00:00.001234Z")
        #expect(time.text(decimals: .none) == "1970-01-01T00:00:00Z")
        #expect(UnixTime(seconds: 0).text(decimals: .six) == "1970-01-01T00:00:00.000000Z")
    }
}
