import KubernetesAPI

/// Makes uids and the random part of generated names out of a seed and a counter, the same in every run.
struct IdentityMint: Sendable {
    /// Upstream's letters for generated names: no vowels, no digits that look like them.
    private static let alphabet = Array("bcdfghjklmnpqrstvwxz2456789".utf8)
    private static let suffixLength = 5
    /// The longest prefix that leaves room for the suffix in a label of 63 characters.
    private static let prefixMax = 58

    private let seed: UInt64
    private var uidCount: UInt64 = 0
    private var nameCount: UInt64 = 0

    init(seed: UInt64) { self.seed = Self.mixed(seed) }

    /// Returns a uid in the form of a random UUID (version 4).
    mutating func uid() -> UID {
        uidCount += 1
        let high = Self.mixed(seed ^ Self.mixed(uidCount))
        let low = Self.mixed(high ^ seed &+ uidCount)
        return UID(high: high & 0xffff_ffff_ffff_0fff | 0x4000, low: low & 0x3fff_ffff_ffff_ffff | 1 << 63)
    }

    /// Returns the `generateName` of an object, cut to size, with five letters drawn for its controller.
    mutating func name(for metadata: ObjectMeta) -> String {
        nameCount += 1
        let prefix = metadata.generateName
        let owner = metadata.controllerUID ?? .none
        var bits = Self.mixed(seed ^ Self.mixed(owner.high ^ Self.mixed(owner.low ^ Self.mixed(nameCount))))
        // A long prefix is cut between characters, never inside one.
        let kept = prefix.utf8.count <= Self.prefixMax ? prefix : Self.cut(prefix)
        return String(unsafeUninitializedCapacity: kept.utf8.count + Self.suffixLength) { buffer in
            var end = 0
            for byte in kept.utf8 {
                buffer[end] = byte
                end += 1
            }
            for _ in 0..<Self.suffixLength {
                buffer[end] = Self.alphabet[Int(bits % UInt64(Self.alphabet.count))]
                bits /= UInt64(Self.alphabet.count)
                end += 1
            }
            return end
        }
    }

    private static func cut(_ prefix: String) -> String {
        var kept = prefix
        while kept.utf8.count > prefixMax { kept.removeLast() }
        return kept
    }

    /// The finaliser of SplitMix64 (Steele, Lea and Flood 2014).
    private static func mixed(_ value: UInt64) -> UInt64 {
        var bits = value &+ 0x9e37_79b9_7f4a_7c15
        bits = (bits ^ bits >> 30) &* 0xbf58_476d_1ce4_e5b9
        bits = (bits ^ bits >> 27) &* 0x94d0_49bb_1331_11eb
        return bits ^ bits >> 31
    }
}
