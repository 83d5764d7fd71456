import KubernetesAPI
import SchedulingFramework

// Kubernetes counterpart: estimator/binpacking_estimator.go.

/// How many new nodes of a template take pods that wait: each pod goes to the first node with room.
///
/// Equal nodes are counted instead of kept one by one, which pods allow that ask for nothing but resources.
struct Packing {
    private struct Run {
        var count: Int
        var free: ResourceAmounts
        var freePods: Int64
    }

    private let empty: Run
    private var runs: [Run] = []
    private(set) var nodeCount = 0
    let nodesMax: Int

    /// Begins with no node; `node` is one without any of the pods, and at most `nodesMax` are opened.
    init(of node: NodeInfo, nodesMax: Int) {
        self.init(free: node.free, freePods: node.allowedPods - node.podCount, nodesMax: nodesMax)
    }

    /// Begins with no node, where one without any of the pods has so much room.
    init(free: ResourceAmounts, freePods: Int64, nodesMax: Int) {
        empty = Run(count: 1, free: free, freePods: freePods)
        self.nodesMax = nodesMax
    }

    /// Places as many of `count` pods of `shape` as it can; returns how many.
    mutating func place(_ shape: PodShape, count: Int) -> Int {
        var left = count
        var place = 0
        while left > 0, place < runs.count {
            fill(place, with: shape, &left)
            place += 1
        }
        let each = Self.capacity(empty, for: shape)
        guard left > 0, each > 0, nodeCount < nodesMax else { return count - left }
        let nodes = min(nodesMax - nodeCount, (left + each - 1) / each)
        runs.append(Run(count: nodes, free: empty.free, freePods: empty.freePods))
        nodeCount += nodes
        fill(runs.count - 1, with: shape, &left)
        return count - left
    }

    /// Fills the nodes of a run one after the other; those that are filled alike stay together.
    private mutating func fill(_ place: Int, with shape: PodShape, _ left: inout Int) {
        let run = runs[place]
        let each = Self.capacity(run, for: shape)
        guard each > 0, left > 0 else { return }
        let full = min(run.count, left / each)
        let rest = full < run.count ? left - full * each : 0
        left -= full * each + rest
        var parts: [Run] = []
        if full > 0 { parts.append(Self.filled(run, nodes: full, with: shape, each: each)) }
        if rest > 0 { parts.append(Self.filled(run, nodes: 1, with: shape, each: rest)) }
        let untouched = run.count - full - (rest > 0 ? 1 : 0)
        if untouched > 0 { parts.append(Run(count: untouched, free: run.free, freePods: run.freePods)) }
        runs.replaceSubrange(place...place, with: parts)
    }

    private static func filled(_ run: Run, nodes: Int, with shape: PodShape, each: Int) -> Run {
        var free = run.free
        free.add(shape.requests, sign: -Int64(each))
        return Run(count: nodes, free: free, freePods: run.freePods - Int64(each))
    }

    private static func capacity(_ run: Run, for shape: PodShape) -> Int {
        run.free.capacity(for: shape.requests, pods: run.freePods)
    }
}

extension NodeInfo {
    /// What is left of it.
    var free: ResourceAmounts {
        var free = allocatable
        free.add(requested, sign: -1)
        return free
    }
}

extension ResourceAmounts {
    /// How often `wanted` goes into what is free, for at most so many pods.
    func capacity(for wanted: ResourceAmounts, pods: Int64) -> Int {
        var count = pods
        if wanted.milliCPU > 0 { count = min(count, milliCPU / wanted.milliCPU) }
        if wanted.memory > 0 { count = min(count, memory / wanted.memory) }
        if wanted.ephemeralStorage > 0 { count = min(count, ephemeralStorage / wanted.ephemeralStorage) }
        for scalar in wanted.scalars where scalar.amount > 0 {
            count = min(count, self.scalar(scalar.name) / scalar.amount)
        }
        return Int(max(0, count))
    }
}
