import GRDB

/// Whole numbers multiplied and divided without a limit on what stands between, so that SQL can split money exactly.
///
/// `muldiv(a, b, c)` is the greatest whole number that is not above a × b / c, `mulmod(a, b, c)` what is left of it, from
/// 0 to below c. Both are NULL where an argument is NULL or c is not above zero, or where the result has no room.
enum WholeDivision {
    static var functions: [DatabaseFunction] {
        [
            DatabaseFunction("muldiv", argumentCount: 3, pure: true) { values in
                divided(values).flatMap { Int64(exactly: $0.quotient) }
            },
            DatabaseFunction("mulmod", argumentCount: 3, pure: true) { values in
                divided(values).flatMap { Int64(exactly: $0.remainder) }
            },
        ]
    }

    private static func divided(_ values: [DatabaseValue]) -> (quotient: Int128, remainder: Int128)? {
        guard let factor = Int64.fromDatabaseValue(values[0]), let other = Int64.fromDatabaseValue(values[1]),
            let divisor = Int64.fromDatabaseValue(values[2])
        else { return nil }
        return quotient(factor, other, divisor)
    }

    /// Returns a x b / c rounded down, and what is left; nil unless c is above zero.
    static func quotient(_ a: Int64, _ b: Int64, _ c: Int64) -> (quotient: Int128, remainder: Int128)? {
        guard c > 0 else { return nil }
        let (quotient, remainder) = (Int128(a) * Int128(b)).quotientAndRemainder(dividingBy: Int128(c))
        return remainder < 0 ? (quotient - 1, remainder + Int128(c)) : (quotient, remainder)
    }
}
