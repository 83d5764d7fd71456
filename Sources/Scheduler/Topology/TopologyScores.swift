import SchedulingFramework

/// The scores of the two plugins over some candidates, which are nodes or groups of nodes.
struct TopologyScores {
    private let plan: TopologyPlan
    private let profile: TopologyProfile
    /// By soft constraint.
    private var weights: [Double] = []
    /// By candidate.
    private var spread: [Int64] = []
    private var affinity: [Int64] = []
    private static let ignored = Int64.min

    init(_ plan: TopologyPlan, _ profile: TopologyProfile) {
        self.plan = plan
        self.profile = profile
    }

    /// Returns the weighted sums of the scores by candidate; `load` makes a candidate's values the plan's, `domain`
    /// tells its domain under a key of the plan, and `nodes` how many nodes it stands for.
    mutating func totals(
        of count: Int, load: (Int) -> Void, domain: (_ candidate: Int, _ tally: Int) -> Int32, nodes: (Int) -> Int
    ) -> [Int64] {
        var totals = [Int64](repeating: 0, count: count)
        let hasSpread = !plan.rules.soft.isEmpty
        let hasAffinity = !plan.rules.weights.isEmpty
        if hasSpread { weigh(count, load, domain, nodes) }
        for candidate in 0..<count {
            load(candidate)
            if hasSpread { spread.append(plan.isIgnored ? Self.ignored : plan.spreadScore(weights)) }
            if hasAffinity { affinity.append(plan.affinityScore) }
        }
        if hasSpread { addSpread(&totals) }
        if hasAffinity { addAffinity(&totals) }
        return totals
    }

    private mutating func weigh(
        _ count: Int, _ load: (Int) -> Void, _ domain: (Int, Int) -> Int32, _ nodes: (Int) -> Int
    ) {
        var scored = 0
        let places = plan.rules.soft.indices.filter { !plan.rules.soft[$0].isHostname }
        var seen = places.map { place in
            let column = plan.tallies[plan.rules.hard.count + place].column
            return [Bool](repeating: false, count: plan.keys.columns[plan.keyIDs[column]].count + 1)
        }
        var sizes = [Int](repeating: 0, count: places.count)
        for candidate in 0..<count {
            if plan.rules.requiresAll {
                load(candidate)
                if plan.isIgnored { continue }
            }
            scored += nodes(candidate)
            for (index, place) in places.enumerated() {
                let tally = plan.rules.hard.count + place
                var number = domain(candidate, tally)
                if number < 0 {
                    // Nodes without the key are one domain, together with those whose value is empty.
                    number = plan.keys.columns[plan.keyIDs[plan.tallies[tally].column]].emptyDomain
                }
                let slot = number < 0 ? seen[index].count - 1 : Int(number)
                if !seen[index][slot] {
                    seen[index][slot] = true
                    sizes[index] += 1
                }
            }
        }
        weights = plan.rules.soft.indices.map { place in
            let size = places.firstIndex(of: place).map { sizes[$0] } ?? scored
            return PodTopologySpread.topologyWeight(domains: size)
        }
    }

    private func addSpread(_ totals: inout [Int64]) {
        var lowest = Int64.max
        var highest: Int64 = 0
        for raw in spread where raw != Self.ignored {
            lowest = min(lowest, raw)
            highest = max(highest, raw)
        }
        for index in totals.indices where spread[index] != Self.ignored {
            let score = PodTopologySpread.normalized(spread[index], lowest: lowest, highest: highest)
            totals[index] += profile.spreadWeight * score
        }
    }

    private func addAffinity(_ totals: inout [Int64]) {
        var lowest = Int64.max
        var highest = Int64.min
        for raw in affinity {
            lowest = min(lowest, raw)
            highest = max(highest, raw)
        }
        for index in totals.indices {
            let score = InterPodAffinity.normalized(affinity[index], minimum: lowest, maximum: highest)
            totals[index] += profile.affinityWeight * score
        }
    }
}
