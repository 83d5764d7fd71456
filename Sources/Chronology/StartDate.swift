/// The real time at which a scenario starts, a whole second; instants are counted from it.
package struct StartDate: Hashable, Sendable {
    /// Seconds since 1970-01-01T00:00:00Z.
    package let unixSeconds: Int64

    /// Creates the date `unixSeconds` after 1970.
    package init(unixSeconds: Int64) {
        self.unixSeconds = unixSeconds
    }

    /// Creates the date that a text such as "2026-01-01" or "2026-01-01T08:00:00+01:00" names.
    package init(parsing text: String) throws(TimeParsingError) {
        let time = try UnixTime(parsing: text)
        guard time.nanoseconds == 0 else {
            throw TimeParsingError(expected: "start date", input: text, reason: "it must be a whole second")
        }
        unixSeconds = time.seconds
    }

    /// How much of its day in UTC has passed.
    package var sinceMidnight: Duration {
        let rest = unixSeconds % 86_400
        return .seconds(rest < 0 ? rest + 86_400 : rest)
    }

    /// Returns the real time of an instant.
    package func unixTime(of instant: Instant) -> UnixTime {
        let (quotient, remainder) = instant.nanoseconds.quotientAndRemainder(dividingBy: Self.second)
        return remainder < 0
            ? UnixTime(seconds: unixSeconds + quotient - 1, nanoseconds: Int(remainder + Self.second))
            : UnixTime(seconds: unixSeconds + quotient, nanoseconds: Int(remainder))
    }

    /// Returns the instant at a real time, or nil when it lies more than 292 years from the start.
    package func instant(of time: UnixTime) -> Instant? {
        let (seconds, first) = time.seconds.subtractingReportingOverflow(unixSeconds)
        // Before the start both parts are made negative: the earliest instants would overflow otherwise.
        let isBefore = seconds < 0
        let (whole, second) = (isBefore ? seconds + 1 : seconds).multipliedReportingOverflow(by: Self.second)
        let rest = Int64(time.nanoseconds) - (isBefore ? Self.second : 0)
        let (sum, third) = whole.addingReportingOverflow(rest)
        return first || second || third ? nil : Instant(nanoseconds: sum)
    }

    /// The nanoseconds in a second.
    private static let second: Int64 = 1_000_000_000
}

extension StartDate: CustomStringConvertible {
    /// The date as RFC 3339 writes it, in UTC.
    package var description: String { UnixTime(seconds: unixSeconds).text() }
}
