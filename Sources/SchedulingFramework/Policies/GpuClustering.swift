// Counterpart: GpuClusteringScore of the FGD paper's simulator; after Xiao et al., Gandiva, OSDI'18, and Weng et al.,
// MLaaS in the wild, NSDI'22. Deliberate differences: none.

/// Brings pods together that ask for the same number of devices; all that share one are of one kind.
package struct GpuClustering: ScorePlugin {
    package static let name: PluginName = "GpuClustering"

    package init() {}

    package var scoreScope: PluginScope { .nodeUsage }

    package func score(_ pod: PodInfo, on node: NodeInfo, in snapshot: Snapshot, state: CycleState) -> Int64 {
        guard let request = pod.shape.gpu, let gpus = node.gpus else { return 0 }
        return Self.score(request, on: gpus)
    }
}

// MARK: - The rule

extension GpuClustering {
    /// Returns 0 to 100: first the kinds of pods on the node, then how full it is.
    static func score(_ request: GpuRequest, on gpus: NodeGpus) -> Int64 {
        let fullness = 25 * (Int64(PolicyScale.gpuMilli) - gpus.totalLeft) / Int64(PolicyScale.gpuMilli)
        guard gpus.hasPods else { return fullness + 25 }
        let kinds = gpus.kinds(like: request)
        if !kinds.hasSame { return fullness }
        return fullness + (kinds.hasOther ? 50 : 75)
    }
}
