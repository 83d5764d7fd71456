import Chronology
import KubernetesAPI

/// Makes uids and the random part of generated names out of a seed, the same in every run.
///
/// What is random in a pod is drawn by its name. A name follows from what is put before it and from how many had that
/// before, and from nothing else: a pod has the same name, and fate, whatever other objects there are.
struct IdentityMint: Sendable {
    /// Upstream's letters for generated names: no vowels, no digits that look like them.
    private static let alphabet = Array("bcdfghjklmnpqrstvwxz2456789".utf8)
    private static let suffixLength = 5
    /// The longest prefix that leaves room for the suffix in a label of 63 characters.
    private static let prefixMax = 58

    private let seed: UInt64
    private var uidCount: UInt64 = 0
    /// How many names were drawn by namespace and prefix; only looked up.
    private var nameCounts: [UInt64: UInt64] = [:]

    init(seed: UInt64) { self.seed = Self.mixed(seed) }

    /// Returns a uid in the form of a random UUID (version 4): its first half follows from name and time of the object, so
    /// that controllers which decide by it decide alike; the second makes it unique.
    mutating func uid(of metadata: ObjectMeta) -> UID {
        uidCount += 1
        var hash = TextHash(seed)
        hash.add(metadata.namespace)
        hash.add(metadata.name)
        let high = Self.mixed(hash.value ^ Self.mixed(UInt64(bitPattern: metadata.creationTimestamp.nanoseconds)))
        let low = Self.mixed(high ^ seed &+ uidCount)
        return UID(high: high & 0xffff_ffff_ffff_0fff | 0x4000, low: low & 0x3fff_ffff_ffff_ffff | 1 << 63)
    }

    /// Returns the `generateName` of an object, cut to size, with five letters drawn for it.
    mutating func name(for metadata: ObjectMeta) -> String {
        let prefix = metadata.generateName
        var hash = TextHash(seed)
        hash.add(metadata.namespace)
        hash.add(prefix)
        let count = nameCounts[hash.value, default: 0] + 1
        nameCounts[hash.value] = count
        var bits = Self.mixed(hash.value ^ Self.mixed(count))
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
