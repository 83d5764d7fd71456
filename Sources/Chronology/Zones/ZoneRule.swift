// Counterpart: the footer of a TZif file, a POSIX TZ rule. Deliberate differences: offsets in whole minutes; the days of
// change by month, week and weekday only.

/// How far a zone's clocks are ahead of UTC, in summer and in winter.
package struct ZoneRule: Hashable, Sendable {
    /// When clocks change in a year.
    private struct Change: Hashable, Sendable {
        var month: Int
        /// 1...5, where 5 is the last of the month.
        var week: Int
        var weekday: Int
        /// Minutes after midnight by the clocks before the change; may be negative or beyond a day.
        var minute: Int

        /// Returns the seconds since 1970 at which the change takes place in `year`, for clocks `offset` ahead of UTC.
        func time(in year: Int, offset: UTCOffset) -> Int64 {
            guard let first = CivilDate(year: year, month: month, day: 1) else {
                preconditionFailure("a rule names month \(month)")
            }
            var day = (weekday - first.weekday.rawValue + 7) % 7 + 7 * (week - 1)
            while day >= CivilDate.daysIn(month: month, year: year) { day -= 7 }
            return Int64(first.daysSince1970 + day) * 86_400 + Int64(minute * 60 - offset.seconds)
        }
    }

    private struct Summer: Hashable, Sendable {
        var offset: UTCOffset
        var start: Change
        var end: Change
    }

    private let winter: UTCOffset
    private let summer: Summer?

    /// Creates a rule of clocks that are always `offset` ahead of UTC.
    package init(_ offset: UTCOffset) {
        winter = offset
        summer = nil
    }

    /// Reads "60" or "60 120 3.5.0.120 10.5.0.180": see `ZoneTable`.
    init?(parsing text: Substring) {
        let parts = text.split(separator: " ")
        guard let first = parts.first.flatMap({ Int($0) }) else { return nil }
        winter = UTCOffset(seconds: first * 60)
        if parts.count == 1 {
            summer = nil
            return
        }
        guard parts.count == 4, let second = Int(parts[1]), let start = Self.change(parts[2]),
            let end = Self.change(parts[3])
        else { return nil }
        summer = Summer(offset: UTCOffset(seconds: second * 60), start: start, end: end)
    }

    private static func change(_ text: Substring) -> Change? {
        let numbers = text.split(separator: ".").compactMap { Int($0) }
        guard numbers.count == 4, (1...12).contains(numbers[0]), (1...5).contains(numbers[1]) else { return nil }
        return Change(month: numbers[0], week: numbers[1], weekday: numbers[2], minute: numbers[3])
    }

    /// The offset that always holds, or nil when clocks change.
    var constant: UTCOffset? { summer == nil ? winter : nil }

    /// Returns how far clocks are ahead of UTC at `time`.
    package func offset(at time: UnixTime) -> UTCOffset {
        guard let summer else { return winter }
        let year = time.civilTime(offset: winter).date.year
        let start = summer.start.time(in: year, offset: winter)
        let end = summer.end.time(in: year, offset: summer.offset)
        // South of the equator summer goes on into the next year.
        let isSummer =
            start < end
            ? start <= time.seconds && time.seconds < end : !(end <= time.seconds && time.seconds < start)
        return isSummer ? summer.offset : winter
    }

    /// Returns the time at which clocks show `civil`: the earlier one where they show it twice, and where they skip it
    /// that of clocks which had not been put forward.
    package func time(showing civil: CivilTime) -> UnixTime {
        guard let summer else { return UnixTime(civil, offset: winter) }
        let candidates = [UnixTime(civil, offset: summer.offset), UnixTime(civil, offset: winter)].sorted()
        for candidate in candidates where candidate.civilTime(offset: offset(at: candidate)) == civil {
            return candidate
        }
        return UnixTime(civil, offset: winter)
    }
}
