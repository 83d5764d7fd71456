package import Chronology

/// The calendar of a forecast, in UTC: which of its days lie in one month. The first and the last may be parts of days.
package struct ForecastCalendar: Sendable {
    private let start: UnixTime

    /// Creates the calendar of runs that begin at `start`.
    package init(start: UnixTime) { self.start = start }

    /// Returns the date of a day, counted from that on which the runs begin.
    package func date(of day: Int) -> CivilDate {
        UnixTime(seconds: start.seconds + Int64(day) * 86_400).civilTime().date
    }

    /// Returns the name of the month that begins, or in which the forecast begins, on a day, as `2026-01`; one of which
    /// `days` days of forecast leave something out is named with what they cover, as `2026-01 (11 of 31 days)`.
    package func monthName(from day: Int, ofDays days: Int) -> String {
        let date = date(of: day)
        var end = day + 1
        while end < days, !isMonthStart(end) { end += 1 }
        let name = String("\(date)".prefix(7))
        let length = CivilDate.daysIn(month: date.month, year: date.year)
        return end - day == length ? name : "\(name) (\(end - day) of \(length) days)"
    }

    /// Returns whether a day is the first one, or the first of a month.
    func isMonthStart(_ day: Int) -> Bool {
        guard day > 0 else { return true }
        let (before, now) = (date(of: day - 1), date(of: day))
        return (before.year, before.month) != (now.year, now.month)
    }

    /// Returns the days of each month.
    func months(days: Int) -> [Range<Int>] {
        var months: [Range<Int>] = []
        for day in 0..<days {
            if isMonthStart(day) {
                months.append(day..<day + 1)
            } else if let last = months.popLast() {
                months.append(last.lowerBound..<day + 1)
            }
        }
        return months
    }
}
