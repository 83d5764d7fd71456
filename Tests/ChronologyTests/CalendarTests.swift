import Chronology
import Testing

struct CalendarTests {
    @Test(
        "Dates and day numbers translate both ways",
        arguments: [
            (1970, 1, 1, 0, Weekday.thursday), (1969, 12, 31, -1, .wednesday), (2000, 2, 29, 11_016, .tuesday),
            (2000, 3, 1, 11_017, .wednesday), (2026, 1, 1, 20_454, .thursday), (2100, 3, 1, 47_541, .monday),
            (1900, 1, 1, -25_567, .monday), (0, 3, 1, -719_468, .wednesday), (1600, 2, 29, -135_081, .tuesday),
        ])
    func days(year: Int, month: Int, day: Int, number: Int, weekday: Weekday) throws {
        let date = try #require(CivilDate(year: year, month: month, day: day))
        #expect(date.daysSince1970 == number)
        #expect(CivilDate(daysSince1970: number) == date)
        #expect(date.weekday == weekday)
    }

    @Test("Every day of eight centuries follows the one before it")
    func successive() {
        var (year, month, day) = (1600, 1, 1)
        var weekday = 6  // 1600-01-01 was a Saturday.
        for number in -135_140..<(-135_140 + 292_194) {
            let date = CivilDate(daysSince1970: number)
            guard date.year == year, date.month == month, date.day == day, date.weekday.rawValue == weekday,
                date.daysSince1970 == number
            else {
                Issue.record("day \(number) is \(date), not \(year)-\(month)-\(day)")
                return
            }
            weekday = (weekday + 1) % 7
            day += 1
            if day > CivilDate.daysIn(month: month, year: year) { (month, day) = (month + 1, 1) }
            if month > 12 { (year, month) = (year + 1, 1) }
        }
        #expect(year == 2400)
    }

    @Test(
        "The calendar refuses days it does not have",
        arguments: [(2026, 2, 29), (2100, 2, 29), (2026, 0, 1), (2026, 13, 1), (2026, 4, 31), (2026, 1, 0)])
    func refuses(year: Int, month: Int, day: Int) {
        #expect(CivilDate(year: year, month: month, day: day) == nil)
    }
}
