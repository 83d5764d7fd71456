// Kubernetes counterpart: k8s.io/apimachinery/pkg/api/resource (v1.36).
// Deliberate difference: amounts past 2^63-1 are cut to it in every format, not in the binary one alone.

// MARK: - Reading

extension Quantity {
    /// The largest magnitude that is held: 2^63-1 units.
    private static let magnitudeLimit = Int128(Int64.max) * 1_000_000_000

    /// Reads a quantity such as `500m`, `1.5Gi` or `1e3`, or returns nil when the text is none.
    ///
    /// Fractions of less than a billionth are rounded up, away from zero.
    package init?(parsing text: String) {
        var text = text
        let parsed = text.withUTF8 { Self.parse($0) }
        guard let parsed else { return nil }
        self = parsed
    }

    private static func parse(_ bytes: UnsafeBufferPointer<UInt8>) -> Quantity? {
        guard !bytes.isEmpty else { return nil }
        var place = 0
        func isDigit(_ place: Int) -> Bool { place < bytes.count && (0x30...0x39).contains(bytes[place]) }

        var isNegative = false
        if bytes[0] == 0x2D || bytes[0] == 0x2B {
            isNegative = bytes[0] == 0x2D
            place = 1
        }
        let wholeStart = place
        while isDigit(place) { place += 1 }
        let whole = wholeStart..<place
        var fraction = place..<place
        if place < bytes.count, bytes[place] == 0x2E {
            let start = place + 1
            place = start
            while isDigit(place) { place += 1 }
            fraction = start..<place
        }
        guard let suffix = Suffix(bytes[place...]) else { return nil }

        let digits = Digits(bytes: bytes, whole: whole, fraction: fraction, shift: suffix.exponent10)
        let magnitude = digits.nanos(shiftedLeft: suffix.exponent2)
        var format = suffix.format
        // A sliver of a byte in binary form would read as nothing.
        if format == .binarySI, magnitude > 0, magnitude < 1_000_000_000 { format = .decimalSI }
        return Quantity(nanos: isNegative ? -magnitude : magnitude, format: format)
    }

    /// What follows the digits: a power of ten or of two.
    private struct Suffix {
        var exponent10 = 0
        var exponent2 = 0
        var format = Format.decimalSI

        init?(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) {
            guard let first = bytes.first else { return }
            if bytes.count == 1 {
                switch UnicodeScalar(first) {
                case "n": exponent10 = -9
                case "u": exponent10 = -6
                case "m": exponent10 = -3
                case "k": exponent10 = 3
                case "M": exponent10 = 6
                case "G": exponent10 = 9
                case "T": exponent10 = 12
                case "P": exponent10 = 15
                case "E": exponent10 = 18
                default: return nil
                }
                return
            }
            if bytes.count == 2, bytes[bytes.startIndex + 1] == 0x69 {
                format = .binarySI
                switch UnicodeScalar(first) {
                case "K": exponent2 = 10
                case "M": exponent2 = 20
                case "G": exponent2 = 30
                case "T": exponent2 = 40
                case "P": exponent2 = 50
                case "E": exponent2 = 60
                default: return nil
                }
                return
            }
            guard first == 0x65 || first == 0x45 else { return nil }
            // The standard library's reader takes one sign and digits, as upstream's does.
            guard let exponent = Int32(String(decoding: bytes.dropFirst(), as: UTF8.self)) else { return nil }
            exponent10 = Int(exponent)
            format = .decimalExponent
        }
    }

    /// A decimal number as two runs of digits and a shift of the decimal point to the right.
    private struct Digits {
        let bytes: UnsafeBufferPointer<UInt8>
        let whole: Range<Int>
        let fraction: Range<Int>
        let shift: Int

        /// The digit with the value 10^`power`, 0 outside the runs.
        private func digit(ofPower power: Int) -> Int128 {
            let place = power - shift
            if place >= 0 {
                return place < whole.count ? Int128(bytes[whole.upperBound - 1 - place] - 0x30) : 0
            }
            let offset = -1 - place
            return offset < fraction.count ? Int128(bytes[fraction.lowerBound + offset] - 0x30) : 0
        }

        /// Returns the number times 2^`bits` in billionths, rounded up and cut to the limit.
        func nanos(shiftedLeft bits: Int) -> Int128 {
            let unit = Int128(1_000_000_000) << Int128(bits)
            let limit = Quantity.magnitudeLimit
            var total: Int128 = 0
            var power = whole.count - 1 + shift
            // Above the point, from the left: the sum only grows, so it can stop at the limit.
            let leading = max(0, power)
            if power > 60 {
                if (0..<whole.count + fraction.count).contains(where: { digit(ofPower: leading - $0) != 0 }) {
                    power = firstPower()
                    if power > 40 { return limit }
                } else {
                    return 0
                }
            }
            while power >= 0 {
                total = total * 10 + digit(ofPower: power) * unit
                if total >= limit * 10 { return limit }
                power -= 1
            }
            // Below the point, from the right: each step is exact but for a remainder, which rounds up.
            var below: Int128 = 0
            var isInexact = false
            var lowest = shift - fraction.count
            if lowest < -80 - whole.count - fraction.count {
                // All digits lie far below a billionth.
                isInexact = hasDigits()
                lowest = 0
            }
            while lowest < 0 {
                let sum = digit(ofPower: lowest) * unit + below
                below = sum / 10
                if sum % 10 != 0 { isInexact = true }
                lowest += 1
            }
            return min(limit, total + below + (isInexact ? 1 : 0))
        }

        /// Whether any digit is not zero.
        private func hasDigits() -> Bool {
            whole.contains { bytes[$0] != 0x30 } || fraction.contains { bytes[$0] != 0x30 }
        }

        /// The power of the leftmost digit that is not zero.
        private func firstPower() -> Int {
            var power = whole.count - 1 + shift
            for place in whole {
                if bytes[place] != 0x30 { return power }
                power -= 1
            }
            for place in fraction {
                if bytes[place] != 0x30 { return power }
                power -= 1
            }
            return power
        }
    }
}

// MARK: - Writing

extension Quantity: CustomStringConvertible {
    /// The canonical text: the largest suffix with which no digit is lost.
    @usableFromInline package var description: String {
        if nanos == 0 { return "0" }
        let unit: Int128 = 1_000_000_000
        if format == .binarySI, abs(nanos) >= 1024 * unit, nanos % unit == 0 { return binaryText(nanos / unit) }
        return decimalText
    }

    private func binaryText(_ amount: Int128) -> String {
        let suffixes = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"]
        var amount = amount
        var power = 0
        while amount % 1024 == 0, power < suffixes.count - 1 {
            amount /= 1024
            power += 1
        }
        return "\(amount)\(suffixes[power])"
    }

    private var decimalText: String {
        let suffixes = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"]
        var amount = nanos
        var power = 0
        while amount % 1000 == 0, power < suffixes.count - 1 {
            amount /= 1000
            power += 1
        }
        switch format {
        case .decimalSI, .binarySI: return "\(amount)\(suffixes[power])"
        case .decimalExponent:
            let exponent = (power - 3) * 3
            return exponent == 0 ? "\(amount)" : "\(amount)e\(exponent)"
        }
    }
}
