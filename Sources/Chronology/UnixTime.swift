// Counterpart: Go's time.RFC3339 and time.RFC3339Nano, which `metav1.Time` and `metav1.MicroTime` are read with.
// Deliberate differences: a bare date is midnight UTC; "t" and "z" may be in lower case, as RFC 3339 allows.

/// A point of real time: seconds and nanoseconds since 1970-01-01T00:00:00Z.
package struct UnixTime: Hashable, Sendable {
    /// Whole seconds since 1970, rounded down.
    package let seconds: Int64
    /// Nanoseconds after `seconds`, 0...999,999,999.
    package let nanoseconds: Int

    /// Creates the point `seconds` and `nanoseconds` (0...999,999,999) after 1970.
    package init(seconds: Int64, nanoseconds: Int = 0) {
        precondition((0..<1_000_000_000).contains(nanoseconds))
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    /// Creates the point at which clocks that are `offset` ahead of UTC show `civil`.
    package init(_ civil: CivilTime, offset: UTCOffset = .utc) {
        let local = Int64(civil.date.daysSince1970) * 86_400 + Int64(civil.secondOfDay)
        self.init(seconds: local - Int64(offset.seconds), nanoseconds: civil.nanosecond)
    }

    /// Returns what clocks that are `offset` ahead of UTC show at this point.
    package func civilTime(offset: UTCOffset = .utc) -> CivilTime {
        let local = seconds + Int64(offset.seconds)
        let days = local.flooredQuotient(86_400)
        let second = Int(local - days * 86_400)
        return CivilTime(
            date: CivilDate(daysSince1970: Int(days)),
            hour: second / 3_600, minute: second / 60 % 60, second: second % 60, nanosecond: nanoseconds)
    }
}

// MARK: - Reading

extension UnixTime {
    /// Creates the point that a text such as "2026-01-01T00:00:00Z" or "2026-01-01" names.
    ///
    /// Decimals of the second after the ninth are cut off.
    package init(parsing text: String) throws(TimeParsingError) {
        func failure(_ reason: String) -> TimeParsingError {
            TimeParsingError(expected: "time", input: text, reason: reason)
        }
        let form = "write it as 2026-01-31 or 2026-01-31T12:00:00Z"
        var cursor = ByteCursor(text)
        guard let year = cursor.takeNumber(digits: 4), cursor.take("-"),
            let month = cursor.takeNumber(digits: 2), cursor.take("-"),
            let day = cursor.takeNumber(digits: 2)
        else { throw failure(form) }
        guard let date = CivilDate(year: year, month: month, day: day) else {
            throw failure("the calendar has no such day")
        }
        if cursor.isAtEnd {
            self.init(CivilTime(date: date))
            return
        }

        guard cursor.take("T") || cursor.take("t"),
            let hour = cursor.takeNumber(digits: 2), cursor.take(":"),
            let minute = cursor.takeNumber(digits: 2), cursor.take(":"),
            let second = cursor.takeNumber(digits: 2)
        else { throw failure(form) }
        guard hour < 24, minute < 60, second < 60 else { throw failure("the clock has no such time") }
        var nanosecond = 0
        if cursor.take(".") {
            guard let value = Self.takeFraction(&cursor) else { throw failure("a digit must follow the decimal point") }
            nanosecond = value
        }
        let civil = CivilTime(date: date, hour: hour, minute: minute, second: second, nanosecond: nanosecond)
        guard let offset = Self.takeOffset(&cursor) else {
            throw failure("it must end in Z or in an offset such as +02:00")
        }
        self.init(civil, offset: offset)
    }

    private static func takeFraction(_ cursor: inout ByteCursor) -> Int? {
        guard let first = cursor.takeDigit() else { return nil }
        var scale = 100_000_000
        var value = Int(first) * scale
        while let digit = cursor.takeDigit() {
            scale /= 10
            value += Int(digit) * scale
        }
        return value
    }

    private static func takeOffset(_ cursor: inout ByteCursor) -> UTCOffset? {
        if cursor.take("Z") || cursor.take("z") { return cursor.isAtEnd ? .utc : nil }
        let isWest = cursor.take("-")
        guard isWest || cursor.take("+"),
            let hours = cursor.takeNumber(digits: 2), hours < 24, cursor.take(":"),
            let minutes = cursor.takeNumber(digits: 2), minutes < 60, cursor.isAtEnd
        else { return nil }
        let seconds = (hours * 60 + minutes) * 60
        return UTCOffset(seconds: isWest ? -seconds : seconds)
    }
}

// MARK: - Writing

extension UnixTime {
    /// How many decimals of the second are written.
    package enum Decimals: Hashable, Sendable {
        /// As many as there are, up to nine (Go's RFC3339Nano).
        case asNeeded
        /// None; the rest is cut off (`metav1.Time`).
        case none
        /// Always six (`metav1.MicroTime`).
        case six
    }

    /// Returns the time as RFC 3339 writes it, on clocks that are `offset` ahead of UTC.
    package func text(offset: UTCOffset = .utc, decimals: Decimals = .asNeeded) -> String {
        let civil = civilTime(offset: offset)
        var text = "\(civil.date)T\(zeroPadded(civil.hour, 2)):\(zeroPadded(civil.minute, 2))"
        text += ":\(zeroPadded(civil.second, 2))"
        switch decimals {
        case .none: break
        case .six: text += "." + zeroPadded(nanoseconds / 1_000, 6)
        case .asNeeded where nanoseconds == 0: break
        case .asNeeded:
            var digits = zeroPadded(nanoseconds, 9)
            while digits.last == "0" { digits.removeLast() }
            text += "." + digits
        }
        return text + offset.description
    }
}

extension UnixTime {
    /// The time in UTC as RFC 1123 writes it with a numeric zone, "Thu, 01 Jan 2026 00:00:00 +0000".
    package var rfc1123: String {
        let civil = civilTime()
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let date = "\(zeroPadded(civil.date.day, 2)) \(months[civil.date.month - 1]) \(zeroPadded(civil.date.year, 4))"
        let time = "\(zeroPadded(civil.hour, 2)):\(zeroPadded(civil.minute, 2)):\(zeroPadded(civil.second, 2))"
        return "\(days[civil.weekday.rawValue]), \(date) \(time) +0000"
    }
}

extension UnixTime: Comparable {
    package static func < (left: UnixTime, right: UnixTime) -> Bool {
        (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
    }
}
