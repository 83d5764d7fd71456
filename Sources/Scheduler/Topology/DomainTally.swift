/// The sums of some counters over the domains of one topology key, and what each node adds to its domain.
///
/// Numbers lie behind pointers, which the plan that has the tally allocates and frees.
struct DomainTally {
    enum Role: UInt8 {
        case hard, soft, affinity, antiAffinity, existing, weight
    }

    let role: Role
    /// Whether each node stands for itself.
    let isPerNode: Bool
    /// The place of the key among the plan's keys.
    let column: Int
    /// Counters with their weights.
    let parts: [TopologyRules.Sum]
    /// The place of the constraint among the hard or the soft ones.
    let place: Int
    /// Whether nodes without the key count in the domain whose value is empty.
    var joinsEmpty = false
    /// By place, what the node adds.
    var known: UnsafeMutablePointer<Int32>
    /// By domain.
    var sums: UnsafeMutablePointer<Int32>
    /// By domain, the nodes that count; of hard constraints only.
    var nodes: UnsafeMutablePointer<Int32>
    var total: Int64 = 0
    /// Of hard constraints only.
    var levels = CountLevels()
    /// Where a node's value, or its domain, stands in a signature.
    var field = 0
    /// Whether the domain stands there.
    var isByDomain = false

    /// Stands for the value of a node without the key.
    static let absent = Int64.min
    static let absentField = Int32.min

    init(_ role: Role, column: Int, place: Int = 0, isPerNode: Bool = false, parts: [TopologyRules.Sum]) {
        self.role = role
        self.column = column
        self.place = place
        self.isPerNode = isPerNode
        self.parts = parts
        known = .allocate(capacity: 0)
        sums = .allocate(capacity: 0)
        nodes = .allocate(capacity: 0)
    }

    func deallocate() {
        known.deallocate()
        sums.deallocate()
        nodes.deallocate()
    }

    /// Makes room for so many nodes and domains; all numbers are 0 then.
    mutating func reset(places: Int, domains: Int) {
        deallocate()
        known = .allocate(capacity: places)
        known.initialize(repeating: 0, count: places)
        let sumCount = isPerNode ? 0 : domains
        sums = .allocate(capacity: sumCount)
        sums.initialize(repeating: 0, count: sumCount)
        let nodeCount = role == .hard ? domains : 0
        nodes = .allocate(capacity: nodeCount)
        nodes.initialize(repeating: 0, count: nodeCount)
        total = 0
        levels.removeAll()
    }

    /// What the counters have at `slot`.
    func count(at slot: Int, _ counters: [SlotCounter]) -> Int32 {
        var sum: Int32 = 0
        for index in parts.indices {
            let counter = Int(parts[index].counter)
            if slot < counters[counter].counts.count { sum += parts[index].weight &* counters[counter].counts[slot] }
        }
        return sum
    }

    /// The node at `place` adds `count` to `domain` from now on; returns whether the domain's sum is another.
    mutating func set(_ place: Int, domain: Int, to count: Int32) -> Bool {
        let change = count - known[place]
        if change == 0 { return false }
        known[place] = count
        guard !isPerNode, domain >= 0 else { return false }
        if role == .hard && nodes[domain] > 0 {
            levels.leave(sums[domain])
            levels.enter(sums[domain] + change)
        }
        sums[domain] += change
        total += Int64(change)
        return true
    }

    /// One node more, or less, counts in `domain`.
    mutating func addNode(_ change: Int32, domain: Int) {
        guard role == .hard, domain >= 0 else { return }
        if nodes[domain] == 0 { levels.enter(sums[domain]) }
        nodes[domain] += change
        if nodes[domain] == 0 { levels.leave(sums[domain]) }
    }

    /// The value of a signature's field as the rules read it: some ask only whether there is any pod.
    func fieldValue(_ value: Int64) -> Int32 {
        if value == Self.absent { return Self.absentField }
        switch role {
        case .hard, .soft, .weight: return Int32(truncatingIfNeeded: value)
        case .affinity, .antiAffinity, .existing: return value > 0 ? 1 : 0
        }
    }
}
