/// A day of the week, numbered as cron does.
package enum Weekday: Int, CaseIterable, Hashable, Sendable {
    case sunday, monday, tuesday, wednesday, thursday, friday, saturday

    /// Whether the day is a Saturday or a Sunday.
    package var isWeekend: Bool { self == .saturday || self == .sunday }
}
