import Chronology
import Experiments
import Testing

@Suite("The months of a forecast")
struct ForecastCalendarTests {
    @Test(
        "a month that is covered in part says so",
        arguments: [
            // From 2026-01-05.
            (0, 90, "2026-01 (27 of 31 days)"), (27, 90, "2026-02"), (55, 90, "2026-03"), (86, 90, "2026-04 (4 of 30 days)"),
            (0, 3, "2026-01 (3 of 31 days)"),
        ])
    func names(day: Int, days: Int, name: String) {
        let calendar = ForecastCalendar(start: UnixTime(seconds: 1_767_571_200))
        #expect(calendar.monthName(from: day, ofDays: days) == name)
    }
}
