import Chronology
import Experiments
import Testing

@Suite("The months of a forecast")
struct ForecastCalendarTests {
    private static let january = UnixTime(seconds: 1_767_571_200)

    @Test(
        "a month that is covered in part says so",
        arguments: [
            // From 2026-01-05, and from noon of that day.
            (0, 0, 90, "2026-01 (27 of 31 days)"), (0, 27, 90, "2026-02"), (0, 55, 90, "2026-03"),
            (0, 86, 90, "2026-04 (4 of 30 days)"), (0, 0, 3, "2026-01 (3 of 31 days)"),
            (12, 0, 90, "2026-01 (26.5 of 31 days)"), (12, 27, 90, "2026-02"),
            (12, 86, 90, "2026-04 (4.5 of 30 days)"), (12, 27, 45, "2026-02 (18.5 of 28 days)"),
        ] as [(Int64, Int, Int64, String)])
    func names(hour: Int64, day: Int, days: Int64, name: String) {
        let calendar = ForecastCalendar(start: UnixTime(seconds: Self.january.seconds + hour * 3_600))
        #expect(calendar.monthName(from: day, horizon: .days(days)) == name)
    }
}
