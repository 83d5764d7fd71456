import Scheduler
import SchedulingFramework

// Counterpart: pkg/scheduler/framework/plugins/registry.go, and the interfaces that each plugin declares (v1.36).

/// What is known of the plugins that a configuration may name: those that are here, and those of Kubernetes.
enum PluginCatalogue {
    /// The extension points of the plugins of v1.36, by name.
    private static let upstream: [(name: PluginName, points: [ExtensionPoint])] = [
        ("SchedulingGates", [.preEnqueue]),
        ("PrioritySort", [.queueSort]),
        ("NodeUnschedulable", [.filter]),
        ("NodeName", [.filter]),
        ("TaintToleration", [.filter, .preScore, .score]),
        ("NodeAffinity", [.preFilter, .filter, .preScore, .score]),
        ("NodePorts", [.preFilter, .filter]),
        ("NodeResourcesFit", [.preFilter, .filter, .preScore, .score]),
        ("VolumeRestrictions", [.preFilter, .filter]),
        ("NodeVolumeLimits", [.preFilter, .filter]),
        ("VolumeBinding", [.preFilter, .filter, .preScore, .score, .reserve, .preBind]),
        ("VolumeZone", [.preFilter, .filter]),
        ("PodTopologySpread", [.preFilter, .filter, .preScore, .score]),
        ("InterPodAffinity", [.preFilter, .filter, .preScore, .score]),
        ("DynamicResources", [.preEnqueue, .preFilter, .filter, .postFilter, .score, .reserve, .preBind]),
        ("DefaultPreemption", [.preEnqueue, .postFilter]),
        ("NodeResourcesBalancedAllocation", [.preScore, .score]),
        ("ImageLocality", [.score]),
        ("DefaultBinder", [.bind]),
        ("NodeDeclaredFeatures", [.preFilter, .filter]),
        ("GangScheduling", [.preEnqueue, .permit]),
        ("TopologyPlacementGenerator", []),
        ("PodGroupPodsCount", []),
    ]

    /// Plugins that earlier releases had; naming one is an error.
    static let removed: [PluginName] = ["AzureDiskLimits", "CinderLimits", "EBSLimits", "GCEPDLimits"]

    /// The names that a configuration may enable.
    static let names: [String] = {
        let here = (PluginRegistry.inTree + PluginRegistry.policies).map(\.name)
        return (here + upstream.map(\.name).filter { !here.contains($0) }).map(\.text)
    }()

    /// Whether the plugin is one of Kubernetes.
    static func isUpstream(_ name: PluginName) -> Bool { upstream.contains { $0.name == name } }

    /// Whether the plugin exists here.
    static func isModelled(_ name: PluginName) -> Bool { PluginRegistry.descriptor(name) != nil }

    /// The extension points at which the plugin takes part, in the order of a cycle; empty for unknown ones.
    static func points(of name: PluginName) -> [ExtensionPoint] {
        let known = upstream.first { $0.name == name }?.points ?? []
        guard let descriptor = PluginRegistry.descriptor(name) else { return known }
        let plugin = descriptor.make(PluginArguments())
        return ExtensionPoint.allCases.filter { known.contains($0) || adopts(plugin, $0) }
    }

    private static func adopts(_ plugin: any SchedulerPlugin, _ point: ExtensionPoint) -> Bool {
        switch point {
        case .multiPoint: false
        case .preEnqueue: plugin is any PreEnqueuePlugin
        case .queueSort: plugin is any QueueOrderPlugin
        case .preFilter: plugin is any PreFilterPlugin
        case .filter: plugin is any FilterPlugin
        case .postFilter: plugin is any PostFilterPlugin
        case .preScore: plugin is any PreScorePlugin
        case .score: plugin is any ScorePlugin
        case .reserve: plugin is any ReservePlugin || plugin is any DevicePlugin
        case .permit: plugin is any PermitPlugin
        case .preBind: plugin is any PreBindPlugin
        case .bind: plugin is any BindPlugin
        case .postBind: plugin is any PostBindPlugin
        }
    }
}
