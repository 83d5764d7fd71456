package import Chronology
package import KubernetesAPI

/// The arguments of all plugins that take some, with their defaults (`pluginConfig`).
package struct PluginArguments: Sendable {
    package var addedAffinity: NodeAffinityRules?
    package var fit = NodeResourcesFit.Arguments()
    package var balancedResources = ResourceWeight.cpuAndMemory
    package var topologySpread = PodTopologySpread.Arguments()
    package var preemption = DefaultPreemption.Arguments()
    package var interPodAffinity = InterPodAffinity.Arguments()
    /// How long a pod waits for its claims (`bindTimeoutSeconds`).
    package var volumeBindTimeout = Duration.minutes(10)
    package var random = Random.Arguments()
    package var fragmentation = FragmentationGradientDescent.Arguments()

    package init() {}
}

/// A plugin that a profile can name.
package struct PluginDescriptor: Sendable {
    package let name: PluginName
    /// The weight of its score in the default profile.
    package let defaultWeight: Int64
    package let make: @Sendable (PluginArguments) -> any SchedulerPlugin

    /// Creates the entry of a plugin; `make` is called once per profile.
    package init(
        _ name: PluginName, weight: Int64 = 1, make: @escaping @Sendable (PluginArguments) -> any SchedulerPlugin
    ) {
        self.name = name
        self.defaultWeight = weight
        self.make = make
    }
}

/// The plugins that exist, in the order of the default profile.
package enum PluginRegistry {
    package static let inTree: [PluginDescriptor] = [
        PluginDescriptor(SchedulingGates.name) { _ in SchedulingGates() },
        PluginDescriptor(PrioritySort.name) { _ in PrioritySort() },
        PluginDescriptor(NodeUnschedulable.name) { _ in NodeUnschedulable() },
        PluginDescriptor(NodeName.name) { _ in NodeName() },
        PluginDescriptor(TaintToleration.name, weight: 3) { _ in TaintToleration() },
        PluginDescriptor(NodeAffinity.name, weight: 2) { NodeAffinity(added: $0.addedAffinity) },
        PluginDescriptor(NodePorts.name) { _ in NodePorts() },
        PluginDescriptor(NodeResourcesFit.name) { NodeResourcesFit(arguments: $0.fit) },
        PluginDescriptor(VolumeRestrictions.name) { _ in VolumeRestrictions() },
        PluginDescriptor(NodeVolumeLimits.name) { _ in NodeVolumeLimits() },
        PluginDescriptor(VolumeBinding.name) { VolumeBinding(bindTimeout: $0.volumeBindTimeout) },
        PluginDescriptor(VolumeZone.name) { _ in VolumeZone() },
        PluginDescriptor(PodTopologySpread.name, weight: 2) { PodTopologySpread(arguments: $0.topologySpread) },
        PluginDescriptor(InterPodAffinity.name, weight: 2) { InterPodAffinity(arguments: $0.interPodAffinity) },
        PluginDescriptor(DynamicResources.name, weight: 2) { _ in DynamicResources() },
        PluginDescriptor(DefaultPreemption.name) { DefaultPreemption(arguments: $0.preemption) },
        PluginDescriptor(NodeResourcesBalancedAllocation.name) {
            NodeResourcesBalancedAllocation(resources: $0.balancedResources)
        },
        PluginDescriptor(ImageLocality.name) { _ in ImageLocality() },
        PluginDescriptor(DefaultBinder.name) { _ in DefaultBinder() },
    ]

    /// Plugins of research, which the default profile leaves out; a profile may enable any, by name.
    package static let policies: [PluginDescriptor] = [
        PluginDescriptor(OwnerPacking.name) { _ in OwnerPacking() },
        PluginDescriptor(GpuShare.name) { _ in GpuShare() },
        PluginDescriptor(Random.name) { Random(arguments: $0.random) },
        PluginDescriptor(DotProduct.name) { _ in DotProduct() },
        PluginDescriptor(GpuClustering.name) { _ in GpuClustering() },
        PluginDescriptor(GpuPacking.name) { _ in GpuPacking() },
        PluginDescriptor(BestFit.name) { _ in BestFit() },
        PluginDescriptor(FragmentationGradientDescent.name) {
            FragmentationGradientDescent(arguments: $0.fragmentation)
        },
    ]

    /// Plugins of upstream whose feature gates are off by default: a profile has them only when it names them.
    package static let gated: [PluginDescriptor] = [
        PluginDescriptor(GangScheduling.name) { _ in GangScheduling() }
    ]

    /// The plugin named `name`, or nil.
    package static func descriptor(_ name: PluginName) -> PluginDescriptor? {
        for descriptor in inTree where descriptor.name == name { return descriptor }
        for descriptor in gated where descriptor.name == name { return descriptor }
        for descriptor in policies where descriptor.name == name { return descriptor }
        return nil
    }
}
