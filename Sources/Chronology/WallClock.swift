/// A clock and a calendar on a wall: translates between instants of a scenario and what people read.
///
/// It hangs in a time zone: in one of the IANA database, or in one whose offset from UTC never changes.
package struct WallClock: Hashable, Sendable {
    /// The real time of `Instant.start`.
    package let startDate: StartDate
    private let rule: ZoneRule

    /// Creates a clock that is `offset` ahead of UTC, for a scenario that starts at `startDate`.
    package init(startDate: StartDate, offset: UTCOffset = .utc) {
        self.startDate = startDate
        rule = ZoneRule(offset)
    }

    /// Creates a clock of the zone that an IANA name such as "Europe/Paris" names, empty for UTC; nil for others.
    package init?(startDate: StartDate, zone: String) {
        guard let rule = zone.isEmpty ? ZoneRule(.utc) : ZoneTable.rule(of: zone) else { return nil }
        self.startDate = startDate
        self.rule = rule
    }

    /// The names of all zones that are known, in order.
    package static var zoneNames: [String] { ZoneTable.names }

    /// Returns how far the clock is ahead of UTC at an instant.
    package func offset(at instant: Instant) -> UTCOffset {
        rule.constant ?? rule.offset(at: startDate.unixTime(of: instant))
    }

    /// Returns how far the clock is ahead of UTC at a real time.
    func offset(at time: UnixTime) -> UTCOffset { rule.offset(at: time) }

    /// Whether the clock is never put forward or back.
    var isSteady: Bool { rule.constant != nil }

    /// Returns what the clock shows at an instant.
    package func civilTime(at instant: Instant) -> CivilTime {
        startDate.unixTime(of: instant).civilTime(offset: offset(at: instant))
    }

    /// Returns the instant at which the clock shows `civil`, or nil when it is more than 292 years from the start;
    /// `ZoneRule.time(showing:)` says what holds when clocks change.
    package func instant(at civil: CivilTime) -> Instant? {
        startDate.instant(of: rule.time(showing: civil))
    }

    /// Returns the day of the week at an instant.
    package func weekday(at instant: Instant) -> Weekday { civilTime(at: instant).weekday }

    /// Returns the hour of the day, 0...23, at an instant.
    package func hourOfDay(at instant: Instant) -> Int { civilTime(at: instant).hour }

    /// Returns the time since the clock last showed midnight.
    package func sinceMidnight(at instant: Instant) -> Duration {
        let civil = civilTime(at: instant)
        return .seconds(Int64(civil.secondOfDay)) + Duration(nanoseconds: Int64(civil.nanosecond))
    }
}

// MARK: - Text

extension WallClock {
    /// Returns an instant as RFC 3339 writes it, such as "2026-01-01T00:00:00Z".
    package func text(of instant: Instant, decimals: UnixTime.Decimals = .asNeeded) -> String {
        startDate.unixTime(of: instant).text(offset: offset(at: instant), decimals: decimals)
    }

    /// Returns the instant that an RFC 3339 text or a bare date (midnight UTC) names.
    package func instant(parsing text: String) throws(TimeParsingError) -> Instant {
        guard let instant = startDate.instant(of: try UnixTime(parsing: text)) else {
            throw TimeParsingError(
                expected: "time", input: text, reason: "it is more than 292 years from the start date \(startDate)")
        }
        return instant
    }
}
