// Counterpart: Go's time.ParseDuration and time.Duration.String, which Kubernetes uses for `metav1.Duration`.
// Deliberate differences: the units d (24 hours) and w (7 days) exist; a part of a nanosecond is an error instead of
// being cut off; whole days from two up are written in days; zero parts are left out ("1h" and not "1h0m0s").

extension Duration {
    /// Creates the length that a text such as "1h30m", "500ms", "1.5h" or "30d" names, exactly.
    package init(parsing text: String) throws(TimeParsingError) {
        func failure(_ reason: String) -> TimeParsingError {
            TimeParsingError(expected: "duration", input: text, reason: reason)
        }
        var cursor = ByteCursor(text)
        let isNegative = cursor.take("-")
        if !isNegative { _ = cursor.take("+") }
        guard !cursor.isAtEnd else { throw failure("it is empty; write for example 90s, 1h30m or 30d") }

        var magnitude: UInt64 = 0
        var isFirst = true
        while !cursor.isAtEnd {
            let number = DecimalNumber(&cursor)
            guard let number else { throw failure("a number is expected before each unit") }
            let unit = cursor.takeWord()
            if unit.isEmpty, cursor.isAtEnd, isFirst, number.isZero { break }
            isFirst = false
            guard !unit.isEmpty else { throw failure("a unit is missing (ns, us, ms, s, m, h, d, w)") }
            guard let scale = Self.scale(ofUnit: unit) else {
                throw failure("unknown unit \"\(unit)\" (known: ns, us, ms, s, m, h, d, w)")
            }
            guard let part = number.whole(times: scale) else { throw failure("it is out of range") }
            guard let rest = number.fraction(times: scale) else { throw failure("it is finer than a nanosecond") }
            let (grown, first) = magnitude.addingReportingOverflow(part)
            let (sum, second) = grown.addingReportingOverflow(rest)
            guard !first, !second, sum <= Int64.min.magnitude else { throw failure("it is out of range") }
            magnitude = sum
        }
        if isNegative {
            self.init(nanoseconds: Int64(truncatingIfNeeded: 0 &- magnitude))
        } else {
            guard let value = Int64(exactly: magnitude) else { throw failure("it is out of range") }
            self.init(nanoseconds: value)
        }
    }

    /// The nanoseconds in one `unit`.
    private static func scale(ofUnit unit: String) -> UInt64? {
        switch unit {
        case "ns": 1
        case "us", "\u{B5}s", "\u{3BC}s": 1_000
        case "ms": 1_000_000
        case "s": 1_000_000_000
        case "m": 60_000_000_000
        case "h": 3_600_000_000_000
        case "d": 86_400_000_000_000
        case "w": 604_800_000_000_000
        default: nil
        }
    }
}

// MARK: - Writing

extension Duration: CustomStringConvertible {
    /// The length in canonical form, such as "1h30m", "250ms" or "30d"; parsing it gives the same length again.
    @usableFromInline package var description: String {
        let second: UInt64 = 1_000_000_000
        let day = 86_400 * second
        var rest = nanoseconds.magnitude
        if rest == 0 { return "0s" }
        let sign = nanoseconds < 0 ? "-" : ""
        if rest >= 2 * day, rest % day == 0 { return "\(sign)\(rest / day)d" }

        var text = sign
        for (unit, scale) in [("h", 3_600 * second), ("m", 60 * second)] where rest >= scale {
            text += "\(rest / scale)\(unit)"
            rest %= scale
        }
        if rest >= second {
            text += Self.decimal(rest, digits: 9) + "s"
        } else if rest >= 1_000_000 {
            text += Self.decimal(rest, digits: 6) + "ms"
        } else if rest >= 1_000 {
            text += Self.decimal(rest, digits: 3) + "us"
        } else if rest > 0 {
            text += "\(rest)ns"
        }
        return text
    }

    /// Writes `value` with a decimal point before its last `digits` digits, without trailing zeros.
    private static func decimal(_ value: UInt64, digits: Int) -> String {
        var scale: UInt64 = 1
        for _ in 0..<digits { scale *= 10 }
        let fraction = value % scale
        if fraction == 0 { return "\(value / scale)" }
        var text = String(fraction)
        text = String(repeating: "0", count: digits - text.count) + text
        while text.last == "0" { text.removeLast() }
        return "\(value / scale).\(text)"
    }
}

// MARK: - Decimal numbers

/// A decimal number as written: a whole part, and `numerator` / 10^`digits`.
private struct DecimalNumber {
    private var wholePart: UInt64? = 0
    private var numerator: UInt64 = 0
    private var denominator: UInt64 = 1
    private var isTooFine = false

    var isZero: Bool { wholePart == 0 && numerator == 0 && !isTooFine }

    /// Reads "12", "1.5", ".5" or "1."; nil when no digit is there.
    init?(_ cursor: inout ByteCursor) {
        var hasDigit = false
        while let digit = cursor.takeDigit() {
            hasDigit = true
            wholePart = wholePart.flatMap { Self.append(digit, to: $0) }
        }
        if cursor.take(".") {
            var pendingZeros = 0
            while let digit = cursor.takeDigit() {
                hasDigit = true
                // Trailing zeros carry nothing, so they count only when another digit follows.
                if digit == 0 {
                    pendingZeros += 1
                    continue
                }
                for _ in 0..<pendingZeros { shift(by: 0) }
                pendingZeros = 0
                shift(by: digit)
            }
        }
        guard hasDigit else { return nil }
    }

    private static func append(_ digit: UInt8, to value: UInt64) -> UInt64? {
        let (tens, first) = value.multipliedReportingOverflow(by: 10)
        let (sum, second) = tens.addingReportingOverflow(UInt64(digit))
        return first || second ? nil : sum
    }

    private mutating func shift(by digit: UInt8) {
        // No unit has enough factors 2 and 5 for an 18th decimal to come out as whole nanoseconds.
        guard denominator < 1_000_000_000_000_000_000 else {
            isTooFine = true
            return
        }
        denominator *= 10
        numerator = numerator * 10 + UInt64(digit)
    }

    /// Returns the whole part times `scale`, or nil when it overflows.
    func whole(times scale: UInt64) -> UInt64? {
        guard let wholePart else { return nil }
        let (product, overflow) = wholePart.multipliedReportingOverflow(by: scale)
        return overflow ? nil : product
    }

    /// Returns the fraction times `scale`, or nil when it is not a whole number.
    func fraction(times scale: UInt64) -> UInt64? {
        guard !isTooFine else { return nil }
        let (quotient, remainder) = denominator.dividingFullWidth(numerator.multipliedFullWidth(by: scale))
        return remainder == 0 ? quotient : nil
    }
}
