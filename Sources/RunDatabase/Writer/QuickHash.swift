/// A quick hash of texts and numbers for tables in memory: the same in every process, and not hard to guess.
struct QuickHash {
    private var state: UInt64

    /// Starts with a number.
    init(_ seed: UInt64) { state = Self.mixed(seed) }

    /// The hash so far.
    var value: UInt64 { state ^ state >> 32 }

    /// Adds a text, eight bytes at a step.
    mutating func add(_ text: String) {
        var text = text
        let start = state
        state = text.withUTF8 { bytes in
            let words = UnsafeRawBufferPointer(bytes)
            let count = words.count
            var hash = Self.mixed(start ^ UInt64(truncatingIfNeeded: count))
            var place = 0
            while place + 8 <= count {
                hash = Self.mixed(hash ^ words.loadUnaligned(fromByteOffset: place, as: UInt64.self).littleEndian)
                place += 8
            }
            if place == count { return hash }
            // The last step may take some bytes a second time.
            if count >= 8 {
                return Self.mixed(hash ^ words.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self).littleEndian)
            }
            var rest: UInt64 = 0
            while place < count {
                rest = rest << 8 | UInt64(words[place])
                place += 1
            }
            return Self.mixed(hash ^ rest)
        }
    }

    // Both halves of the product: in the lower one alone the last letters of a step would not reach the lowest bits.
    private static func mixed(_ value: UInt64) -> UInt64 {
        let product = value.multipliedFullWidth(by: 0x9e37_79b9_7f4a_7c15)
        return product.high ^ product.low
    }
}

/// A text that hashes quickly, for dictionaries: by `String` they hash with a secret of the process, at several times
/// the cost.
struct TextKey: Hashable {
    let text: String

    init(_ text: String) { self.text = text }

    func hash(into hasher: inout Hasher) { hasher.combine(text) }

    func _rawHashValue(seed: Int) -> Int {
        var hash = QuickHash(0)
        hash.add(text)
        return Int(truncatingIfNeeded: hash.value) ^ seed
    }
}
