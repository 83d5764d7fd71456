package import KubernetesAPI

/// The arguments of all plugins that take some, with their defaults (`pluginConfig`).
package struct PluginArguments: Sendable {
    package var addedAffinity: NodeAffinityRules?
    package var fit = NodeResourcesFit.Arguments()
    package var balancedResources = ResourceWeight.cpuAndMemory
    package var topologySpread = PodTopologySpread.Arguments()
    package var preemption = DefaultPreemption.Arguments()
    package var interPodAffinity = InterPodAffinity.Arguments()

    package init() {}
}

/// A plugin that a profile can name.
package struct PluginDescriptor: Sendable {
    package let name: PluginName
    /// The weight of its score in the default profile.
    package let defaultWeight: Int64
    package let make: @Sendable (PluginArguments) -> any SchedulerPlugin

    init(_ name: PluginName, weight: Int64 = 1, make: @escaping @Sendable (PluginArguments) -> any SchedulerPlugin) {
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
        PluginDescriptor(VolumeBinding.name) { _ in VolumeBinding() },
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

    /// The plugin named `name`, or nil.
    package static func descriptor(_ name: PluginName) -> PluginDescriptor? {
        for descriptor in inTree where descriptor.name == name { return descriptor }
        return nil
    }
}
