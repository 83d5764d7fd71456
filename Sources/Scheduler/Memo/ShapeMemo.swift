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
    /// Whether it does: no pre-filter looks at the whole cluster for such pods.
    let hasLocalPreFilters: Bool
    /// Whether a plugin that looks at the whole cluster, but not at other pods, may have something to do.
    let asksOthers: Bool
    /// What all pre-filters say when other pods mean nothing: all that look at the whole cluster are skipped.
    let plain: PreFilterRun
    /// The rejections, each once; the entry at 0 stands for success.
    var verdicts: [NodeVerdict] = [NodeVerdict(plugin: nil, verdict: .success)]
    /// By rejection, the position of the filter that spoke it.
    var verdictPositions: [Int32] = [Int32.max]
    /// Positions in the profile's scores of those that are normalised.
    let normalized: [Int]
    /// Their raw scores: one column each, by slot.
    var columns: [[Int64]] = []

    let profile: CompiledProfile
    let pod: PodInfo
    let state = CycleState()
    let objectFilters: [Int]
    let usageFilters: [UsageFilter]
    let objectScores: [Int]
    let usageScores: [UsageScore]
    let imageScores: [Int]
    /// How far the logs of the cache have been read.
    private var cursor: UInt64 = 0
    private var objectCursor: UInt64 = 0
    private var imageCursor: UInt64 = 0
    private var isFresh = true
    /// The filter and the scores of usage in one; nil when they have to be asked one by one.
    private let usageSum: UsageSum?
    /// So many nodes are looked at together.
    private static let blockLength = 60
    /// By slot. The address is stable until the memo grows.
    var cells: UnsafeMutablePointer<MemoCell>
    var cellCount = 0
    /// By slot.
    var objects: [MemoObject] = []
    var kinds: ImageKinds
    var ranking: ShapeRanking
    /// What other pods meant for the last pod of the shape.
    var recentRoute: TopologyTable.Recent?
    var isRanked = false

    // Plain structs without references: copying an existential per node would cost more than the answer.
    struct UsageFilter {
        let position: Int
        let demand: UsageDemand?
        /// By shortage: the number of the rejection, or 0 for none yet.
        let known: UnsafeMutablePointer<Int32>
    }

    struct UsageScore {
        let position: Int
        let weight: Int64
        let formula: UsageFormula?
    }

    /// The columns of the cache, by slot; valid during one `sync`.
    private struct Columns {
        let usages: UnsafePointer<NodeUsage>
        let places: UnsafePointer<Int32>
        let lastChanges: UnsafePointer<UInt64>
    }

    /// Prepares an empty memo; `skippedScores` are the plugins whose pre-score has nothing to do with `pod`.
    init(_ pod: PodInfo, profile: CompiledProfile, pre: PreFilterRun, skippedScores: Set<PluginName>) {
        self.pod = pod
        self.profile = profile
        self.pre = pre
        shape = pod.shape
        hasLocalPreFilters = !profile.preFilters.contains { $0.plugin.preFilterScope(for: pod.shape) == .cluster }
        asksOthers =
            !(profile.topology?.otherPreScores ?? []).isEmpty
            || profile.preFilters.contains {
                !TopologyProfile.names.contains($0.name) && $0.plugin.preFilterScope(for: pod.shape) == .cluster
            }
            || profile.clusterFilters.contains {
                !TopologyProfile.names.contains(profile.filters[$0].name)
                    && !pre.skipped.contains(profile.filters[$0].name)
            }
        var plain = pre
        plain.skipped.formUnion(profile.skippedWithoutRules)
        self.plain = plain
        let skipped = profile.preFilters.filter { $0.scope != .cluster && pre.skipped.contains($0.name) }.map(\.name)
        let filters = profile.filters.indices.filter { !skipped.contains(profile.filters[$0].name) }
        objectFilters = filters.filter { profile.filters[$0].scope == .nodeObject }
        usageFilters = filters.filter { profile.filters[$0].scope == .nodeUsage }.map {
            let known = UnsafeMutablePointer<Int32>.allocate(capacity: UsageDemand.shortages)
            known.initialize(repeating: 0, count: UsageDemand.shortages)
            let demand = (profile.filters[$0].plugin as? any UsageFilterPlugin)?.demand(of: pod.shape)
            return UsageFilter(position: $0, demand: demand, known: known)
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
            let formula = (profile.scores[$0].plugin as? any UsageScorePlugin)?.formula(for: pod.shape)
            return UsageScore(position: $0, weight: profile.scores[$0].weight, formula: formula)
        }
        usageSum = Self.sum(usageFilters, usageScores)
        imageScores = fixed(.nodeImages)
        normalized = scores.filter { profile.scores[$0].normalization != .none }
        columns = normalized.map { _ in [] }
        kinds = ImageKinds(images: imageScores.isEmpty ? [] : pod.shape.images)
        ranking = ShapeRanking(columns: normalized.count)
        cells = .allocate(capacity: 0)
    }

    private static func sum(_ filters: [UsageFilter], _ scores: [UsageScore]) -> UsageSum? {
        guard filters.count == 1, let demand = filters[0].demand else { return nil }
        let terms = scores.compactMap { score in score.formula.map { (weight: score.weight, formula: $0) } }
        return terms.count == scores.count ? UsageSum(demand, terms) : nil
    }

    deinit {
        cells.deallocate()
        ranking.deallocate()
        for entry in usageFilters { entry.known.deallocate() }
    }

    // MARK: - Questions

    /// 0 when the node passed, else an index into `verdicts`.
    func verdictID(_ slot: Int32) -> Int { Int(cells[Int(slot)].verdictID) }

    /// The weighted sum of the scores that need no normalisation; of use only where the node passed.
    func fixedTotal(_ slot: Int32) -> Int64 {
        cells[Int(slot)].usageTotal + objects[Int(slot)].total + kinds.totals[Int(objects[Int(slot)].imageKind)]
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

    /// No total is higher.
    var totalMax: Int {
        let positions = objectScores + usageScores.map(\.position) + imageScores + normalized
        return positions.reduce(0) { $0 + Int(profile.scores[$1].weight * NodeScore.max) }
    }

    // MARK: - Keeping up

    /// Brings the answers up to date with `cache`.
    func sync(with cache: NodeCache) {
        grow(to: cache.slots.count)
        let isSpreadNew = !imageScores.isEmpty && kinds.notice(cache)
        isRanked = ranking.version == cache.orderVersion
        cache.withColumns { usages, places, lastChanges in
            catchUp(cache, Columns(usages: usages, places: places, lastChanges: lastChanges))
        }
        isFresh = false
        cursor = cache.changes.end
        objectCursor = cache.objectChanges.end
        imageCursor = cache.imageChanges.end
        if isSpreadNew { refreshKinds(cache) }
    }

    private func grow(to count: Int) {
        guard count > cellCount else { return }
        let larger = UnsafeMutablePointer<MemoCell>.allocate(capacity: count)
        larger.moveInitialize(from: cells, count: cellCount)
        (larger + cellCount).initialize(repeating: MemoCell(), count: count - cellCount)
        cells.deallocate()
        cells = larger
        objects.append(contentsOf: repeatElement(MemoObject(), count: count - cellCount))
        for column in columns.indices {
            columns[column].append(contentsOf: repeatElement(0, count: count - cellCount))
        }
        cellCount = count
    }

    /// Looks again at the nodes that changed, at each once.
    private func catchUp(_ cache: NodeCache, _ columns: Columns) {
        let log = cache.changes
        let objectLog = cache.objectChanges
        let imageLog = cache.imageChanges
        if isFresh || cursor < log.base || objectCursor < objectLog.base || imageCursor < imageLog.base {
            for slot in 0..<cellCount where columns.places[slot] >= 0 { refreshAll(slot, columns, cache) }
            return
        }
        guard cursor < log.end else { return }
        objectLog.withEntries(from: objectCursor) { entries in
            for slot in entries where columns.places[Int(slot)] >= 0 { refreshAll(Int(slot), columns, cache) }
        }
        if !imageScores.isEmpty {
            imageLog.withEntries(from: imageCursor) { entries in
                for slot in entries.lazy.map(Int.init) where columns.places[slot] >= 0 {
                    // Mostly it is about other images.
                    if kinds.kind(of: slot) != objects[slot].imageKind { refreshAll(slot, columns, cache) }
                }
            }
        }
        log.withEntries(from: cursor) { entries in
            withUnsafeTemporaryAllocation(of: Int32.self, capacity: Self.blockLength) { block in
                var count = 0
                for index in entries.indices {
                    let slot = Int(entries[index])
                    // Of several changes of a node the last one counts.
                    guard columns.lastChanges[slot] == cursor + UInt64(index), columns.places[slot] >= 0 else {
                        continue
                    }
                    block[count] = Int32(slot)
                    count += 1
                    if count < Self.blockLength { continue }
                    look(at: UnsafeBufferPointer(block), columns, cache)
                    count = 0
                }
                look(at: UnsafeBufferPointer(rebasing: block[..<count]), columns, cache)
            }
        }
    }

    /// Looks at the usage of some nodes.
    private func look(at slots: UnsafeBufferPointer<Int32>, _ columns: Columns, _ cache: NodeCache) {
        guard let usageSum else {
            for slot in slots { refreshUsage(Int(slot), columns, cache) }
            return
        }
        withUnsafeTemporaryAllocation(of: UsageSum.Answer.self, capacity: Self.blockLength) { answers in
            guard let first = answers.baseAddress else { return }
            usageSum.answer(slots, columns.usages, into: first)
            for index in slots.indices { take(answers[index], Int(slots[index]), columns, cache) }
        }
    }

    /// Takes over what the usage of a changed node says.
    private func take(_ answer: UsageSum.Answer, _ slot: Int, _ columns: Columns, _ cache: NodeCache) {
        let cell = cells + slot
        guard answer.shortage == 0, cell.pointee.verdictID == 0, cell.pointee.objectVerdictID == 0 else {
            return refreshUsage(slot, columns, cache)
        }
        cell.pointee.usageTotal = answer.total
        if isRanked { ranking.set(Int(columns.places[slot]), total: answer.total + cell.pointee.baseTotal) }
    }

    /// The node object is another, or was never looked at.
    private func refreshAll(_ slot: Int, _ columns: Columns, _ cache: NodeCache) {
        let place = Int(columns.places[slot])
        leave(slot, place, id: cells[slot].verdictID)
        refreshObject(slot, cache)
        judge(slot, columns.usages + slot, cache)
        enter(slot, place)
    }

    /// Other pods are on the node.
    private func refreshUsage(_ slot: Int, _ columns: Columns, _ cache: NodeCache) {
        let before = cells[slot].verdictID
        judge(slot, columns.usages + slot, cache)
        guard isRanked else { return }
        let place = Int(columns.places[slot])
        if before == 0 && cells[slot].verdictID == 0 {
            ranking.set(place, total: cells[slot].usageTotal + cells[slot].baseTotal)
        } else if before != cells[slot].verdictID {
            leave(slot, place, id: before)
            enter(slot, place)
        }
    }
}
