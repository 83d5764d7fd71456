import Autoscalers
import KubernetesAPI
import Simulation

extension ScenarioAssembly {
    /// Gives a run its autoscalers: the Cluster Autoscaler wherever the size of a pool may change, and Karpenter where there
    /// are NodePools, now or later.
    func addAutoscalers(
        to setup: inout WorldSetup, _ document: ScenarioDocument, _ pools: PoolAssembly, _ objects: [LoadedObject],
        seed: UInt64
    ) {
        let hasGroups = pools.pools.contains { $0.autoscaling != nil }
        let hasNodePools = Self.hasNodePools(objects)
        if let section = document.autoscaler { warnOfIdle(section, hasGroups: hasGroups, hasNodePools: hasNodePools) }
        if hasGroups {
            var parameters = document.autoscaler?.clusterAutoscaler ?? ClusterAutoscaler.Parameters()
            parameters.seed = seed
            setup.autoscalers.append(AutoscalerSetup { [parameters] in ClusterAutoscaler(parameters) })
        }
        guard hasNodePools else { return }
        let section = document.autoscaler?.karpenter ?? KarpenterSection()
        let assembly = MarketAssembly(
            assembly: self, section: section, catalogue: pools.catalogue, prices: pools.prices, pools: pools.pools)
        setup.market = assembly.market()
        assembly.check(objects, setup.market)
        let parameters = section.parameters
        setup.autoscalers.append(AutoscalerSetup { Karpenter(parameters) })
    }

    /// Whether Karpenter has anything to go by.
    static func hasNodePools(_ objects: [LoadedObject]) -> Bool {
        objects.contains { if case .other(let object) = $0.object { object.nodePool != nil } else { false } }
    }

    private func warnOfIdle(_ section: AutoscalerSection, hasGroups: Bool, hasNodePools: Bool) {
        func warn(_ path: String, _ message: String) {
            diagnostics.add(
                Diagnostic(
                    .warning, file: scenarioFile ?? "--set", position: section.position, path: path, message: message))
        }
        if section.karpenter != nil, !hasNodePools {
            warn("spec.autoscaler.karpenter", "no NodePool is among the manifests: Karpenter has nothing to do")
        }
        if !hasGroups, !hasNodePools || section.hasClusterAutoscaler {
            warn(
                "spec.autoscaler", "no pool has autoscaling with min and max: the number of machines stays as it is")
        }
    }
}
