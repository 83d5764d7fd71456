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
    private let usageFilters: [Int]
    private let objectScores: [Int]
    private let usageScores: [Int]
    private let imageScores: [Int]
    private var cursor: UInt64 = 0
    private var isFresh = true
    private var stamps: [UInt64] = []
    private var objectStamps: [UInt64] = []
    private var objectVerdictIDs: [Int32] = []
    private var objectTotals: [Int64] = []
    private var imageTotals: [Int64] = []
    private var imageMark: [Int] = []

    /// Prepares an empty memo; `skippedFilters` and `skippedScores` are the plugins that have nothing to do with `pod`.
    init(_ pod: PodInfo, profile: CompiledProfile, skippedFilters: Set<PluginName>, skippedScores: Set<PluginName>) {
        self.pod = pod
        self.profile = profile
        shape = pod.shape
        let filters = profile.filters.indices.filter { !skippedFilters.contains(profile.filters[$0].name) }
        objectFilters = filters.filter { profile.filters[$0].scope == .nodeObject }
        usageFilters = filters.filter { profile.filters[$0].scope == .nodeUsage }
        precondition(
            !filters.contains { profile.filters[$0].scope == .nodeImages }, "no filter depends on the spread of images")
        let scores = profile.scores.indices.filter {
            !skippedScores.contains(profile.scores[$0].name) && profile.scores[$0].scope != .cluster
        }
        func fixed(_ scope: PluginScope) -> [Int] {
            scores.filter { profile.scores[$0].scope == scope && profile.scores[$0].normalization == .none }
        }
        objectScores = fixed(.nodeObject)
        usageScores = fixed(.nodeUsage)
        imageScores = fixed(.nodeImages)
        normalized = scores.filter { profile.scores[$0].normalization != .none }
        columns = normalized.map { _ in [] }
        nonZeroCounts = normalized.map { _ in 0 }
    }

    /// The number of slots the memo holds.
    var size: Int { stamps.count }

    // MARK: - Keeping up

    /// Brings the answers up to date with `cache`.
    func sync(with cache: NodeCache) {
        grow(to: cache.slots.count)
        let log = cache.changes
        if isFresh || cursor < log.base {
            isFresh = false
            for slot in cache.slots.indices { refresh(slot, cache) }
        } else if cursor < log.end {
            let start = Int(cursor - log.base)
            log.entries.withUnsafeBufferPointer { entries in
                for index in start..<entries.count { refresh(Int(entries[index]), cache) }
            }
        }
        cursor = log.end
        refreshImages(cache)
    }

    private func grow(to count: Int) {
        let more = count - stamps.count
        guard more > 0 else { return }
        stamps.append(contentsOf: repeatElement(0, count: more))
        objectStamps.append(contentsOf: repeatElement(0, count: more))
        verdictIDs.append(contentsOf: repeatElement(0, count: more))
        objectVerdictIDs.append(contentsOf: repeatElement(0, count: more))
        fixedTotals.append(contentsOf: repeatElement(0, count: more))
        objectTotals.append(contentsOf: repeatElement(0, count: more))
        imageTotals.append(contentsOf: repeatElement(0, count: more))
        for column in columns.indices { columns[column].append(contentsOf: repeatElement(0, count: more)) }
    }

    private func refresh(_ slot: Int, _ cache: NodeCache) {
        guard let node = cache.slots[slot], node.generation != stamps[slot] else { return }
        stamps[slot] = node.generation
        if node.objectGeneration != objectStamps[slot] {
            objectStamps[slot] = node.objectGeneration
            refreshObject(slot, node, cache.snapshot)
        }
        var id = objectVerdictIDs[slot]
        let limit = verdictPositions[Int(id)]
        for position in usageFilters where position < limit {
            let verdict = profile.filters[position].plugin.filter(pod, on: node, state: state)
            if verdict.code == .success { continue }
            id = intern(verdict, position, previous: verdictIDs[slot])
            break
        }
        verdictIDs[slot] = id
        guard id == 0 else { return }
        var total = objectTotals[slot] + imageTotals[slot]
        for position in usageScores {
            let entry = profile.scores[position]
            total += entry.weight * entry.plugin.score(pod, on: node, in: cache.snapshot, state: state)
        }
        fixedTotals[slot] = total
    }

    private func refreshObject(_ slot: Int, _ node: NodeInfo, _ snapshot: Snapshot) {
        objectVerdictIDs[slot] = 0
        for position in objectFilters {
            let verdict = profile.filters[position].plugin.filter(pod, on: node, state: state)
            if verdict.code == .success { continue }
            objectVerdictIDs[slot] = intern(verdict, position, previous: 0)
            break
        }
        objectTotals[slot] = 0
        for position in objectScores {
            let entry = profile.scores[position]
            objectTotals[slot] += entry.weight * entry.plugin.score(pod, on: node, in: snapshot, state: state)
        }
        for (column, position) in normalized.enumerated() {
            let raw = profile.scores[position].plugin.score(pod, on: node, in: snapshot, state: state)
            if columns[column][slot] != 0 { nonZeroCounts[column] -= 1 }
            if raw != 0 { nonZeroCounts[column] += 1 }
            columns[column][slot] = raw
        }
        imageTotals[slot] = imageTotal(node, snapshot)
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
            fixedTotals[slot] += total - imageTotals[slot]
            imageTotals[slot] = total
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
