// Counterpart: BestFitScore of the FGD paper's simulator.
// Deliberate difference: raw scores are not spread over 0 to 100 afterwards, which changes no ranking when this is the
// only score.

/// Ranks nodes by how little CPU and GPU would be left of them.
package struct BestFit: ScorePlugin {
    package static let name: PluginName = "BestFit"

    package init() {}

    package var scoreScope: PluginScope { .nodeUsage }

    package func score(_ pod: PodInfo, on node: NodeInfo, in snapshot: Snapshot, state: CycleState) -> Int64 {
        Self.score(PolicyScale(pod, on: node))
    }
}

// MARK: - The rule

extension BestFit {
    /// Returns 0 to 100 on nodes of up to 128 CPUs and 8 devices; less on larger ones.
    static func score(_ scale: PolicyScale) -> Int64 {
        let cpu = 0.5 * Double(scale.freeCPU - scale.wantedCPU) / PolicyScale.milliCPU
        let gpu = 0.5 * Double(scale.freeGpu - scale.wantedGpu) / PolicyScale.gpuMilli
        return Int64(100 * (1 - (cpu + gpu)))
    }
}
