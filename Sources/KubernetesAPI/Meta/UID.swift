/// The identity of one object for ever, written as a UUID.
@frozen
@usableFromInline
package struct UID: Hashable, Sendable {
    @usableFromInline package var high: UInt64
    @usableFromInline package var low: UInt64

    @inlinable
    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    @inlinable
    package static func == (left: UID, right: UID) -> Bool { left.low == right.low && left.high == right.high }

    @inlinable
    package func hash(into hasher: inout Hasher) { hasher.combine(low) }

    // Mostly random bits, but some callers count them up: neighbours must not become neighbours in a table. The general
    // hash cost a twentieth of a run.
    @inlinable
    package func _rawHashValue(seed: Int) -> Int {
        let mixed = (low ^ high &* 0x9E37_79B9_7F4A_7C15) &* 0xBF58_476D_1CE4_E5B9
        return Int(truncatingIfNeeded: mixed ^ mixed >> 32) ^ seed
    }

    /// No identity: the object has not been stored yet.
    @inlinable package static var none: UID { UID(high: 0, low: 0) }

    /// Reads a UUID; any other text is hashed to one, so that exports with unusual ids keep distinct ids.
    package init(text: String) {
        let digits = text.utf8.filter { $0 != 0x2D }
        if digits.count == 32, let high = UInt64(String(decoding: digits[..<16], as: UTF8.self), radix: 16),
            let low = UInt64(String(decoding: digits[16...], as: UTF8.self), radix: 16)
        {
            self.init(high: high, low: low)
            return
        }
        // FNV-1a, twice with different offsets.
        var high: UInt64 = 0xcbf2_9ce4_8422_2325
        var low: UInt64 = 0x8422_2325_cbf2_9ce4
        for byte in text.utf8 {
            high = (high ^ UInt64(byte)) &* 0x100_0000_01b3
            low = (low ^ UInt64(byte)) &* 0x100_0000_01b3
        }
        self.init(high: high, low: low)
    }
}

extension UID: CustomStringConvertible {
    @usableFromInline package var description: String {
        let digits = Self.padded(high) + Self.padded(low)
        var text = ""
        for (offset, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(offset) { text.append("-") }
            text.append(digit)
        }
        return text
    }

    private static func padded(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

extension UID: Comparable {
    @inlinable
    package static func < (left: UID, right: UID) -> Bool {
        left.high != right.high ? left.high < right.high : left.low < right.low
    }
}
