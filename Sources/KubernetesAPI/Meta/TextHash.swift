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

    /// Adds a unique identifier, whose text need not be written out for that.
    @inlinable
    package mutating func add(_ uid: UID) { state = Self.mix(Self.mix(state, uid.high), uid.low) }

    /// The hash so far.
    @inlinable
    package var value: UInt64 { state ^ state >> 32 }

    @inlinable
    static func absorb(_ bytes: UnsafeRawBufferPointer, into start: UInt64) -> UInt64 {
        let count = bytes.count
        var state = mix(start, UInt64(truncatingIfNeeded: count))
        // The last step may take some bytes a second time: cheaper than picking up the rest one by one.
        if count >= 8 {
            var place = 0
            while place &+ 8 < count {
                state = mix(state, word(bytes, at: place))
                place &+= 8
            }
            return mix(state, word(bytes, at: count &- 8))
        }
        if count >= 4 {
            let first = bytes.loadUnaligned(fromByteOffset: 0, as: UInt32.self)
            let last = bytes.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self)
            return mix(state, UInt64(UInt32(littleEndian: first)) | UInt64(UInt32(littleEndian: last)) << 32)
        }
        var rest: UInt64 = 0
        for place in 0..<count { rest = rest << 8 | UInt64(bytes[place]) }
        return mix(state, rest)
    }

    @inlinable
    static func word(_ bytes: UnsafeRawBufferPointer, at place: Int) -> UInt64 {
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
    }

    // Both halves of the product: in the lower one alone the last letters of a step would not reach the lowest bits, by
    // which tables find their places.
    @inlinable
    static func mix(_ state: UInt64, _ word: UInt64) -> UInt64 {
        let product = (state ^ word).multipliedFullWidth(by: 0xBF58_476D_1CE4_E5B9)
        return product.high ^ product.low
    }
}
