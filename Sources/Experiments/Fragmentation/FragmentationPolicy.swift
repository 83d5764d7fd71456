import Scheduler
import SchedulingFramework

/// The policies of the FGD paper's experiment, in the order of its tables.
package enum FragmentationPolicy: String, Hashable, Sendable, CaseIterable {
    case random
    case dotProduct = "dot-product"
    case gpuClustering = "gpu-clustering"
    case gpuPacking = "gpu-packing"
    case bestFit = "best-fit"
    case fgd

    /// The name in the published tables.
    package var publishedName: String {
        switch self {
        case .random: "01-Random"
        case .dotProduct: "02-DotProd"
        case .gpuClustering: "03-GpuClustering"
        case .gpuPacking: "04-GpuPacking"
        case .bestFit: "05-BestFit"
        case .fgd: "06-FGD"
        }
    }

    /// Whether the published runs can be repeated cell by cell; the draws of the others depend on the authors' threads.
    package var isDeterministic: Bool { self != .random }

    private var plugin: PluginName {
        switch self {
        case .random: Random.name
        case .dotProduct: DotProduct.name
        case .gpuClustering: GpuClustering.name
        case .gpuPacking: GpuPacking.name
        case .bestFit: BestFit.name
        case .fgd: FragmentationGradientDescent.name
        }
    }

    /// Returns a scheduler's configuration: the filters that the experiment needs, this policy as the only score, and
    /// the first of equal nodes.
    func configuration(typicalPods: [FragmentMeasure.PodClass], draw: UInt64) -> SchedulerConfiguration {
        var profile = SchedulerProfile()
        profile.plugins = [
            .multiPoint: PluginSet(
                enabled: [PluginSet.Entry(GpuShare.name), PluginSet.Entry(plugin)], disabled: ["*"]),
            .queueSort: PluginSet(enabled: [PluginSet.Entry(PrioritySort.name)]),
            .preFilter: PluginSet(enabled: [PluginSet.Entry(NodeAffinity.name)]),
            .filter: PluginSet(
                enabled: [PluginSet.Entry(NodeAffinity.name), PluginSet.Entry(NodeResourcesFit.name)]),
            .bind: PluginSet(enabled: [PluginSet.Entry(DefaultBinder.name)]),
        ]
        profile.arguments.fit.ignoredResourceGroups = ["alibabacloud.com"]
        profile.arguments.random = Random.Arguments(seed: draw)
        profile.arguments.fragmentation = FragmentationGradientDescent.Arguments(typicalPods: typicalPods)
        var configuration = SchedulerConfiguration(profiles: [profile])
        configuration.tieBreak = .first
        return configuration
    }
}
