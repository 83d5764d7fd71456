/// Nodes that fit a pod by themselves, in groups: the nodes of a group are alike in all that concerns other pods.
///
/// Of each group the highest total is known, and how many nodes have which total.
struct TopologyGroups {
    typealias Signature = SIMD8<Int32>

    struct Group {
        let signature: Signature
        var nodes = 0
        /// Not below the highest total.
        var top: Int32 = -1
    }

    /// A signature with a quick hash: the general one takes its eight numbers one by one.
    private struct SignatureKey: Hashable {
        let signature: Signature

        func hash(into hasher: inout Hasher) { hasher.combine(signature) }

        func _rawHashValue(seed: Int) -> Int {
            var state: UInt64 = 0
            for lane in 0..<4 {
                let word =
                    UInt64(UInt32(bitPattern: signature[lane])) << 32 | UInt64(UInt32(bitPattern: signature[lane + 4]))
                state = (state ^ word) &* 0xBF58_476D_1CE4_E5B9
                state ^= state >> 31
            }
            return Int(truncatingIfNeeded: state) ^ seed
        }
    }

    private(set) var groups: [Group] = []
    private var ids: [SignatureKey: Int32] = [:]
    /// By group and total, how many nodes.
    private var counts: [Int32] = []
    /// One more than the highest total that can be kept.
    private(set) var range = 0
    /// By place: the group and the total in one number, or -1 where no node fits.
    private(set) var keys: UnsafeMutablePointer<Int32>
    private(set) var places = 0
    /// Whether there were too many groups, or a total out of range: the groups are of no use then.
    private(set) var isBroken = false
    static let totalBits: Int32 = 12
    private static let groupsMax = 512

    init() { keys = .allocate(capacity: 0) }

    func deallocate() { keys.deallocate() }

    /// Begins anew with so many nodes, none of which fits so far.
    mutating func reset(places: Int, range: Int) {
        if places > self.places {
            keys.deallocate()
            keys = .allocate(capacity: places)
        }
        self.places = places
        keys.initialize(repeating: -1, count: places)
        groups.removeAll(keepingCapacity: true)
        ids.removeAll(keepingCapacity: true)
        counts.removeAll(keepingCapacity: true)
        self.range = range
        isBroken = range > 1 << Int(Self.totalBits)
    }

    /// The node at `place` is in the group of `signature` and has `total`.
    mutating func enter(_ place: Int, _ signature: Signature, total: Int64) {
        guard total >= 0, total < Int64(range) else {
            isBroken = true
            return
        }
        let old = keys[place]
        let group: Int
        if old >= 0, groups[Int(old >> Self.totalBits)].signature == signature {
            group = Int(old >> Self.totalBits)
        } else {
            group = self.group(signature)
        }
        let key = Int32(group) << Self.totalBits | Int32(total)
        if key == old { return }
        leave(place)
        keys[place] = key
        groups[group].nodes += 1
        counts[group * range + Int(total)] += 1
        groups[group].top = max(groups[group].top, Int32(total))
    }

    /// Takes over the totals of nodes that are as they were otherwise; lists as `others` those that did not fit before, or
    /// do not now.
    mutating func take(
        _ places: UnsafeBufferPointer<Int32>, totals: UnsafePointer<Int64>, others: inout [Int32]
    ) {
        let (keys, range) = (self.keys, self.range)
        counts.withUnsafeMutableBufferPointer { counts in
            groups.withUnsafeMutableBufferPointer { groups in
                for index in places.indices {
                    let place = Int(places[index])
                    let key = keys[place]
                    let total = totals[place]
                    guard key >= 0, total >= 0, total < Int64(range) else {
                        others.append(Int32(place))
                        continue
                    }
                    let group = Int(key >> Self.totalBits)
                    let new = Int32(group) << Self.totalBits | Int32(total)
                    if new == key { continue }
                    keys[place] = new
                    counts[group * range + Int(key & (1 << Self.totalBits - 1))] -= 1
                    counts[group * range + Int(total)] += 1
                    groups[group].top = max(groups[group].top, Int32(total))
                }
            }
        }
    }

    /// The node at `place` fits no longer.
    mutating func leave(_ place: Int) {
        let key = keys[place]
        guard key >= 0 else { return }
        keys[place] = -1
        let group = Int(key >> Self.totalBits)
        groups[group].nodes -= 1
        counts[group * range + Int(key & (1 << Self.totalBits - 1))] -= 1
    }

    private mutating func group(_ signature: Signature) -> Int {
        if let id = ids[SignatureKey(signature: signature)] { return Int(id) }
        if groups.count >= Self.groupsMax { isBroken = true }
        ids[SignatureKey(signature: signature)] = Int32(groups.count)
        groups.append(Group(signature: signature))
        counts.append(contentsOf: repeatElement(0, count: range))
        return groups.count - 1
    }

    /// The highest total in a group that has nodes.
    mutating func top(of group: Int) -> Int32 {
        var top = Int(groups[group].top)
        let base = group * range
        while counts[base + top] == 0 { top -= 1 }
        groups[group].top = Int32(top)
        return Int32(top)
    }

    /// How many nodes of a group have `total`.
    func count(of group: Int, total: Int32) -> Int { Int(counts[group * range + Int(total)]) }
}
