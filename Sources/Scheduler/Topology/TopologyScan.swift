import KubernetesAPI
import SchedulingFramework

/// The search for a node with the answers of a `ShapeMemo` and the sums of a `TopologyPlan`: no plugin is asked.
///
/// Its result equals that of `FullScan`.
struct TopologyScan {
    let profile: CompiledProfile
    let topology: TopologyProfile
    let cache: NodeCache
    let memo: ShapeMemo
    let plan: TopologyPlan
    let chooser: Chooser

    /// A group in which all nodes fit.
    struct Passing {
        var group: Int
        var nodes: Int
        /// The highest total of a node, and what is added to it.
        var top: Int32
        var bonus: Int64 = 0

        var best: Int64 { Int64(top) + bonus }
    }

    func search(_ search: inout NodeSearch) -> ScanResult {
        plan.sync(with: cache, memo: memo)
        if search.mode == .exhaustive, !plan.isLinear, topology.comesLast, let result = grouped() { return result }
        return walk(&search)
    }

    // MARK: - By groups

    /// The search when all nodes count; nil when the groups do not tell enough.
    private func grouped() -> ScanResult? {
        var counts = SIMD8<Int>.zero
        judge(&counts)
        let feasible = counts[Int(TopologyVerdict.fits.rawValue)]
        let isCut = feasible < memo.ranking.feasible
        // Scores in proportion to a maximum are other scores when the nodes that had it do not fit.
        if isCut, feasible > 1, !keepsMaxima(plan.verdicts) { return nil }
        var result = ScanResult()
        result.feasible = feasible
        result.evaluated = cache.order.count
        for id in memo.ranking.counts.indices where memo.ranking.counts[id] > 0 {
            result.tally.append((memo.verdicts[id], memo.ranking.counts[id]))
        }
        if isCut {
            for verdict in TopologyVerdict.allCases where counts[Int(verdict.rawValue)] > 0 {
                if let said = verdict.nodeVerdict { result.tally.append((said, counts[Int(verdict.rawValue)])) }
            }
        }
        if feasible == 0 {
            result.verdicts = .topology(memo, order: cache.order, keys: plan.groups.placeGroups, plan.verdicts)
            return result
        }
        if feasible > 1 { addBonuses() }
        choose(isCut: isCut, feasible: feasible, into: &result)
        return result
    }

    /// Asks about each group, and lists those that pass; `counts` has the nodes by verdict.
    private func judge(_ counts: inout SIMD8<Int>) {
        // Soft constraints and preferences refuse nobody.
        let isAsked = plan.rules.soft.count + plan.weightTallies < plan.tallies.count
        let cycle = isAsked ? plan.cycle() : TopologyPlan.Cycle(minima: [], isFirst: false)
        plan.passing.removeAll(keepingCapacity: true)
        plan.verdicts.removeAll(keepingCapacity: true)
        for index in 0..<plan.groups.groups.count {
            var verdict = TopologyVerdict.fits
            let nodes = plan.groups.groups[index].nodes
            if nodes > 0 {
                if isAsked {
                    plan.load(plan.groups.groups[index].signature)
                    verdict = plan.judge(cycle, topology)
                }
                counts[Int(verdict.rawValue)] += nodes
                if verdict == .fits {
                    plan.passing.append(Passing(group: index, nodes: nodes, top: plan.groups.top(of: index)))
                }
            }
            plan.verdicts.append(verdict)
        }
    }

    private func addBonuses() {
        if plan.rules.soft.isEmpty && plan.rules.weights.isEmpty { return }
        let (groups, passing) = (plan.groups.groups, plan.passing)
        plan.scores.weigh(
            passing.count, plan, topology, load: { plan.load(groups[passing[$0].group].signature) },
            domain: { groups[passing[$0].group].signature[plan.tallies[$1].field] }, nodes: { passing[$0].nodes })
        for index in passing.indices { plan.passing[index].bonus = plan.scores.totals[index] }
    }

    /// Whether for each normalised score a node that fits has the highest raw score.
    private func keepsMaxima(_ verdicts: [TopologyVerdict]) -> Bool {
        for column in memo.normalized.indices where memo.ranking.maxima[column] > 0 {
            let maximum = memo.ranking.maxima[column]
            let isKept = cache.order.indices.contains { place in
                guard let group = plan.groups.group(at: place), verdicts[group] == .fits else { return false }
                return memo.columns[column][Int(cache.order[place])] == maximum
            }
            if !isKept { return false }
        }
        return true
    }

    /// Takes the best node.
    private func choose(isCut: Bool, feasible: Int, into result: inout ScanResult) {
        let passing = plan.passing
        var best = Int64.min
        for entry in passing { best = max(best, entry.best) }
        // The keys that the best nodes have.
        var winners: [Int32] = []
        var ties = 0
        for entry in passing where entry.best == best {
            winners.append(Int32(entry.group) << TopologyGroups.totalBits | entry.top)
            ties += plan.groups.count(of: entry.group, total: entry.top)
        }
        result.tieCount = ties
        if feasible > 1 { result.score = best }
        switch chooser.tieBreak {
        case .first: result.winner = plan.groups.firstPlace(of: winners) { _ in true }
        case .seeded:
            var left = TieBreaker.seededIndex(of: ties, draw: chooser.draw)
            result.winner = plan.groups.firstPlace(of: winners) { _ in
                left -= 1
                return left < 0
            }
        case .upstream136:
            if ties == 1 {
                result.winner = plan.groups.firstPlace(of: winners) { _ in true }
                return
            }
            let fits: [Bool]? = isCut ? self.fits(passing) : nil
            result.winner = plan.groups.topOfHeap(winners, ties: ties, words: memo.ranking.words, fits: fits)
        }
    }

    /// By group, whether its nodes fit.
    private func fits(_ passing: [Passing]) -> [Bool] {
        var fits = [Bool](repeating: false, count: plan.groups.groups.count)
        for entry in passing { fits[entry.group] = true }
        return fits
    }

    // MARK: - Node by node

    private func walk(_ search: inout NodeSearch) -> ScanResult {
        var result = ScanResult()
        let order = cache.order
        let cycle = plan.cycle()
        var local = [Int](repeating: 0, count: memo.verdicts.count)
        var counts = [Int](repeating: 0, count: TopologyVerdict.allCases.count)
        var feasible: [Int32] = []
        let wanted = search.wanted(of: order.count, profile: profile)
        var place = search.first(of: order.count)
        var infeasible = 0
        for _ in 0..<order.count {
            let here = place
            place = place + 1 == order.count ? 0 : place + 1
            let id = memo.verdictID(order[here])
            let verdict = judge(here, id, cycle)
            if verdict != .fits {
                counts[Int(verdict.rawValue)] += 1
                infeasible += 1
            } else if id != 0 {
                local[id] += 1
                infeasible += 1
            } else {
                if feasible.count == wanted { break }
                feasible.append(Int32(here))
            }
        }
        search.advance(by: feasible.count + infeasible, of: order.count)
        result.feasible = feasible.count
        result.evaluated = feasible.count + infeasible
        for id in local.indices where local[id] > 0 { result.tally.append((memo.verdicts[id], local[id])) }
        for verdict in TopologyVerdict.allCases where counts[Int(verdict.rawValue)] > 0 {
            if let said = verdict.nodeVerdict { result.tally.append((said, counts[Int(verdict.rawValue)])) }
        }
        if feasible.isEmpty {
            let list = order.indices.map { place -> NodeVerdict? in
                let id = memo.verdictID(order[place])
                return judge(place, id, cycle).nodeVerdict ?? (id == 0 ? nil : memo.verdicts[id])
            }
            result.verdicts = .list(list)
        }
        choose(among: feasible, into: &result)
        return result
    }

    /// What the two plugins say of a node, if no other filter has spoken before; `id` is that of the memo's verdict.
    private func judge(_ place: Int, _ id: Int, _ cycle: TopologyPlan.Cycle) -> TopologyVerdict {
        if id != 0 && topology.comesLast { return .fits }
        plan.load(place)
        let verdict = plan.judge(cycle, topology)
        if verdict == .fits || verdict.position(topology) > Int(memo.verdictPositions[id]) { return .fits }
        return verdict
    }

    private func choose(among places: [Int32], into result: inout ScanResult) {
        result.take(bestOf: places, chooser) {
            plan.scores.weigh(
                places.count, plan, topology, load: { plan.load(Int(places[$0])) },
                domain: { plan.domains[plan.tallies[$1].column][Int(places[$0])] }, nodes: { _ in 1 })
            var totals = plan.scores.totals
            for index in places.indices { totals[index] += memo.fixedTotal(cache.order[Int(places[index])]) }
            memo.addNormalized(places, cache, to: &totals)
            return totals
        }
    }
}
