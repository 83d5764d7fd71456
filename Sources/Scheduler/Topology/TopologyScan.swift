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
    private struct Passing {
        var group: Int
        var signature: TopologyGroups.Signature
        var nodes: Int
        /// What is added to the nodes' own totals.
        var bonus: Int64 = 0
    }

    func search(_ search: inout NodeSearch) -> ScanResult {
        plan.sync(with: cache, memo: memo)
        if search.mode == .exhaustive, !plan.isLinear, topology.comesLast, let result = grouped() { return result }
        return walk(&search)
    }

    // MARK: - By groups

    /// The search when all nodes count; nil when the groups do not tell enough.
    private func grouped() -> ScanResult? {
        let cycle = plan.cycle()
        var counts = [Int](repeating: 0, count: TopologyVerdict.allCases.count)
        var verdicts = [TopologyVerdict](repeating: .fits, count: plan.groups.groups.count)
        var passing: [Passing] = []
        passing.reserveCapacity(plan.groups.groups.count)
        var feasible = 0
        for index in plan.groups.groups.indices {
            let nodes = plan.groups.groups[index].nodes
            if nodes == 0 { continue }
            let signature = plan.groups.groups[index].signature
            plan.load(signature)
            let verdict = plan.judge(cycle, topology)
            verdicts[index] = verdict
            counts[Int(verdict.rawValue)] += nodes
            guard verdict == .fits else { continue }
            feasible += nodes
            passing.append(Passing(group: index, signature: signature, nodes: nodes))
        }
        let isCut = feasible < memo.ranking.feasible
        // Scores in proportion to a maximum are other scores when the nodes that had it do not fit.
        if isCut, feasible > 1, !keepsMaxima(verdicts) { return nil }
        var result = ScanResult()
        result.feasible = feasible
        result.evaluated = cache.order.count
        for id in memo.ranking.counts.indices where memo.ranking.counts[id] > 0 {
            result.tally.append((memo.verdicts[id], memo.ranking.counts[id]))
        }
        for verdict in TopologyVerdict.allCases where counts[Int(verdict.rawValue)] > 0 {
            if let said = verdict.nodeVerdict { result.tally.append((said, counts[Int(verdict.rawValue)])) }
        }
        if feasible == 0 {
            result.verdicts = .topology(memo, order: cache.order, keys: plan.groups.placeGroups, verdicts)
            return result
        }
        if feasible > 1 { addBonuses(&passing) }
        choose(passing, isCut: isCut, feasible: feasible, into: &result)
        return result
    }

    private func addBonuses(_ passing: inout [Passing]) {
        if plan.rules.soft.isEmpty && plan.rules.weights.isEmpty { return }
        var scores = TopologyScores(plan, topology)
        let candidates = passing
        let totals = scores.totals(
            of: passing.count, load: { plan.load(candidates[$0].signature) },
            domain: { candidates[$0].signature[plan.tallies[$1].field] }, nodes: { candidates[$0].nodes })
        for index in passing.indices { passing[index].bonus = totals[index] }
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
    private func choose(_ passing: [Passing], isCut: Bool, feasible: Int, into result: inout ScanResult) {
        var best = Int64.min
        for entry in passing {
            best = max(best, Int64(plan.groups.top(of: entry.group)) + entry.bonus)
        }
        // By group, the key that the best nodes have.
        var wanted = [Int32](repeating: -2, count: plan.groups.groups.count)
        var winners: [Int32] = []
        var ties = 0
        for entry in passing where Int64(plan.groups.top(of: entry.group)) + entry.bonus == best {
            let top = plan.groups.top(of: entry.group)
            wanted[entry.group] = Int32(entry.group) << TopologyGroups.totalBits | top
            winners.append(wanted[entry.group])
            ties += plan.groups.count(of: entry.group, total: top)
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
            var scores = TopologyScores(plan, topology)
            var totals = scores.totals(
                of: places.count, load: { plan.load(Int(places[$0])) },
                domain: { plan.domains[plan.tallies[$1].column][Int(places[$0])] }, nodes: { _ in 1 })
            for index in places.indices { totals[index] += memo.fixedTotal(cache.order[Int(places[index])]) }
            memo.addNormalized(places, cache, to: &totals)
            return totals
        }
    }
}
