import KubernetesAPI
import SchedulingFramework

/// The rules about other pods made ready for the pods of one shape: sums over domains, and the nodes in groups, kept up
/// to date by the nodes that changed since the last look.
final class TopologyPlan {
    let rules: TopologyRules
    let shape: PodShape
    /// When it was last asked for, counted in attempts.
    var lastUsed: UInt64 = 0
    var tallies: [DomainTally] = []
    var groups = TopologyGroups()
    /// Whether the nodes are not kept in groups: what distinguishes them is too much.
    var isLinear = false
    let keys: TopologyKeys
    /// The keys of the tallies, by number.
    let keyIDs: [Int]
    /// By key, then by place: the domain of the node, or -1.
    var domains: [UnsafeMutablePointer<Int32>]
    /// How many fields a signature has.
    var fields = 0
    /// By place, a bit for each tally in which the node counts.
    var bits: UnsafeMutablePointer<UInt32>
    let hard: [PodTopologySpread.Constraint]
    let soft: [PodTopologySpread.Constraint]
    /// By hard, then by soft constraint: whether all nodes with the keys count.
    let isTrivial: [Bool]
    var places = 0
    /// Scratch: one value per tally.
    let values: UnsafeMutablePointer<Int64>

    // As of the last look.
    var orderVersion: UInt64 = 0
    var objectCursor: UInt64 = 0
    var rankingBuild: UInt64 = 0
    /// How far the ranking's moves were read.
    var moveCursor: UInt64 = 0
    /// The counters that the tallies sum up, each once, and how far the log of each was read.
    let counterIDs: [Int]
    /// How many tallies are of preferences alone.
    let weightTallies: Int
    var counterCursors: [UInt64]
    var columnVersions: [UInt64] = []
    /// By key, how many domains there is room for.
    var columnLimits: [Int] = []
    /// Scratch of a search.
    var scores = TopologyScores()
    var passing: [TopologyScan.Passing] = []
    var verdicts: [TopologyVerdict] = []
    /// Scratch of `sync`.
    var touched: [Int32] = []
    var changedDomains: [(tally: Int, domain: Int32)] = []
    /// By key: the places of the nodes in each domain, one domain after the other; empty where nobody asks.
    var members: [[Int32]] = []
    var memberStarts: [[Int32]] = []

    static let talliesMax = 32
    /// Up to so many domains, a node's domain stands in its signature.
    static let smallDomains = 32

    /// nil when there are more rules than there is room for.
    init?(
        _ rules: TopologyRules, shape: PodShape, hard: [PodTopologySpread.Constraint],
        soft: [PodTopologySpread.Constraint], keys: TopologyKeys
    ) {
        self.rules = rules
        self.shape = shape
        self.hard = hard
        self.soft = soft
        self.keys = keys
        let choosesNodes = !shape.spec.nodeSelector.isEmpty || shape.requiredNodes != nil
        isTrivial = (hard + soft).map { (!$0.honorsNodeAffinity || !choosesNodes) && !$0.honorsTaints }
        var ids: [Int] = []
        func column(_ key: Int32) -> Int {
            if let place = ids.firstIndex(of: Int(key)) { return place }
            ids.append(Int(key))
            return ids.count - 1
        }
        func parts(_ rule: TopologyRules.Spread) -> [TopologyRules.Sum] {
            rule.counter < 0 ? [] : [TopologyRules.Sum(key: rule.key, counter: rule.counter, weight: 1)]
        }
        for (place, rule) in rules.hard.enumerated() {
            tallies.append(DomainTally(.hard, column: column(rule.key), place: place, parts: parts(rule)))
        }
        for (place, rule) in rules.soft.enumerated() {
            var tally = DomainTally(
                .soft, column: column(rule.key), place: place, isPerNode: rule.isHostname, parts: parts(rule))
            tally.joinsEmpty = !rules.requiresAll && !rule.isHostname
            tallies.append(tally)
        }
        for (role, sums) in [
            (DomainTally.Role.affinity, rules.affinity), (.antiAffinity, rules.antiAffinity),
            (.existing, rules.existing), (.weight, rules.weights),
        ] {
            // All counters under one key make one sum.
            var known: [Int32] = []
            for sum in sums where !known.contains(sum.key) {
                known.append(sum.key)
                let parts = sums.filter { $0.key == sum.key }
                tallies.append(DomainTally(role, column: column(sum.key), parts: parts))
            }
        }
        keyIDs = ids
        weightTallies = tallies.count { $0.role == .weight }
        counterIDs = Set(tallies.flatMap { $0.parts.map { Int($0.counter) } }).sorted()
        counterCursors = counterIDs.map { _ in 0 }
        domains = ids.map { _ in .allocate(capacity: 0) }
        bits = .allocate(capacity: 0)
        values = .allocate(capacity: max(1, tallies.count))
        values.initialize(repeating: 0, count: max(1, tallies.count))
        members = ids.map { _ in [] }
        memberStarts = members
        // A tally counts an Int32: weights are at most 100.
        if tallies.count > Self.talliesMax { return nil }
    }

    deinit {
        for tally in tallies { tally.deallocate() }
        for column in domains { column.deallocate() }
        bits.deallocate()
        values.deallocate()
        groups.deallocate()
    }

    // MARK: - Values

    /// Writes the value of each tally at the node at `place` into `values`.
    func load(_ place: Int) {
        for index in tallies.indices {
            let domain = domains[tallies[index].column][place]
            if domain < 0 {
                values[index] = DomainTally.absent
            } else if tallies[index].isPerNode {
                values[index] = Int64(tallies[index].known[place])
            } else {
                values[index] = Int64(tallies[index].sums[Int(domain)])
            }
        }
    }

    /// The same for the nodes of a group.
    func load(_ signature: TopologyGroups.Signature) {
        for index in tallies.indices {
            let field = signature[tallies[index].field]
            if tallies[index].isByDomain {
                values[index] = field < 0 ? DomainTally.absent : Int64(tallies[index].sums[Int(field)])
            } else {
                values[index] = field == DomainTally.absentField ? DomainTally.absent : Int64(field)
            }
        }
    }

    /// What distinguishes the node at `place` from others.
    func signature(_ place: Int) -> TopologyGroups.Signature {
        var signature = TopologyGroups.Signature(repeating: 0)
        for index in tallies.indices {
            let domain = domains[tallies[index].column][place]
            if tallies[index].isByDomain {
                signature[tallies[index].field] = domain
            } else if domain < 0 {
                signature[tallies[index].field] = DomainTally.absentField
            } else {
                let value = tallies[index].isPerNode ? tallies[index].known[place] : tallies[index].sums[Int(domain)]
                signature[tallies[index].field] = tallies[index].fieldValue(Int64(value))
            }
        }
        return signature
    }
}
