package import Chronology

/// An amount of money in whole billionths of a US dollar; may be negative.
///
/// Holds up to about nine billion dollars either way. Arithmetic past that is a bug and stops the program.
@frozen
package struct NanoDollars: Hashable, Comparable, Sendable {
    /// The amount in billionths of a dollar.
    package var amount: Int64

    /// Creates an amount from billionths of a dollar.
    @inlinable
    package init(_ amount: Int64) { self.amount = amount }

    /// No money.
    package static let zero = NanoDollars(0)

    /// Nano-dollars in a dollar.
    package static let perDollar: Int64 = 1_000_000_000

    /// Returns an amount of whole dollars.
    package static func dollars(_ count: Int64) -> NanoDollars { NanoDollars(count * perDollar) }

    /// Creates the amount that a decimal text such as `0.096` means, exactly.
    ///
    /// Takes an optional sign and at most nine decimals that matter; nil for anything else, exponents and thousands
    /// separators included.
    package init?(parsing text: some StringProtocol) {
        var digits = Substring(text).utf8
        var isNegative = false
        if let first = digits.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
            isNegative = first == UInt8(ascii: "-")
            digits = digits.dropFirst()
        }
        var value: Int128 = 0
        var decimals: Int?
        var sawDigit = false
        for byte in digits {
            if byte == UInt8(ascii: "."), decimals == nil {
                decimals = 0
                continue
            }
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            sawDigit = true
            if let places = decimals, places == 9 {
                guard byte == UInt8(ascii: "0") else { return nil }
                continue
            }
            value = value * 10 + Int128(byte - UInt8(ascii: "0"))
            // Nothing longer can fit; this also keeps the scaling below from overflowing.
            guard value <= Int128(Int64.max) + 1 else { return nil }
            decimals = decimals.map { $0 + 1 }
        }
        guard sawDigit else { return nil }
        for _ in (decimals ?? 0)..<9 { value *= 10 }
        guard let amount = Int64(exactly: isNegative ? -value : value) else { return nil }
        self.amount = amount
    }
}

// MARK: - Arithmetic

extension NanoDollars {
    @inlinable
    package static func < (left: NanoDollars, right: NanoDollars) -> Bool { left.amount < right.amount }

    @inlinable
    package static func + (left: NanoDollars, right: NanoDollars) -> NanoDollars {
        let (sum, overflow) = left.amount.addingReportingOverflow(right.amount)
        precondition(!overflow, "an amount of money left the range of nano-dollars")
        return NanoDollars(sum)
    }

    @inlinable
    package static func - (left: NanoDollars, right: NanoDollars) -> NanoDollars {
        let (difference, overflow) = left.amount.subtractingReportingOverflow(right.amount)
        precondition(!overflow, "an amount of money left the range of nano-dollars")
        return NanoDollars(difference)
    }

    @inlinable
    package static func += (left: inout NanoDollars, right: NanoDollars) { left = left + right }

    @inlinable
    package static func -= (left: inout NanoDollars, right: NanoDollars) { left = left - right }

    @inlinable
    package static prefix func - (value: NanoDollars) -> NanoDollars { .zero - value }

    /// Returns what `duration` costs at this amount an hour, rounded to the nearest nano-dollar, halves to even.
    package func perHour(over duration: Duration) -> NanoDollars {
        Self.hourShare(Int128(amount) * Int128(duration.nanoseconds))
    }

    /// Returns this amount times `numerator` over `denominator`, rounded to the nearest nano-dollar, halves to even.
    package func scaled(by numerator: Int64, over denominator: Int64) -> NanoDollars {
        NanoDollars(Self.dividedHalfEven(Int128(amount) * Int128(numerator), by: Int128(denominator)))
    }

    /// Nanoseconds in an hour.
    static let hour: Int128 = 3_600_000_000_000

    /// Returns an exact sum of (nano-dollars an hour) x nanoseconds as money, rounded halves to even.
    static func hourShare(_ product: Int128) -> NanoDollars { NanoDollars(dividedHalfEven(product, by: hour)) }

    /// Returns an exact sum over a positive number as money, rounded halves to even.
    static func quotient(_ product: Int128, by divisor: Int128) -> NanoDollars {
        NanoDollars(dividedHalfEven(product, by: divisor))
    }

    private static func dividedHalfEven(_ value: Int128, by divisor: Int128) -> Int64 {
        precondition(divisor > 0, "money is divided by a positive number")
        var (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        if remainder < 0 {
            remainder += divisor
            quotient -= 1
        }
        let twice = remainder * 2
        if twice > divisor || (twice == divisor && quotient % 2 != 0) { quotient += 1 }
        guard let result = Int64(exactly: quotient) else {
            preconditionFailure("an amount of money left the range of nano-dollars")
        }
        return result
    }
}

// MARK: - Text

extension NanoDollars: CustomStringConvertible {
    /// The amount in dollars and cents, rounded halves to even, such as `-$1,234.56`.
    package var description: String {
        let cents = Self.dividedHalfEven(Int128(amount), by: 10_000_000)
        let (dollars, rest) = cents.magnitude.quotientAndRemainder(dividingBy: 100)
        var grouped = ""
        let digits = String(dollars)
        for (place, digit) in digits.enumerated() {
            if place > 0, (digits.count - place) % 3 == 0 { grouped.append(",") }
            grouped.append(digit)
        }
        return "\(cents < 0 ? "-" : "")$\(grouped).\(rest < 10 ? "0" : "")\(rest)"
    }

    /// The amount in dollars with every decimal that matters, such as `0.096`; `init(parsing:)` reads it back.
    package var exact: String {
        let (dollars, nanos) = amount.magnitude.quotientAndRemainder(dividingBy: UInt64(Self.perDollar))
        let sign = amount < 0 ? "-" : ""
        guard nanos > 0 else { return sign + String(dollars) }
        var decimals = String(nanos)
        decimals = String(repeating: "0", count: 9 - decimals.count) + decimals
        while decimals.last == "0" { decimals.removeLast() }
        return "\(sign)\(dollars).\(decimals)"
    }
}
