import KubernetesAPI
import SchedulingFramework

/// What the plugins that look at one node at a time said of every node, for pods of one shape.
///
/// Only nodes that changed since the last look are asked about again; plugins that look at the node object alone are
/// asked again only when the object changed. The answers must equal those of `FullScan`, which a test checks.
final class ShapeMemo {
    let shape: PodShape
    /// When the shape was last asked for, counted in attempts.
    var lastUsed: UInt64 = 0
    /// What the pre-filters said, when that depends on the shape alone.
    let pre: PreFilterRun
    /// The rejections, each once; the entry at 0 stands for success.
    private(set) var verdicts: [NodeVerdict] = [NodeVerdict(plugin: nil, verdict: .success)]
    /// By rejection, the position of the filter that spoke it.
    private(set) var verdictPositions: [Int32] = [Int32.max]
    /// Positions in the profile's scores of those that are normalised.
    let normalized: [Int]
    /// Their raw scores: one column each, by slot.
    private(set) var columns: [[Int64]] = []

    private let profile: CompiledProfile
    private let pod: PodInfo
    private let state = CycleState()
    private let objectFilters: [Int]
    private let usageFilters: [UsageFilter]
    private let objectScores: [Int]
    private let usageScores: [UsageScore]
    private let imageScores: [Int]
    private var cursor: UInt64 = 0
    private var isFresh = true
    /// By slot. The address is stable until the memo grows.
    private var cells: UnsafeMutablePointer<MemoCell>
    private var cellCount = 0
    private var kinds: ImageKinds
    private var ranking: ShapeRanking
    private var isRanked = false

    // Structs: a tuple with an existential is copied by way of its metadata, which is slow.
    private struct UsageFilter {
        let position: Int
        let plugin: any FilterPlugin
        let demand: UsageDemand?
        /// By shortage: the number of the rejection, or 0 for none yet.
        let known: UnsafeMutablePointer<Int32>
    }

    private struct UsageScore {
        let weight: Int64
        let plugin: any ScorePlugin
        let formula: UsageFormula?
    }

    /// Prepares an empty memo; `skippedScores` are the plugins whose pre-score has nothing to do with `pod`.
    init(_ pod: PodInfo, profile: CompiledProfile, pre: PreFilterRun, skippedScores: Set<PluginName>) {
        self.pod = pod
        self.profile = profile
        self.pre = pre
        shape = pod.shape
        let skipped = profile.preFilters.filter { $0.scope != .cluster && pre.skipped.contains($0.name) }.map(\.name)
        let filters = profile.filters.indices.filter { !skipped.contains(profile.filters[$0].name) }
        objectFilters = filters.filter { profile.filters[$0].scope == .nodeObject }
        usageFilters = filters.filter { profile.filters[$0].scope == .nodeUsage }.map {
            let plugin = profile.filters[$0].plugin
            let known = UnsafeMutablePointer<Int32>.allocate(capacity: UsageDemand.shortages)
            known.initialize(repeating: 0, count: UsageDemand.shortages)
            let demand = (plugin as? any UsageFilterPlugin)?.demand(of: pod.shape)
            return UsageFilter(position: $0, plugin: plugin, demand: demand, known: known)
        }
        precondition(
            !filters.contains { profile.filters[$0].scope == .nodeImages }, "no filter depends on the spread of images")
        let scores = profile.scores.indices.filter {
            !skippedScores.contains(profile.scores[$0].name) && profile.scores[$0].scope != .cluster
        }
        func fixed(_ scope: PluginScope) -> [Int] {
            scores.filter { profile.scores[$0].scope == scope && profile.scores[$0].normalization == .none }
        }
        objectScores = fixed(.nodeObject)
        usageScores = fixed(.nodeUsage).map {
            let plugin = profile.scores[$0].plugin
            let formula = (plugin as? any UsageScorePlugin)?.formula(for: pod.shape)
            return UsageScore(weight: profile.scores[$0].weight, plugin: plugin, formula: formula)
        }
        imageScores = fixed(.nodeImages)
        normalized = scores.filter { profile.scores[$0].normalization != .none }
        columns = normalized.map { _ in [] }
        kinds = ImageKinds(images: imageScores.isEmpty ? [] : pod.shape.images)
        ranking = ShapeRanking(columns: normalized.count)
        cells = .allocate(capacity: 0)
    }

    deinit {
        cells.deallocate()
        for entry in usageFilters { entry.known.deallocate() }
    }

    // MARK: - Questions

    /// 0 when the node passed, else an index into `verdicts`.
    func verdictID(_ slot: Int32) -> Int { Int(cells[Int(slot)].verdictID) }

    /// The weighted sum of the scores that need no normalisation; of use only where the node passed.
    func fixedTotal(_ slot: Int32) -> Int64 {
        cells[Int(slot)].fixedTotal + kinds.totals[Int(cells[Int(slot)].imageKind)]
    }

    /// How many nodes passed, and how many met each rejection.
    func tally(_ cache: NodeCache) -> (feasible: Int, counts: [Int]) {
        rank(cache)
        return (ranking.feasible, ranking.counts)
    }

    /// The node that `chooser` takes among those with the highest total; nil when none passed.
    func best(_ cache: NodeCache, _ chooser: Chooser) -> ShapeRanking.Best? {
        rank(cache)
        return ranking.best(chooser)
    }

    // MARK: - Keeping up

    /// Brings the answers up to date with `cache`.
    func sync(with cache: NodeCache) {
        grow(to: cache.slots.count)
        let isSpreadNew = !imageScores.isEmpty && kinds.notice(cache)
        isRanked = ranking.version == cache.orderVersion && !cache.order.isEmpty
        let log = cache.changes
        if isFresh || cursor < log.base {
            for slot in cache.slots.indices { refresh(slot, cache) }
        } else if cursor < log.end {
            log.entries.withUnsafeBufferPointer { entries in
                for index in Int(cursor - log.base)..<entries.count { refresh(Int(entries[index]), cache) }
            }
        }
        isFresh = false
        cursor = log.end
        if isSpreadNew { refreshKinds(cache) }
    }

    private func grow(to count: Int) {
        guard count > cellCount else { return }
        let larger = UnsafeMutablePointer<MemoCell>.allocate(capacity: count)
        larger.moveInitialize(from: cells, count: cellCount)
        (larger + cellCount).initialize(repeating: MemoCell(), count: count - cellCount)
        cells.deallocate()
        cells = larger
        for column in columns.indices {
            columns[column].append(contentsOf: repeatElement(0, count: count - cellCount))
        }
        cellCount = count
    }

    private func refresh(_ slot: Int, _ cache: NodeCache) {
        let cell = cells + slot
        let generations = cache.generations[slot]
        if generations.any == 0 || cell.pointee.generation == generations.any { return }
        cell.pointee.generation = generations.any
        let place = isRanked ? Int(cache.places[slot]) : -1
        if generations.object != cell.pointee.objectGeneration || generations.images != cell.pointee.imageGeneration {
            if place >= 0 { leave(slot, place) }
            refreshObject(slot, generations, cache)
            judge(slot, cache)
            if place >= 0 { enter(slot, place) }
            return
        }
        let before = cell.pointee.verdictID
        judge(slot, cache)
        guard place >= 0, isRanked else { return }
        if before == 0 && cell.pointee.verdictID == 0 {
            ranking.set(place, total: total(cell))
        } else if before != cell.pointee.verdictID {
            leave(slot, place, id: before)
            enter(slot, place)
        }
    }

    /// Asks the filters and scores that look at usage.
    private func judge(_ slot: Int, _ cache: NodeCache) {
        cache.usages.withUnsafeBufferPointer { usages in
            if let base = usages.baseAddress { judge(slot, base + slot, cache) }
        }
    }

    private func judge(_ slot: Int, _ usage: UnsafePointer<NodeUsage>, _ cache: NodeCache) {
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
            let verdict = entry.plugin.filter(pod, on: node, state: state)
            if verdict.code == .success { continue }
            verdictID = intern(verdict, entry.position, previous: cell.pointee.verdictID)
            entry.known[shortage] = verdictID
            break
        }
        cell.pointee.verdictID = verdictID
        guard verdictID == 0 else { return }
        var sum = cell.pointee.objectTotal
        for entry in usageScores {
            if let formula = entry.formula {
                sum += entry.weight * formula.score(on: usage)
            } else if let node = cache.slots[slot] {
                sum += entry.weight * entry.plugin.score(pod, on: node, in: cache.snapshot, state: state)
            }
        }
        cell.pointee.fixedTotal = sum
    }

    private func refreshObject(_ slot: Int, _ generations: NodeGenerations, _ cache: NodeCache) {
        guard let node = cache.slots[slot] else { return }
        let cell = cells + slot
        if generations.images != cell.pointee.imageGeneration {
            cell.pointee.imageGeneration = generations.images
            if !imageScores.isEmpty {
                cell.pointee.imageKind = kinds.kind(of: node)
                refreshKind(cell.pointee.imageKind, node, cache)
            }
        }
        guard generations.object != cell.pointee.objectGeneration else { return }
        cell.pointee.objectGeneration = generations.object
        cell.pointee.objectVerdictID = 0
        for position in objectFilters {
            let verdict = profile.filters[position].plugin.filter(pod, on: node, state: state)
            if verdict.code == .success { continue }
            cell.pointee.objectVerdictID = intern(verdict, position, previous: 0)
            break
        }
        var total: Int64 = 0
        for position in objectScores {
            let entry = profile.scores[position]
            total += entry.weight * entry.plugin.score(pod, on: node, in: cache.snapshot, state: state)
        }
        cell.pointee.objectTotal = total
        for (column, position) in normalized.enumerated() {
            columns[column][slot] = profile.scores[position].plugin.score(
                pod, on: node, in: cache.snapshot, state: state)
        }
        cell.pointee.normalTotal = normalTotal(slot)
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
    private func refreshKinds(_ cache: NodeCache) {
        for slot in 0..<cellCount where kinds.isStale(cells[slot].imageKind) {
            guard let node = cache.slots[slot] else { continue }
            refreshKind(cells[slot].imageKind, node, cache)
        }
    }

    private func refreshKind(_ kind: Int32, _ node: NodeInfo, _ cache: NodeCache) {
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

    // MARK: - Ranking

    private func total(_ cell: UnsafeMutablePointer<MemoCell>) -> Int64 {
        cell.pointee.fixedTotal + cell.pointee.normalTotal + kinds.totals[Int(cell.pointee.imageKind)]
    }

    private func normalTotal(_ slot: Int) -> Int64 {
        var total: Int64 = 0
        for (column, position) in normalized.enumerated() {
            let entry = profile.scores[position]
            total += entry.weight * entry.normalization.scaled(columns[column][slot], maximum: ranking.maxima[column])
        }
        return total
    }

    private func enter(_ slot: Int, _ place: Int) {
        guard isRanked else { return }
        let id = cells[slot].verdictID
        if id != 0 {
            ranking.count(id, 1)
        } else {
            ranking.enter(place, total: total(cells + slot))
            count(slot, 1)
        }
    }

    private func leave(_ slot: Int, _ place: Int, id: Int32? = nil) {
        guard isRanked else { return }
        let id = id ?? cells[slot].verdictID
        if id != 0 {
            ranking.count(id, -1)
        } else {
            ranking.leave(place)
            count(slot, -1)
        }
    }

    private func count(_ slot: Int, _ change: Int) {
        for column in columns.indices { ranking.count(columns[column][slot], column: column, change) }
        isRanked = ranking.version != 0
    }

    /// Builds the ranking anew when it is out of date.
    private func rank(_ cache: NodeCache) {
        if ranking.version == cache.orderVersion { return }
        ranking.reset(version: cache.orderVersion, count: cache.order.count)
        for slot in cache.order where cells[Int(slot)].verdictID == 0 {
            for column in columns.indices { ranking.include(columns[column][Int(slot)], column: column) }
        }
        for (place, slot) in cache.order.enumerated() {
            let cell = cells + Int(slot)
            cell.pointee.normalTotal = normalTotal(Int(slot))
            if cell.pointee.verdictID == 0 {
                ranking.enter(place, total: total(cell))
            } else {
                ranking.count(cell.pointee.verdictID, 1)
            }
        }
    }
}
