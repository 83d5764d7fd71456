/// An amount of a resource with Kubernetes' exact semantics (`resource.Quantity`).
///
/// Held in billionths; smaller fractions are rounded up, away from zero, as upstream does when it parses.
@usableFromInline
package struct Quantity: Hashable, Sendable {
    /// How the amount is written back (`resource.Format`).
    @usableFromInline
    package enum Format: UInt8, Hashable, Sendable {
        case decimalSI, binarySI, decimalExponent
    }

    /// The amount in billionths.
    package var nanos: Int128
    package var format: Format

    package init(nanos: Int128, format: Format = .decimalSI) {
        self.nanos = nanos
        self.format = format
    }

    /// Creates a whole amount.
    package init(_ whole: Int64, format: Format = .decimalSI) {
        self.init(nanos: Int128(whole) * 1_000_000_000, format: format)
    }

    /// Creates an amount of thousandths.
    package init(milli: Int64) {
        self.init(nanos: Int128(milli) * 1_000_000)
    }

    package static let zero = Quantity(0)

    /// The amount rounded up to a whole number (`Quantity.Value`).
    package var value: Int64 { Self.ceiling(nanos, 1_000_000_000) }

    /// The amount rounded up to thousandths (`Quantity.MilliValue`).
    package var milliValue: Int64 { Self.ceiling(nanos, 1_000_000) }

    private static func ceiling(_ amount: Int128, _ unit: Int128) -> Int64 {
        let quotient = amount / unit
        // Division truncates: it already rounds a negative amount up.
        let rounded = amount > 0 && amount % unit != 0 ? quotient + 1 : quotient
        return Int64(clamping: rounded)
    }
}

extension Quantity: Comparable {
    /// Compares amounts; the format plays no part.
    @usableFromInline package static func < (left: Quantity, right: Quantity) -> Bool { left.nanos < right.nanos }
    @usableFromInline package static func == (left: Quantity, right: Quantity) -> Bool { left.nanos == right.nanos }
    @usableFromInline package func hash(into hasher: inout Hasher) { hasher.combine(nanos) }

    package static func + (left: Quantity, right: Quantity) -> Quantity {
        Quantity(nanos: left.nanos + right.nanos, format: left.format)
    }
    package static func - (left: Quantity, right: Quantity) -> Quantity {
        Quantity(nanos: left.nanos - right.nanos, format: left.format)
    }
}
