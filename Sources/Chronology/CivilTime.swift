/// A date and a time of day as a wall calendar and a wall clock show them, without saying where they hang.
package struct CivilTime: Hashable, Sendable {
    /// The date.
    package var date: CivilDate
    /// The hour of the day, 0...23.
    package var hour: Int
    /// The minute of the hour, 0...59.
    package var minute: Int
    /// The second of the minute, 0...59.
    package var second: Int
    /// Nanoseconds of the second, 0...999,999,999.
    package var nanosecond: Int

    /// Creates a date and time; the parts must lie in their ranges.
    package init(date: CivilDate, hour: Int = 0, minute: Int = 0, second: Int = 0, nanosecond: Int = 0) {
        precondition((0..<24).contains(hour) && (0..<60).contains(minute) && (0..<60).contains(second))
        precondition((0..<1_000_000_000).contains(nanosecond))
        self.date = date
        self.hour = hour
        self.minute = minute
        self.second = second
        self.nanosecond = nanosecond
    }

    /// The day of the week.
    package var weekday: Weekday { date.weekday }

    /// The seconds since midnight.
    package var secondOfDay: Int { (hour * 60 + minute) * 60 + second }
}
