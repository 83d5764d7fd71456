import SchedulingFramework

/// The scores of the two plugins over some candidates, which are nodes or groups of nodes.
///
/// A plan keeps one, so that a search makes no arrays.
struct TopologyScores {
    /// By soft constraint, over how many domains candidates lie, and the weight that follows from it.
    private var sizes: [Int] = []
    private var weights: [Double] = []
    /// By candidate.
    private var spread: [Int64] = []
    private var affinity: [Int64] = []
    /// The weighted sums of the scores, by candidate.
    private(set) var totals: [Int64] = []
    /// Scratch: by domain, whether a candidate lies in it.
    private var seen: [Bool] = []
    private static let ignored = Int64.min

    /// Works out `totals`; `load` makes a candidate's values those of `plan`, `domain` tells its domain under the key of
    /// a tally, and `nodes` how many nodes it stands for.
    mutating func weigh(
        _ count: Int, _ plan: TopologyPlan, _ profile: TopologyProfile, load: (Int) -> Void,
        domain: (_ candidate: Int, _ tally: Int) -> Int32, nodes: (Int) -> Int
    ) {
        totals.removeAll(keepingCapacity: true)
        totals.append(contentsOf: repeatElement(0, count: count))
        spread.removeAll(keepingCapacity: true)
        affinity.removeAll(keepingCapacity: true)
        let hasSpread = !plan.rules.soft.isEmpty
        let hasAffinity = !plan.rules.weights.isEmpty
        if hasSpread { measure(count, plan, load, domain, nodes) }
        for candidate in 0..<count {
            load(candidate)
            if hasSpread { spread.append(plan.isIgnored ? Self.ignored : plan.spreadScore(weights)) }
            if hasAffinity { affinity.append(plan.affinityScore) }
        }
        if hasSpread { addSpread(profile.spreadWeight) }
        if hasAffinity { addAffinity(profile.affinityWeight) }
    }

    /// Finds out how many domains there are, and the weights.
    private mutating func measure(
        _ count: Int, _ plan: TopologyPlan, _ load: (Int) -> Void, _ domain: (Int, Int) -> Int32, _ nodes: (Int) -> Int
    ) {
        if sizes.count != plan.rules.soft.count {
            sizes = plan.rules.soft.map { _ in 0 }
            weights = sizes.map { PodTopologySpread.topologyWeight(domains: $0) }
        }
        for place in plan.rules.soft.indices {
            let size =
                plan.rules.soft[place].isHostname
                ? scored(count, plan, load, nodes) : domains(place, count, plan, load, domain)
            if size == sizes[place] { continue }
            sizes[place] = size
            weights[place] = PodTopologySpread.topologyWeight(domains: size)
        }
    }

    /// How many nodes are scored.
    private func scored(_ count: Int, _ plan: TopologyPlan, _ load: (Int) -> Void, _ nodes: (Int) -> Int) -> Int {
        var scored = 0
        for candidate in 0..<count where !isIgnored(candidate, plan, load) { scored += nodes(candidate) }
        return scored
    }

    /// Over how many domains the candidates lie that are scored.
    private mutating func domains(
        _ place: Int, _ count: Int, _ plan: TopologyPlan, _ load: (Int) -> Void, _ domain: (Int, Int) -> Int32
    ) -> Int {
        let tally = plan.rules.hard.count + place
        let key = plan.keyIDs[plan.tallies[tally].column]
        let (limit, emptyDomain) = (plan.keys.columns[key].count, plan.keys.columns[key].emptyDomain)
        seen.removeAll(keepingCapacity: true)
        seen.append(contentsOf: repeatElement(false, count: limit + 1))
        var size = 0
        for candidate in 0..<count where !isIgnored(candidate, plan, load) {
            let number = domain(candidate, tally)
            // Nodes without the key are one domain, together with those whose value is empty.
            let named = number < 0 ? emptyDomain : number
            let slot = named < 0 ? limit : Int(named)
            if seen[slot] { continue }
            seen[slot] = true
            size += 1
        }
        return size
    }

    private func isIgnored(_ candidate: Int, _ plan: TopologyPlan, _ load: (Int) -> Void) -> Bool {
        guard plan.rules.requiresAll else { return false }
        load(candidate)
        return plan.isIgnored
    }

    private mutating func addSpread(_ weight: Int64) {
        var lowest = Int64.max
        var highest: Int64 = 0
        for raw in spread where raw != Self.ignored {
            lowest = min(lowest, raw)
            highest = max(highest, raw)
        }
        for index in totals.indices where spread[index] != Self.ignored {
            totals[index] += weight * PodTopologySpread.normalized(spread[index], lowest: lowest, highest: highest)
        }
    }

    private mutating func addAffinity(_ weight: Int64) {
        var lowest = Int64.max
        var highest = Int64.min
        for raw in affinity {
            lowest = min(lowest, raw)
            highest = max(highest, raw)
        }
        for index in totals.indices {
            totals[index] += weight * InterPodAffinity.normalized(affinity[index], minimum: lowest, maximum: highest)
        }
    }
}
