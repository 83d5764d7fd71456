import KubernetesAPI
import SchedulingFramework

/// The search for a node as the framework defines it: every plugin is asked about every node.
struct FullScan {
    let run: FilterRun
    let profile: CompiledProfile
    let cache: NodeCache
    let capture: AttemptCapture
    let chooser: Chooser

    private var snapshot: Snapshot { cache.snapshot }

    /// Searches for a node for `pod`. `state` holds what the pre-filters left.
    func search(_ pod: PodInfo, pre: PreFilterRun, state: CycleState, search: inout NodeSearch) -> ScanResult {
        var result = ScanResult()
        let count = snapshot.nodes.count
        var verdicts: [NodeVerdict?] = Array(repeating: nil, count: count)
        var feasible: [Int] = []
        var looked: [Int] = []
        var surplus: Int?
        var nodes: [Int: NodeInfo] = [:]
        if let place = nominated(pod), isStillFine(pod, place: place, state: state) {
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
                let absence = pre.absence
                result.absent = (absence, count - places.count)
                // Both are in ascending order.
                var named = places[...]
                for place in snapshot.nodes.indices {
                    if named.first == place { named.removeFirst() } else { verdicts[place] = absence }
                }
            }
        }
        result.naming = pre.naming
        if run.extenders != nil, !feasible.isEmpty {
            do throws(ExtenderFailure) {
                try askExtenders(pod, &feasible, &nodes, &verdicts, &looked, &result)
            } catch {
                result.error = error.message
                return result
            }
        }
        result.feasible = feasible.count
        result.evaluated = feasible.count + looked.count
        result.tally = ScanResult.tally(looked.compactMap { verdicts[$0] })
        if capture == .all {
            result.detail = AttemptDetail(
                feasible: feasible.map { snapshot.nodes[$0].name },
                infeasible: looked.compactMap { place in
                    verdicts[place].map { (snapshot.nodes[place].name, $0) }
                },
                surplus: surplus.map { snapshot.nodes[$0].name })
        }
        result.verdicts = .list(verdicts)
        choose(pod, among: feasible, nodes, state: state, into: &result)
        return result
    }

    /// Whether the nominated node still passes filters and extenders; then no other is looked at.
    private func isStillFine(_ pod: PodInfo, place: Int, state: CycleState) -> Bool {
        let node = snapshot.nodes[place]
        if run.filterWithNominated(pod, on: node, state: state) != nil { return false }
        guard let extenders = run.extenders else { return true }
        do throws(ExtenderFailure) {
            return try !extenders.filter(pod, [node]).nodes.isEmpty
        } catch {
            return false
        }
    }

    /// Has the extenders look at the nodes that passed the filters. `given` receives the nodes as they hand them back.
    private func askExtenders(
        _ pod: PodInfo, _ feasible: inout [Int], _ given: inout [Int: NodeInfo], _ verdicts: inout [NodeVerdict?],
        _ looked: inout [Int], _ result: inout ScanResult
    ) throws(ExtenderFailure) {
        guard let extenders = run.extenders else { return }
        let answer = try extenders.filter(pod, feasible.map { snapshot.nodes[$0] })
        result.isCutByExtenders = answer.nodes.count != feasible.count
        var places: [String: Int] = [:]
        for place in feasible {
            places[snapshot.nodes[place].name] = place
            // Dropped without a word is hopeless, and goes into no message.
            verdicts[place] = NodeVerdict(plugin: Rejector.extenderName, verdict: Verdict(.unresolvable))
        }
        feasible = []
        for node in answer.nodes {
            guard let place = places[node.name] else { continue }
            feasible.append(place)
            given[place] = node
            verdicts[place] = nil
        }
        for place in snapshot.nodes.indices {
            guard let verdict = answer.verdicts[snapshot.nodes[place].name] else { continue }
            verdicts[place] = NodeVerdict(plugin: Rejector.extenderName, verdict: verdict)
            if !looked.contains(place) { looked.append(place) }
        }
    }

    private func nominated(_ pod: PodInfo) -> Int? {
        guard let name = pod.pod.status.nominatedNodeName ?? run.nominator.node(of: pod.uid) else { return nil }
        return cache.place(of: name)
    }

    /// The places worth looking at, in order.
    private func places(_ pre: PreFilterRun) -> [Int] {
        guard let names = pre.nodeNames else { return Array(snapshot.nodes.indices) }
        return Set(names.compactMap { cache.place(of: $0) }).sorted()
    }

    // MARK: - Scores

    /// `given` are nodes as extenders handed them back, by place.
    private func choose(
        _ pod: PodInfo, among places: [Int], _ given: [Int: NodeInfo], state: CycleState, into result: inout ScanResult
    ) {
        guard let only = places.first else { return }
        guard places.count > 1 else {
            result.winner = only
            result.tieCount = 1
            result.detail?.ties = [snapshot.nodes[only].name]
            return
        }
        let nodes = places.map { given[$0] ?? snapshot.nodes[$0] }
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
        for (name, scores) in run.extenders?.prioritize(pod, nodes) ?? [] {
            for index in totals.indices { totals[index] += scores[index] }
            result.detail?.scores.append(AttemptDetail.PluginScores(plugin: name, scores: scores))
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
}
