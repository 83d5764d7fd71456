import Autoscalers
import KubernetesAPI
import Simulation

extension ScenarioAssembly {
    /// Returns the autoscalers of a run: the Cluster Autoscaler wherever the size of a pool may change.
    func autoscalers(_ document: ScenarioDocument, _ pools: [NodePool], seed: UInt64) -> [AutoscalerSetup] {
        guard pools.contains(where: { $0.autoscaling != nil }) else {
            if let section = document.autoscaler {
                diagnostics.add(
                    Diagnostic(
                        .warning, file: scenarioFile ?? "--set", position: section.position, path: "spec.autoscaler",
                        message: "no pool has autoscaling with min and max: the number of machines stays as it is"))
            }
            return []
        }
        var parameters = document.autoscaler?.clusterAutoscaler ?? ClusterAutoscaler.Parameters()
        parameters.seed = seed
        return [AutoscalerSetup { [parameters] in ClusterAutoscaler(parameters) }]
    }
}
