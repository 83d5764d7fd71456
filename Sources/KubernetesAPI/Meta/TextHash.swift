/// A quick hash of names for tables: eight bytes at a step, the same in every process.
///
/// Not for what must be hard to guess or spread over machines; only tables in memory use it.
@frozen
@usableFromInline
package struct TextHash: Sendable {
    @usableFromInline var state: UInt64

    /// Starts with a number, such as a kind.
    @inlinable
    package init(_ seed: UInt64) { state = (seed ^ 0x9E37_79B9_7F4A_7C15) &* 0xBF58_476D_1CE4_E5B9 }

    /// Adds a text and its length, so that two texts never run into each other.
    @inlinable
    package mutating func add(_ text: String) {
        let known = text.utf8.withContiguousStorageIfAvailable { Self.absorb(UnsafeRawBufferPointer($0), into: state) }
        if let known {
            state = known
            return
        }
        var copy = text
        state = copy.withUTF8 { Self.absorb(UnsafeRawBufferPointer($0), into: state) }
    }

    /// The hash so far.
    @inlinable
    package var value: UInt64 { state ^ state >> 32 }

    @inlinable
    static func absorb(_ bytes: UnsafeRawBufferPointer, into start: UInt64) -> UInt64 {
        var state = mix(start, UInt64(truncatingIfNeeded: bytes.count))
        var place = 0
        while place &+ 8 <= bytes.count {
            let word = bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)
            state = mix(state, UInt64(littleEndian: word))
            place &+= 8
        }
        var rest: UInt64 = 0
        while place < bytes.count {
            rest = rest << 8 | UInt64(bytes[place])
            place &+= 1
        }
        return mix(state, rest)
    }

    @inlinable
    static func mix(_ state: UInt64, _ word: UInt64) -> UInt64 {
        let mixed = (state ^ word) &* 0xBF58_476D_1CE4_E5B9
        return mixed ^ mixed >> 29
    }
}
