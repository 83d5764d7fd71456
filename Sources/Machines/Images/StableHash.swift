/// A hash of text that is the same in every process (FNV-1a, then the finaliser of SplitMix64).
struct StableHash {
    private(set) var value: UInt64

    init(_ text: String) {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        value = Self.mixed(hash)
    }

    /// Returns the next of a row of values.
    mutating func next() -> UInt64 {
        value &+= 0x9e37_79b9_7f4a_7c15
        return Self.mixed(value)
    }

    private static func mixed(_ seed: UInt64) -> UInt64 {
        var hash = seed
        hash = (hash ^ hash >> 30) &* 0xbf58_476d_1ce4_e5b9
        hash = (hash ^ hash >> 27) &* 0x94d0_49bb_1331_11eb
        return hash ^ hash >> 31
    }
}
