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
    /// By slot: 0 when the node passed, else an index into `verdicts`.
    private(set) var verdictIDs: [Int32] = []
    /// By slot, for nodes that passed: the weighted sum of the scores that need no normalisation.
    private(set) var fixedTotals: [Int64] = []
    /// Raw scores that do: one column per entry of `normalized`, by slot.
    private(set) var columns: [[Int64]] = []
    /// The number of slots with a raw score other than 0, per column.
    private(set) var nonZeroCounts: [Int] = []
    /// The rejections, each once; the entry at 0 stands for success.
    private(set) var verdicts: [NodeVerdict] = [NodeVerdict(plugin: nil, verdict: .success)]
    private(set) var verdictPositions: [Int32] = [Int32.max]
    /// Positions in the profile's scores of the normalised columns.
    let normalized: [Int]

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
    private var cells: [Cell] = []
    private var imageMark: [Int] = []

    // Structs: a tuple with an existential is copied by way of its metadata, which is slow.
    private struct UsageFilter {
        let position: Int
        let plugin: any FilterPlugin
    }

    private struct UsageScore {
        let weight: Int64
        let plugin: any ScorePlugin
    }

    /// What is kept of one node beside its verdict and total.
    private struct Cell {
        var stamp: UInt64 = 0
        var objectStamp: UInt64 = 0
        var objectTotal: Int64 = 0
        var imageTotal: Int64 = 0
        var objectVerdictID: Int32 = 0
    }

    /// Prepares an empty memo; `skippedFilters` and `skippedScores` are the plugins that have nothing to do with `pod`.
    init(_ pod: PodInfo, profile: CompiledProfile, skippedFilters: Set<PluginName>, skippedScores: Set<PluginName>) {
        self.pod = pod
        self.profile = profile
        shape = pod.shape
        let filters = profile.filters.indices.filter { !skippedFilters.contains(profile.filters[$0].name) }
        objectFilters = filters.filter { profile.filters[$0].scope == .nodeObject }
        usageFilters = filters.filter { profile.filters[$0].scope == .nodeUsage }.map {
            UsageFilter(position: $0, plugin: profile.filters[$0].plugin)
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
            UsageScore(weight: profile.scores[$0].weight, plugin: profile.scores[$0].plugin)
        }
        imageScores = fixed(.nodeImages)
        normalized = scores.filter { profile.scores[$0].normalization != .none }
        columns = normalized.map { _ in [] }
        nonZeroCounts = normalized.map { _ in 0 }
    }

    /// The number of slots the memo holds.
    var size: Int { cells.count }

    // MARK: - Keeping up

    /// Brings the answers up to date with `cache`.
    func sync(with cache: NodeCache) {
        grow(to: cache.slots.count)
        let log = cache.changes
        let slots = cache.slots
        let snapshot = cache.snapshot
        // Outside of the object while they change: each access to a property of a class is checked.
        var ids = verdictIDs
        var totals = fixedTotals
        var cells = self.cells
        (verdictIDs, fixedTotals, self.cells) = ([], [], [])
        ids.withUnsafeMutableBufferPointer { ids in
            totals.withUnsafeMutableBufferPointer { totals in
                cells.withUnsafeMutableBufferPointer { cells in
                    func refresh(_ slot: Int) {
                        guard let node = slots[slot], node.generation != cells[slot].stamp else { return }
                        self.refresh(slot, node, snapshot, &cells[slot], &ids[slot], &totals[slot])
                    }
                    if isFresh || cursor < log.base {
                        for slot in slots.indices { refresh(slot) }
                    } else if cursor < log.end {
                        for slot in log.entries[Int(cursor - log.base)...] { refresh(Int(slot)) }
                    }
                }
            }
        }
        (verdictIDs, fixedTotals, self.cells) = (ids, totals, cells)
        isFresh = false
        cursor = log.end
        refreshImages(cache)
    }

    private func grow(to count: Int) {
        let more = count - cells.count
        guard more > 0 else { return }
        cells.append(contentsOf: repeatElement(Cell(), count: more))
        verdictIDs.append(contentsOf: repeatElement(0, count: more))
        fixedTotals.append(contentsOf: repeatElement(0, count: more))
        for column in columns.indices { columns[column].append(contentsOf: repeatElement(0, count: more)) }
    }

    private func refresh(
        _ slot: Int, _ node: NodeInfo, _ snapshot: Snapshot, _ cell: inout Cell, _ id: inout Int32, _ total: inout Int64
    ) {
        cell.stamp = node.generation
        if node.objectGeneration != cell.objectStamp {
            cell.objectStamp = node.objectGeneration
            refreshObject(slot, node, snapshot, &cell)
        }
        var verdictID = cell.objectVerdictID
        let limit = verdictID == 0 ? Int.max : Int(verdictPositions[Int(verdictID)])
        for entry in usageFilters where entry.position < limit {
            let verdict = entry.plugin.filter(pod, on: node, state: state)
            if verdict.code == .success { continue }
            verdictID = intern(verdict, entry.position, previous: id)
            break
        }
        id = verdictID
        guard verdictID == 0 else { return }
        var sum = cell.objectTotal + cell.imageTotal
        for entry in usageScores {
            sum += entry.weight * entry.plugin.score(pod, on: node, in: snapshot, state: state)
        }
        total = sum
    }

    private func refreshObject(_ slot: Int, _ node: NodeInfo, _ snapshot: Snapshot, _ cell: inout Cell) {
        cell.objectVerdictID = 0
        for position in objectFilters {
            let verdict = profile.filters[position].plugin.filter(pod, on: node, state: state)
            if verdict.code == .success { continue }
            cell.objectVerdictID = intern(verdict, position, previous: 0)
            break
        }
        cell.objectTotal = 0
        for position in objectScores {
            let entry = profile.scores[position]
            cell.objectTotal += entry.weight * entry.plugin.score(pod, on: node, in: snapshot, state: state)
        }
        for (column, position) in normalized.enumerated() {
            let raw = profile.scores[position].plugin.score(pod, on: node, in: snapshot, state: state)
            if columns[column][slot] != 0 { nonZeroCounts[column] -= 1 }
            if raw != 0 { nonZeroCounts[column] += 1 }
            columns[column][slot] = raw
        }
        cell.imageTotal = imageTotal(node, snapshot)
    }

    /// Asks about images again when some image of the pod is spread otherwise than before.
    private func refreshImages(_ cache: NodeCache) {
        if imageScores.isEmpty { return }
        var isSame = imageMark.count == shape.images.count + 1 && imageMark[0] == cache.snapshot.nodes.count
        if isSame {
            for (index, image) in shape.images.enumerated()
            where imageMark[index + 1] != cache.snapshot.images[image]?.nodeCount ?? 0 {
                isSame = false
                break
            }
        }
        if isSame { return }
        imageMark = [cache.snapshot.nodes.count] + shape.images.map { cache.snapshot.images[$0]?.nodeCount ?? 0 }
        for slot in cache.slots.indices {
            guard let node = cache.slots[slot] else { continue }
            let total = imageTotal(node, cache.snapshot)
            fixedTotals[slot] += total - cells[slot].imageTotal
            cells[slot].imageTotal = total
        }
    }

    private func imageTotal(_ node: NodeInfo, _ snapshot: Snapshot) -> Int64 {
        var total: Int64 = 0
        for position in imageScores {
            let entry = profile.scores[position]
            total += entry.weight * entry.plugin.score(pod, on: node, in: snapshot, state: state)
        }
        return total
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
}
