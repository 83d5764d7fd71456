/// An endless sequence of random numbers that depends on nothing but a seed, a name, a purpose and an index.
///
/// Word number n of a stream is word n % 4 of Philox block n / 4. The seed, name and purpose make the key; the index is
/// the upper half of the counter, so that streams of one name and different indices can never overlap. A stream is a
/// small value: derive it where it is needed, keep it where the draws must go on, copy it to look ahead.
package struct RandomStream: Sendable {
    private let key: UInt64
    private let index: UInt64

    /// The number of 32-bit words drawn.
    package private(set) var draws: UInt64 = 0

    /// The block that holds the next word, unless the next word is the first of its block.
    private var block: SIMD4<UInt32> = .zero

    /// Creates the stream of `seed` that is called `name`, for a `purpose` when the name has several.
    package init(seed: Seed, name: String, purpose: String = "", index: UInt64 = 0) {
        var digest = RunDigest()
        digest.absorb(seed.value)
        digest.absorb(name)
        digest.absorb(purpose)
        self.init(key: digest.words.low, index: index)
    }

    fileprivate init(key: UInt64, index: UInt64) {
        self.key = key
        self.index = index
    }

    /// Returns the stream, from its beginning, of the same seed, name and purpose with another index.
    package func sibling(_ index: UInt64) -> RandomStream { RandomStream(key: key, index: index) }

    /// Returns the next 32 random bits.
    package mutating func nextUInt32() -> UInt32 {
        let lane = Int(truncatingIfNeeded: draws & 3)
        if lane == 0 { block = blockOfNextWord }
        draws &+= 1
        return block[lane]
    }

    /// Returns the next 64 random bits: two words, the lower one first.
    package mutating func nextUInt64() -> UInt64 {
        let low = nextUInt32()
        let high = nextUInt32()
        return UInt64(high) << 32 | UInt64(low)
    }

    private var blockOfNextWord: SIMD4<UInt32> {
        let number = draws >> 2
        return Philox4x32.block(
            counter: SIMD4(
                UInt32(truncatingIfNeeded: number), UInt32(truncatingIfNeeded: number >> 32),
                UInt32(truncatingIfNeeded: index), UInt32(truncatingIfNeeded: index >> 32)),
            key: SIMD2(UInt32(truncatingIfNeeded: key), UInt32(truncatingIfNeeded: key >> 32)))
    }
}

// MARK: - Numbers

extension RandomStream {
    /// Returns a number of 0 ..< 1, a multiple of 2^-53.
    package mutating func uniform() -> Double {
        Double(nextUInt64() >> 11) * 0x1p-53
    }

    /// Returns a number between 0 and 1, neither of them included.
    package mutating func uniformOpen() -> Double {
        (Double(nextUInt64() >> 12) + 0.5) * 0x1p-52
    }

    /// Returns a number of 0 ..< `bound` (at least 1), every one equally likely.
    package mutating func integer(below bound: Int) -> Int {
        precondition(bound > 0, "there is no number below \(bound)")
        let bound = UInt64(bound)
        // D. Lemire, "Fast random integer generation in an interval", 2019: multiply, and draw again in the rare case
        // that the low half falls into the part that would make some numbers likelier than others.
        var product = nextUInt64().multipliedFullWidth(by: bound)
        if product.low < bound {
            let threshold = (0 &- bound) % bound
            while product.low < threshold { product = nextUInt64().multipliedFullWidth(by: bound) }
        }
        return Int(truncatingIfNeeded: product.high)
    }

    /// Returns true with a probability; 0 and 1 are certain, and all probabilities cost the same draws.
    package mutating func chance(_ probability: Double) -> Bool {
        uniform() < probability
    }
}

// MARK: - Families

/// The streams of one seed and name, by purpose: the same ones as by `RandomStream.init`, without hashing the name anew.
package struct RandomStreamFamily: Sendable {
    private let root: RunDigest

    /// Creates the family of `seed` that is called `name`.
    package init(seed: Seed, name: String) {
        var root = RunDigest()
        root.absorb(seed.value)
        root.absorb(name)
        self.root = root
    }

    /// Creates the family that is called "first/second", or "first/second/last", without making that text.
    package init(seed: Seed, path names: (String, String), then last: String? = nil) {
        var root = RunDigest()
        root.absorb(seed.value)
        root.absorb(path: names, then: last)
        self.root = root
    }

    /// Returns the stream for a purpose from its beginning.
    package func stream(_ purpose: String, index: UInt64 = 0) -> RandomStream {
        var digest = root
        digest.absorb(purpose)
        return RandomStream(key: digest.words.low, index: index)
    }
}

extension RandomStream: Hashable {
    package static func == (left: RandomStream, right: RandomStream) -> Bool {
        left.key == right.key && left.index == right.index && left.draws == right.draws
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(key)
        hasher.combine(index)
        hasher.combine(draws)
    }
}
