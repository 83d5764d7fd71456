import KubernetesAPI
import SchedulingFramework

// The questions to the plugins, and how their answers are kept.
extension ShapeMemo {
    /// Asks the filters and scores that look at usage.
    func judge(_ slot: Int, _ usage: UnsafePointer<NodeUsage>, _ cache: NodeCache) {
        let cell = cells + slot
        var verdictID = cell.pointee.objectVerdictID
        let limit = verdictID == 0 ? Int.max : Int(verdictPositions[Int(verdictID)])
        for entry in usageFilters where entry.position < limit {
            var shortage = 0
            if let demand = entry.demand {
                shortage = demand.shortage(on: usage)
                if shortage == 0 { continue }
                if entry.known[shortage] != 0 {
                    verdictID = entry.known[shortage]
                    break
                }
            }
            guard let node = cache.slots[slot] else { continue }
            let verdict = profile.filters[entry.position].plugin.filter(pod, on: node, state: state)
            if verdict.code == .success { continue }
            verdictID = intern(verdict, entry.position, previous: cell.pointee.verdictID)
            entry.known[shortage] = verdictID
            break
        }
        cell.pointee.verdictID = verdictID
        guard verdictID == 0 else { return }
        var sum: Int64 = 0
        for entry in usageScores {
            if let formula = entry.formula {
                sum += entry.weight * formula.score(on: usage)
            } else if let node = cache.slots[slot] {
                let plugin = profile.scores[entry.position].plugin
                sum += entry.weight * plugin.score(pod, on: node, in: cache.snapshot, state: state)
            }
        }
        cell.pointee.usageTotal = sum
    }

    func refreshObject(_ slot: Int, _ cache: NodeCache) {
        guard let node = cache.slots[slot] else { return }
        let generations = cache.generations[slot]
        let known = objects[slot].generations
        objects[slot].generations = generations
        if generations.images != known.images && !imageScores.isEmpty {
            objects[slot].imageKind = kinds.kind(of: slot)
            refreshKind(objects[slot].imageKind, node, cache)
        }
        defer { cells[slot].baseTotal = baseTotal(slot) }
        guard generations.object != known.object else { return }
        cells[slot].objectVerdictID = 0
        for position in objectFilters {
            let verdict = profile.filters[position].plugin.filter(pod, on: node, state: state)
            if verdict.code == .success { continue }
            cells[slot].objectVerdictID = intern(verdict, position, previous: 0)
            break
        }
        var total: Int64 = 0
        for position in objectScores {
            let entry = profile.scores[position]
            total += entry.weight * entry.plugin.score(pod, on: node, in: cache.snapshot, state: state)
        }
        objects[slot].total = total
        for (column, position) in normalized.enumerated() {
            columns[column][slot] = profile.scores[position].plugin.score(
                pod, on: node, in: cache.snapshot, state: state)
        }
    }

    /// Returns the number of a rejection by the filter at `position`.
    private func intern(_ verdict: Verdict, _ position: Int, previous: Int32) -> Int32 {
        // Mostly the same as last time.
        if verdictPositions[Int(previous)] == Int32(position), verdicts[Int(previous)].verdict == verdict {
            return previous
        }
        for id in 1..<max(1, verdicts.count)
        where verdictPositions[id] == Int32(position) && verdicts[id].verdict == verdict {
            return Int32(id)
        }
        verdicts.append(NodeVerdict(plugin: profile.filters[position].name, verdict: verdict))
        verdictPositions.append(Int32(position))
        return Int32(verdicts.count - 1)
    }

    // MARK: - Images

    /// Asks about images again, once per kind of node, after they spread otherwise than before.
    func refreshKinds(_ cache: NodeCache) {
        for slot in 0..<cellCount where kinds.isStale(objects[slot].imageKind) {
            guard let node = cache.slots[slot] else { continue }
            refreshKind(objects[slot].imageKind, node, cache)
        }
    }

    func refreshKind(_ kind: Int32, _ node: NodeInfo, _ cache: NodeCache) {
        guard kinds.isStale(kind) else { return }
        var total: Int64 = 0
        for position in imageScores {
            let entry = profile.scores[position]
            total += entry.weight * entry.plugin.score(pod, on: node, in: cache.snapshot, state: state)
        }
        guard kinds.set(kind, to: total) else { return }
        // It concerns many nodes.
        ranking.invalidate()
        isRanked = false
    }

    // MARK: - Normalised scores

    /// Adds the scores that depend on which nodes are scored: those at `places`, in this order.
    func addNormalized(_ places: [Int32], _ cache: NodeCache, to totals: inout [Int64]) {
        for (column, position) in normalized.enumerated() {
            let entry = profile.scores[position]
            let raws = columns[column]
            var maximum: Int64 = 0
            for place in places { maximum = max(maximum, raws[Int(cache.order[Int(place)])]) }
            for (index, place) in places.enumerated() {
                let raw = raws[Int(cache.order[Int(place)])]
                totals[index] += entry.weight * entry.normalization.scaled(raw, maximum: maximum)
            }
        }
    }
}
