// Counterpart: DotProductScore of the FGD paper's simulator (`dimExtMethod: merge`, `normMethod: max`); after
// Grandl et al., Multi-resource packing for cluster schedulers, SIGCOMM'14, with the sign turned round as there.
// Deliberate differences: none.

/// Ranks nodes by how little what is left of them is aligned with what the pod asks for, over CPU and GPU.
package struct DotProduct: ScorePlugin {
    package static let name: PluginName = "DotProduct"

    package init() {}

    package var scoreScope: PluginScope { .nodeUsage }

    package func score(_ pod: PodInfo, on node: NodeInfo, in snapshot: Snapshot, state: CycleState) -> Int64 {
        Self.score(PolicyScale(pod, on: node))
    }
}

// MARK: - The rule

extension DotProduct {
    /// Returns 0 to 100 on nodes of up to 128 CPUs and 8 devices; less on larger ones.
    static func score(_ scale: PolicyScale) -> Int64 {
        let cpu = Double(scale.freeCPU) / PolicyScale.milliCPU * (Double(scale.wantedCPU) / PolicyScale.milliCPU)
        let gpu = Double(scale.freeGpu) / PolicyScale.gpuMilli * (Double(scale.wantedGpu) / PolicyScale.gpuMilli)
        return Int64(100 * (1 - (cpu + gpu) / 2))
    }
}
