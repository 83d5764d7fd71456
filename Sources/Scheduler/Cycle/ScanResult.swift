import SchedulingFramework

/// What the search for a node found.
struct ScanResult {
    /// Set when an extender failed that must not: the attempt says nothing of the pod.
    var error: String?
    /// Whether extenders left fewer nodes than the filters.
    var isCutByExtenders = false
    /// Set when the pod is refused on all nodes.
    var preFilter: NodeVerdict?
    var evaluated = 0
    var feasible = 0
    /// The place of the chosen node in the snapshot, or nil.
    var winner: Int?
    var score: Int64 = 0
    var tieCount = 0
    /// Each rejection with the number of nodes it met.
    var tally: [(verdict: NodeVerdict, count: Int)] = []
    /// Nodes that were left out by name, and what is said of them.
    var absent: (verdict: NodeVerdict, count: Int)?
    /// Plugins that named nodes and so have a part in a failure.
    var naming: [PluginName] = []
    /// Plugins whose pre-filter was not asked.
    var unasked: [PluginName] = []
    /// Rejections by place; kept only when no node was found or everything is captured.
    var verdicts: VerdictSource = .none
    var detail: AttemptDetail?
}

extension ScanResult {
    /// Counts equal rejections, in the order in which they came first.
    static func tally(_ verdicts: [NodeVerdict]) -> [(verdict: NodeVerdict, count: Int)] {
        var counts: [NodeVerdict: Int] = [:]
        var order: [NodeVerdict] = []
        for verdict in verdicts {
            if counts[verdict] == nil { order.append(verdict) }
            counts[verdict, default: 0] += 1
        }
        return order.map { ($0, counts[$0] ?? 0) }
    }

    /// Takes the one of `places`, those of the nodes that passed, that `chooser` picks among the highest of `totals`.
    ///
    /// The only one is taken without a score. `FullScan` goes its own way: it is what this is compared with.
    mutating func take(bestOf places: [Int32], _ chooser: Chooser, totals: () -> [Int64]) {
        guard let only = places.first else { return }
        guard places.count > 1 else {
            winner = Int(only)
            tieCount = 1
            return
        }
        let totals = totals()
        var best = Int64.min
        var ties: [Int32] = []
        for index in totals.indices {
            if totals[index] > best {
                best = totals[index]
                ties.removeAll(keepingCapacity: true)
            }
            if totals[index] == best { ties.append(Int32(index)) }
        }
        winner = Int(places[Int(chooser.pick(ties))])
        score = best
        tieCount = ties.count
    }
}

/// Where the rejections of a failed search are kept.
enum VerdictSource {
    case none
    case list([NodeVerdict?])
    /// A memo, the slots in the snapshot's order, and places that were judged otherwise.
    case memo(ShapeMemo, order: [Int32], exceptions: [Int: NodeVerdict])
    /// A memo, the slots in the snapshot's order, the group of each node that passed there, and what is said of groups.
    case topology(ShapeMemo, order: [Int32], keys: [Int32], [TopologyVerdict])

    func verdict(at place: Int) -> NodeVerdict? {
        switch self {
        case .none: return nil
        case .list(let list): return list[place]
        case .memo(let memo, let order, let exceptions):
            if let exception = exceptions[place] { return exception }
            let id = memo.verdictID(order[place])
            return id == 0 ? nil : memo.verdicts[id]
        case .topology(let memo, let order, let groups, let said):
            if groups[place] >= 0 { return said[Int(groups[place])].nodeVerdict }
            return memo.verdicts[memo.verdictID(order[place])]
        }
    }
}
