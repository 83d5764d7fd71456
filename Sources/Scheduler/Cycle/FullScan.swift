import KubernetesAPI
import SchedulingFramework

/// The search for a node as the framework defines it: every plugin is asked about every node.
struct FullScan {
    let run: FilterRun
    let profile: CompiledProfile
    let snapshot: Snapshot
    let capture: AttemptCapture
    let chooser: Chooser

    /// Searches for a node for `pod`. `state` holds what the pre-filters left.
    func search(_ pod: PodInfo, pre: PreFilterRun, state: CycleState, search: inout NodeSearch) -> ScanResult {
        var result = ScanResult()
        let count = snapshot.nodes.count
        var verdicts: [NodeVerdict?] = Array(repeating: nil, count: count)
        var feasible: [Int] = []
        var looked: [Int] = []
        var surplus: Int?
        if let place = nominated(pod), run.filterWithNominated(pod, on: snapshot.nodes[place], state: state) == nil {
            feasible = [place]
        } else {
            let places = self.places(pre)
            let wanted = search.wanted(of: places.count, profile: profile)
            let first = search.first(of: places.count)
            for step in places.indices {
                let place = places[(first + step) % places.count]
                if let verdict = run.filterWithNominated(pod, on: snapshot.nodes[place], state: state) {
                    verdicts[place] = verdict
                    looked.append(place)
                } else if feasible.count < wanted {
                    feasible.append(place)
                } else {
                    surplus = place
                    break
                }
            }
            search.advance(by: feasible.count + looked.count, of: count)
            if pre.nodeNames != nil {
                result.absent = (pre.absence, count - places.count)
                let named = Set(places)
                for place in snapshot.nodes.indices where !named.contains(place) { verdicts[place] = pre.absence }
            }
        }
        result.naming = pre.naming
        result.feasible = feasible.count
        result.evaluated = feasible.count + looked.count
        result.tally = Self.tally(looked.compactMap { verdicts[$0] })
        if capture == .all {
            result.detail = AttemptDetail(
                feasible: feasible.map { snapshot.nodes[$0].name },
                infeasible: looked.compactMap { place in
                    verdicts[place].map { (snapshot.nodes[place].name, $0) }
                },
                surplus: surplus.map { snapshot.nodes[$0].name })
        }
        result.verdicts = .list(verdicts)
        choose(pod, among: feasible, state: state, into: &result)
        return result
    }

    private func nominated(_ pod: PodInfo) -> Int? {
        guard let name = pod.pod.status.nominatedNodeName ?? run.nominator.node(of: pod.uid) else { return nil }
        return snapshot.nodes.firstIndex { $0.name == name }
    }

    /// The places worth looking at, in order.
    private func places(_ pre: PreFilterRun) -> [Int] {
        guard let names = pre.nodeNames else { return Array(snapshot.nodes.indices) }
        let wanted = Set(names)
        return snapshot.nodes.indices.filter { wanted.contains(snapshot.nodes[$0].name) }
    }

    // MARK: - Scores

    private func choose(_ pod: PodInfo, among places: [Int], state: CycleState, into result: inout ScanResult) {
        guard let only = places.first else { return }
        guard places.count > 1 else {
            result.winner = only
            result.tieCount = 1
            result.detail?.ties = [snapshot.nodes[only].name]
            return
        }
        let nodes = places.map { snapshot.nodes[$0] }
        var skipped: Set<PluginName> = []
        for entry in profile.preScores {
            let verdict = entry.plugin.preScore(pod, nodes: nodes, in: snapshot, state: state)
            if verdict.code == .skip { skipped.insert(entry.name) }
        }
        var totals: [Int64] = Array(repeating: 0, count: nodes.count)
        for entry in profile.scores where !skipped.contains(entry.name) {
            let scores = Self.scores(entry, pod, nodes, snapshot, state).map { $0 * entry.weight }
            for index in totals.indices { totals[index] += scores[index] }
            result.detail?.scores.append(AttemptDetail.PluginScores(plugin: entry.name, scores: scores))
        }
        let best = totals.max() ?? 0
        let ties = totals.indices.filter { totals[$0] == best }.map { Int32($0) }
        result.winner = places[Int(chooser.pick(ties))]
        result.score = best
        result.tieCount = ties.count
        result.detail?.totals = totals
        result.detail?.ties = ties.map { nodes[Int($0)].name }
    }

    /// Returns the normalised scores of one plugin.
    static func scores(
        _ entry: CompiledProfile.ScoreEntry, _ pod: PodInfo, _ nodes: [NodeInfo], _ snapshot: Snapshot,
        _ state: CycleState
    ) -> [Int64] {
        var scores = nodes.map { entry.plugin.score(pod, on: $0, in: snapshot, state: state) }
        switch entry.normalization {
        case .none: break
        case .byMaximum(let reversed):
            let maximum = max(0, scores.max() ?? 0)
            scores = scores.map { ScoreNormalization.scaled($0, maximum: maximum, reversed: reversed) }
        case .custom: entry.plugin.normalize(&scores, nodes: nodes, for: pod, in: snapshot, state: state)
        }
        return scores
    }

    private static func tally(_ verdicts: [NodeVerdict]) -> [(verdict: NodeVerdict, count: Int)] {
        var counts: [NodeVerdict: Int] = [:]
        var order: [NodeVerdict] = []
        for verdict in verdicts {
            if counts[verdict] == nil { order.append(verdict) }
            counts[verdict, default: 0] += 1
        }
        return order.map { ($0, counts[$0] ?? 0) }
    }
}

/// Picks among equals as the configuration says.
struct Chooser {
    var tieBreak: SchedulerConfiguration.TieBreak
    var draw: UInt64

    func pick(_ ties: [Int32]) -> Int32 {
        switch tieBreak {
        case .upstream136: TieBreaker.upstream136(ties)
        case .seeded: TieBreaker.seeded(ties, draw: draw)
        }
    }
}
