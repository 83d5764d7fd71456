// Counterpart: GpuPackingScore of the FGD paper's simulator; after Weng et al., MLaaS in the wild, NSDI'22.
// Deliberate differences: none.

/// Ranks nodes with devices in use first, then those where free devices must be broken, then idle ones.
package struct GpuPacking: ScorePlugin {
    package static let name: PluginName = "GpuPacking"

    package init() {}

    package var scoreScope: PluginScope { .nodeUsage }

    package func score(_ pod: PodInfo, on node: NodeInfo, in snapshot: Snapshot, state: CycleState) -> Int64 {
        guard let request = pod.shape.gpu, let gpus = node.gpus else { return 0 }
        return Self.score(request, on: gpus)
    }
}

// MARK: - The rule

extension GpuPacking {
    /// Returns 0 to 100: 50 and more when no untouched device is needed, 33 and less on an idle node.
    static func score(_ request: GpuRequest, on gpus: NodeGpus) -> Int64 {
        let untouched = gpus.wholeCount
        if untouched == gpus.count { return Int64(33 - untouched) }
        // The fullest devices that fit are taken first; of equals it does not matter which.
        var missing = request.count
        var broken: Int64 = 0
        var leftovers: Int64 = 0
        var floor = request.milli
        while missing > 0 {
            var lowest: Int32?
            var same: Int32 = 0
            for device in 0..<gpus.count where gpus.left[device] >= floor {
                let left = gpus.left[device]
                if left < lowest ?? Int32.max { (lowest, same) = (left, 0) }
                if left == lowest { same += 1 }
            }
            guard let lowest else { break }
            let taken = Int64(min(same, missing))
            if lowest == NodeGpus.whole { broken += taken }
            leftovers += taken * (Int64(lowest) * 100 / Int64(NodeGpus.whole))
            missing -= same
            floor = lowest + 1
        }
        return broken > 0 ? max(50 - broken, 33) : max(100 - leftovers / 10, 50)
    }
}
