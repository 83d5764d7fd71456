import Chronology

/// A point of time in a failure log: a date, or a length since the log's beginning.
package struct LogTime: Hashable, Sendable {
    /// Since 1970 or since the log's beginning.
    package let nanoseconds: Int64
    package let isDate: Bool

    /// Creates a point of a number of nanoseconds.
    package init(nanoseconds: Int64, isDate: Bool) {
        self.nanoseconds = nanoseconds
        self.isDate = isDate
    }

    /// What a point of time looks like.
    package static let example = "2026-01-31T12:00:00Z, \"2026-01-31 12:00\" (UTC), 36h or seconds"

    /// Reads a date (in UTC unless it names a zone; "T" may be a blank, and seconds may be missing), a length, or whole
    /// seconds; nil when it is none of them or lies centuries away.
    package init?(parsing text: String) {
        if let seconds = Int64(text) {
            let (value, isBeyond) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
            guard !isBeyond else { return nil }
            self.init(nanoseconds: value, isDate: false)
        } else if let length = try? Duration(parsing: text) {
            self.init(nanoseconds: length.nanoseconds, isDate: false)
        } else {
            let form = text.replacing(" ", with: "T")
            let time = ["", "Z", ":00Z"].lazy.compactMap { try? UnixTime(parsing: form + $0) }.first
            guard let time, let point = Self(time) else { return nil }
            self = point
        }
    }

    /// Reads an American date such as `6/21/2005 10:54`, in UTC; nil when it is none.
    package init?(american text: String) {
        let parts = text.split(separator: " ")
        let day = parts.first?.split(separator: "/").map { Int($0) } ?? []
        let clock = parts.count == 2 ? parts[1].split(separator: ":").map { Int($0) } : [0, 0]
        guard parts.count <= 2, day.count == 3, clock.count == 2, let month = day[0], let number = day[1],
            let year = day[2], let hour = clock[0], let minute = clock[1], (0..<24).contains(hour),
            (0..<60).contains(minute), let date = CivilDate(year: year, month: month, day: number),
            let point = Self(UnixTime(CivilTime(date: date, hour: hour, minute: minute)))
        else { return nil }
        self = point
    }

    private init?(_ time: UnixTime) {
        let (whole, first) = time.seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, second) = whole.addingReportingOverflow(Int64(time.nanoseconds))
        guard !first, !second else { return nil }
        self.init(nanoseconds: sum, isDate: true)
    }
}

extension LogTime: CustomStringConvertible {
    package var description: String {
        guard isDate else { return "\(Duration(nanoseconds: nanoseconds))" }
        let (whole, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        let time = rest < 0 ? (whole - 1, rest + 1_000_000_000) : (whole, rest)
        return UnixTime(seconds: time.0, nanoseconds: Int(time.1)).text()
    }
}
