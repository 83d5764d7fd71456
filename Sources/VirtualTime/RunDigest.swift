/// A running 128-bit summary of a run, in the order in which things are absorbed; the same on every machine.
///
/// It finds accidents, not attacks. For a given word the step maps the state one to one, and it sends different words
/// to different states, so that two runs that differ in a single word never end with the same digest.
@frozen
@usableFromInline
package struct RunDigest: Hashable, Sendable {
    @usableFromInline var low: UInt64 = 0x243F_6A88_85A3_08D3
    @usableFromInline var high: UInt64 = 0x1319_8A2E_0370_7344

    /// The number of words absorbed.
    @usableFromInline package internal(set) var count: UInt64 = 0

    /// Creates the digest of nothing.
    @inlinable package init() {}

    /// Takes in one word.
    @inlinable package mutating func absorb(_ word: UInt64) {
        let mixed = (low ^ word) &* 0x9E37_79B9_7F4A_7C15
        low = ((mixed << 31) | (mixed >> 33)) &+ high
        let swapped = (high ^ ((word << 32) | (word >> 32))) &* 0xD6E8_FEB8_6659_FD93
        high = ((swapped << 27) | (swapped >> 37)) ^ low
        count &+= 1
    }

    /// Takes in one signed word.
    @inlinable package mutating func absorb(_ word: Int64) {
        absorb(UInt64(bitPattern: word))
    }

    /// Takes in the UTF-8 bytes of a text, eight to a word with the first byte lowest, after their number.
    package mutating func absorb(_ text: String) {
        let isDone: Void? = text.utf8.withContiguousStorageIfAvailable { absorb(UnsafeRawBufferPointer($0)) }
        if isDone != nil { return }
        absorb(UInt64(text.utf8.count))
        var word: UInt64 = 0
        var shift: UInt64 = 0
        for byte in text.utf8 {
            word |= UInt64(byte) << shift
            shift += 8
            if shift == 64 {
                absorb(word)
                word = 0
                shift = 0
            }
        }
        if shift > 0 { absorb(word) }
    }

    /// Takes in names joined by slashes, as if they were one text that nobody had to make.
    mutating func absorb(path names: (String, String), then last: String? = nil) {
        let count = names.0.utf8.count &+ 1 &+ names.1.utf8.count &+ (last.map { $0.utf8.count &+ 1 } ?? 0)
        withUnsafeTemporaryAllocation(byteCount: count, alignment: 8) { bytes in
            var place = 0
            func add(_ text: String) {
                var text = text
                text.withUTF8 { utf8 in
                    UnsafeMutableRawBufferPointer(rebasing: bytes[place...]).copyBytes(from: utf8)
                    place &+= utf8.count
                }
            }
            func addSlash() {
                bytes[place] = UInt8(ascii: "/")
                place &+= 1
            }
            add(names.0)
            addSlash()
            add(names.1)
            if let last {
                addSlash()
                add(last)
            }
            absorb(UnsafeRawBufferPointer(bytes))
        }
    }

    private mutating func absorb(_ bytes: UnsafeRawBufferPointer) {
        absorb(UInt64(bytes.count))
        var place = 0
        while place &+ 8 <= bytes.count {
            absorb(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)))
            place &+= 8
        }
        guard place < bytes.count else { return }
        var rest: UInt64 = 0
        while place < bytes.count {
            rest |= UInt64(bytes[place]) << UInt64((place & 7) * 8)
            place &+= 1
        }
        absorb(rest)
    }

    /// The digest as two words; absorbing may go on afterwards.
    package var words: (high: UInt64, low: UInt64) {
        let first = Self.scramble(low ^ count)
        let second = Self.scramble(high &+ first)
        return (second, first ^ Self.scramble(second))
    }

    /// Spreads every bit of `word` over all bits, one to one.
    private static func scramble(_ word: UInt64) -> UInt64 {
        var word = (word ^ (word >> 32)) &* 0xD6E8_FEB8_6659_FD93
        word = (word ^ (word >> 29)) &* 0x9E37_79B9_7F4A_7C15
        return word ^ (word >> 32)
    }
}

extension RunDigest: CustomStringConvertible {
    /// The digest in 32 hexadecimal digits.
    @usableFromInline package var description: String {
        let words = words
        return [words.high, words.low].map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
