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

    /// Returns the name of the month that begins, or in which the forecast begins, on a day, as `2026-01`; one that runs of
    /// this length cover in part is named with how many of its days they cover, as `2026-01 (27.5 of 31 days)`.
    package func monthName(from day: Int, horizon: Duration) -> String {
        let date = date(of: day)
        let length = CivilDate.daysIn(month: date.month, year: date.year)
        let first =
            (start.seconds - StartDate(unixSeconds: start.seconds).sinceMidnight.nanoseconds / 1_000_000_000) / 86_400
            + Int64(day) - Int64(date.day - 1)
        let from = max(start.seconds, first * 86_400)
        let to = min(start.seconds + horizon.nanoseconds / 1_000_000_000, (first + Int64(length)) * 86_400)
        let name = String("\(date)".prefix(7))
        let covered = max(0, to - from)
        if covered == Int64(length) * 86_400 { return name }
        let tenths = (covered * 10 + 43_200) / 86_400
        let days = tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
        return "\(name) (\(days) of \(length) days)"
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
