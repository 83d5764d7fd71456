import KubernetesAPI
import SchedulingFramework

/// The search for a node with the answers of a `ShapeMemo`; asks only plugins that need the whole cluster.
///
/// Its result equals that of `FullScan`.
struct MemoScan {
    let run: FilterRun
    let profile: CompiledProfile
    let cache: NodeCache
    let memo: ShapeMemo
    let chooser: Chooser
    /// Filters that need the whole cluster and have something to do, by position.
    let clusterFilters: [Int]
    /// Whether scores that need the whole cluster have something to do.
    let hasClusterScores: Bool

    func search(_ pod: PodInfo, state: CycleState, search: inout NodeSearch) -> ScanResult {
        let isPlain = run.nominator.isEmpty && clusterFilters.isEmpty
        if isPlain, !hasClusterScores, search.mode == .exhaustive { return ranked() }
        return walk(pod, isPlain: isPlain, state: state, search: &search)
    }

    /// The search when all nodes count, and nobody has a say but those whose answers the memo has.
    private func ranked() -> ScanResult {
        var result = ScanResult()
        let tally = memo.tally(cache)
        result.feasible = tally.feasible
        result.evaluated = cache.order.count
        for id in tally.counts.indices where tally.counts[id] > 0 {
            result.tally.append((memo.verdicts[id], tally.counts[id]))
        }
        guard let best = memo.best(cache, chooser) else {
            result.verdicts = .memo(memo, order: cache.order, exceptions: [:])
            return result
        }
        result.winner = best.place
        result.tieCount = best.tieCount
        // The only one is not scored.
        if tally.feasible > 1 { result.score = best.total }
        return result
    }

    /// The search node by node.
    private func walk(_ pod: PodInfo, isPlain: Bool, state: CycleState, search: inout NodeSearch) -> ScanResult {
        var result = ScanResult()
        let order = cache.order
        let exceptions = self.exceptions(pod, state: state)
        var counts = [Int](repeating: 0, count: memo.verdicts.count)
        var feasible: [Int32] = []
        feasible.reserveCapacity(order.count)
        var exceptionTally: [NodeVerdict] = []
        let wanted = search.wanted(of: order.count, profile: profile)
        var place = search.first(of: order.count)
        var infeasible = 0
        for _ in 0..<order.count {
            let here = place
            place = place + 1 == order.count ? 0 : place + 1
            let id = memo.verdictID(order[here])
            if isPlain {
                if id != 0 {
                    counts[id] += 1
                    infeasible += 1
                    continue
                }
            } else if let verdict = judge(pod, place: here, id: id, exceptions, state) {
                exceptionTally.append(verdict)
                infeasible += 1
                continue
            }
            if feasible.count == wanted { break }
            feasible.append(Int32(here))
        }
        search.advance(by: feasible.count + infeasible, of: order.count)
        result.feasible = feasible.count
        result.evaluated = feasible.count + infeasible
        if isPlain {
            for id in counts.indices where counts[id] > 0 { result.tally.append((memo.verdicts[id], counts[id])) }
        } else {
            result.tally = ScanResult.tally(exceptionTally)
        }
        if feasible.isEmpty {
            var judged = exceptions.compactMapValues { $0 }
            if !clusterFilters.isEmpty {
                for place in order.indices where judged[place] == nil {
                    judged[place] = judge(pod, place: place, id: memo.verdictID(order[place]), exceptions, state)
                }
            }
            result.verdicts = .memo(memo, order: order, exceptions: judged)
        }
        choose(pod, among: feasible, state: state, into: &result)
        return result
    }

    // MARK: - Filters

    /// Nodes that somebody is nominated to are judged with their guests: place to verdict, nil inside when it fits.
    private func exceptions(_ pod: PodInfo, state: CycleState) -> [Int: NodeVerdict?] {
        if run.nominator.isEmpty { return [:] }
        var found: [Int: NodeVerdict?] = [:]
        for name in run.nominator.nodes {
            guard let slot = cache.slot(of: name), let place = cache.order.firstIndex(of: slot) else { continue }
            found[place] = .some(run.filterWithNominated(pod, on: cache.snapshot.nodes[place], state: state))
        }
        return found
    }

    private func judge(
        _ pod: PodInfo, place: Int, id: Int, _ exceptions: [Int: NodeVerdict?], _ state: CycleState
    ) -> NodeVerdict? {
        if let exception = exceptions[place] { return exception }
        let limit = Int(memo.verdictPositions[id])
        for position in clusterFilters where position < limit {
            let entry = profile.filters[position]
            let verdict = entry.plugin.filter(pod, on: cache.snapshot.nodes[place], state: state)
            if verdict.code != .success { return NodeVerdict(plugin: entry.name, verdict: verdict) }
        }
        return id == 0 ? nil : memo.verdicts[id]
    }

    // MARK: - Scores

    private func choose(_ pod: PodInfo, among places: [Int32], state: CycleState, into result: inout ScanResult) {
        result.take(bestOf: places, chooser) {
            var totals = places.map { memo.fixedTotal(cache.order[Int($0)]) }
            memo.addNormalized(places, cache, to: &totals)
            addClusterScores(pod, places, state, &totals)
            return totals
        }
    }

    private func addClusterScores(_ pod: PodInfo, _ places: [Int32], _ state: CycleState, _ totals: inout [Int64]) {
        guard hasClusterScores else { return }
        let nodes = places.map { cache.snapshot.nodes[Int($0)] }
        var skipped: Set<PluginName> = []
        for entry in profile.preScores where entry.scope == .cluster {
            let verdict = entry.plugin.preScore(pod, nodes: nodes, in: cache.snapshot, state: state)
            if verdict.code == .skip { skipped.insert(entry.name) }
        }
        for entry in profile.scores where entry.scope == .cluster && !skipped.contains(entry.name) {
            let scores = FullScan.scores(entry, pod, nodes, cache.snapshot, state)
            for index in totals.indices { totals[index] += scores[index] * entry.weight }
        }
    }
}

extension ScoreNormalization {
    /// Returns `raw` brought to 0…100 without the help of the plugin.
    func scaled(_ raw: Int64, maximum: Int64) -> Int64 {
        switch self {
        case .none: raw
        case .byMaximum(let reversed): Self.scaled(raw, maximum: maximum, reversed: reversed)
        case .custom: preconditionFailure("custom normalisation needs the cluster scope")
        }
    }
}
