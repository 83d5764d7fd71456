import SchedulingFramework

/// A profile made ready: the plugins of each extension point, in order.
final class CompiledProfile: Sendable {
    struct FilterEntry: Sendable {
        let name: PluginName
        let plugin: any FilterPlugin
        let scope: PluginScope
    }

    struct PreFilterEntry: Sendable {
        let name: PluginName
        let plugin: any PreFilterPlugin
        let scope: PluginScope
    }

    struct PreScoreEntry: Sendable {
        let name: PluginName
        let plugin: any PreScorePlugin
        let scope: PluginScope
    }

    struct ScoreEntry: Sendable {
        let name: PluginName
        let plugin: any ScorePlugin
        let weight: Int64
        let scope: PluginScope
        let normalization: ScoreNormalization
    }

    let schedulerName: String
    let percentageOfNodesToScore: Int64?
    let preEnqueues: [(name: PluginName, plugin: any PreEnqueuePlugin)]
    let queueOrder: any QueueOrderPlugin
    let preFilters: [PreFilterEntry]
    let filters: [FilterEntry]
    let postFilters: [(name: PluginName, plugin: any PostFilterPlugin)]
    let preScores: [PreScoreEntry]
    let scores: [ScoreEntry]
    let reserves: [(name: PluginName, plugin: any ReservePlugin)]
    let permits: [(name: PluginName, plugin: any PermitPlugin)]
    let preBinds: [(name: PluginName, plugin: any PreBindPlugin)]
    let binds: [(name: PluginName, plugin: any BindPlugin)]
    let postBinds: [any PostBindPlugin]
    /// They choose graphics processors when a pod is reserved.
    let deviceChoosers: [any DevicePlugin]
    let hasClusterScores: Bool
    /// Whether the first node that fits is as good as any: nobody scores, and no extender wants to filter several.
    let takesFirst: Bool
    /// Where the plugins about other pods stand; nil when there are none.
    let topology: TopologyProfile?
    /// The pre-filters that look at the whole cluster: what a pod skips to which other pods mean nothing.
    let skippedWithoutRules: Set<PluginName>
    /// The filters that look at the whole cluster, by position.
    let clusterFilters: [Int]
    /// Whether some plugin wants to hear when a pod on a node changes in a way that has no name of its own.
    let hearsOfOtherUpdates: Bool
    /// At most 64.
    let rejectors: [Rejector]
    /// Names that no plugin answers to.
    let unknown: [PluginName]

    init(_ source: SchedulerProfile, extenders: [ExtenderSettings] = []) {
        var profile = source
        // What extenders manage and the scheduler is to ignore replaces what the arguments say, as upstream.
        let ignored = extenders.flatMap(\.managedResources).filter(\.ignoredByScheduler).map(\.name)
        if !ignored.isEmpty { profile.arguments.fit.ignoredResources = ignored }
        let multiPoint = PluginLine.multiPoint(profile.plugins[.multiPoint])
        var made: [PluginName: any SchedulerPlugin] = [:]
        var order: [PluginName] = []
        var unknown: [PluginName] = []
        func plugin(_ name: PluginName) -> (any SchedulerPlugin)? {
            if let plugin = made[name] { return plugin }
            let own = profile.ownPlugins.first { $0.name == name }
            guard let descriptor = own ?? PluginRegistry.descriptor(name) else {
                if !unknown.contains(name) { unknown.append(name) }
                return nil
            }
            let plugin = descriptor.make(profile.arguments)
            made[name] = plugin
            order.append(name)
            return plugin
        }
        func line<P>(_ point: ExtensionPoint, as type: P.Type) -> [(name: PluginName, weight: Int64, plugin: P)] {
            PluginLine.expand(multiPoint, profile.plugins[point]).compactMap { entry in
                (plugin(entry.name) as? P).map { (entry.name, max(1, entry.weight), $0) }
            }
        }
        schedulerName = profile.schedulerName
        percentageOfNodesToScore = profile.percentageOfNodesToScore
        preEnqueues = line(.preEnqueue, as: (any PreEnqueuePlugin).self).map { ($0.name, $0.plugin) }
        queueOrder = line(.queueSort, as: (any QueueOrderPlugin).self).first?.plugin ?? PrioritySort()
        preFilters = line(.preFilter, as: (any PreFilterPlugin).self).map {
            PreFilterEntry(name: $0.name, plugin: $0.plugin, scope: $0.plugin.preFilterScope)
        }
        filters = line(.filter, as: (any FilterPlugin).self).map {
            FilterEntry(name: $0.name, plugin: $0.plugin, scope: $0.plugin.filterScope)
        }
        postFilters = line(.postFilter, as: (any PostFilterPlugin).self).map { ($0.name, $0.plugin) }
        preScores = line(.preScore, as: (any PreScorePlugin).self).map {
            PreScoreEntry(name: $0.name, plugin: $0.plugin, scope: $0.plugin.preScoreScope)
        }
        scores = line(.score, as: (any ScorePlugin).self).map {
            ScoreEntry(
                name: $0.name, plugin: $0.plugin, weight: $0.weight, scope: $0.plugin.scoreScope,
                normalization: $0.plugin.normalization)
        }
        reserves = line(.reserve, as: (any ReservePlugin).self).map { ($0.name, $0.plugin) }
        permits = line(.permit, as: (any PermitPlugin).self).map { ($0.name, $0.plugin) }
        preBinds = line(.preBind, as: (any PreBindPlugin).self).map { ($0.name, $0.plugin) }
        binds = line(.bind, as: (any BindPlugin).self).map { ($0.name, $0.plugin) }
        postBinds = line(.postBind, as: (any PostBindPlugin).self).map(\.plugin)
        deviceChoosers = line(.reserve, as: (any DevicePlugin).self).map(\.plugin)
        var rejectors = order.compactMap { name in made[name].map { Rejector(name, plugin: $0) } }
        if !extenders.isEmpty { rejectors.append(.extender) }
        precondition(rejectors.count <= 64, "a profile has at most 64 plugins")
        self.rejectors = rejectors
        self.unknown = unknown
        skippedWithoutRules = Set(preFilters.filter { $0.scope == .cluster }.map(\.name))
        topology = TopologyProfile(
            preFilters: preFilters, filters: filters, preScores: preScores, scores: scores)
        hasClusterScores = scores.contains { $0.scope == .cluster }
        takesFirst = scores.isEmpty && extenders.allSatisfy { $0.filterVerb.isEmpty && $0.prioritizeVerb.isEmpty }
        clusterFilters = filters.indices.filter { [filters] in filters[$0].scope == .cluster }
        let update = ClusterChange(.assignedPod, .otherUpdate)
        hearsOfOtherUpdates = rejectors.contains { $0.isInterested(in: update) }
    }

    /// The filters that look at the whole cluster, by position, without those that have nothing to do.
    func clusterFilters(without skipped: Set<PluginName>) -> [Int] {
        clusterFilters.filter { !skipped.contains(filters[$0].name) }
    }

    /// The bit of `name` in the queue's masks.
    func bit(of name: PluginName) -> UInt64 {
        for (index, rejector) in rejectors.enumerated() where rejector.name == name { return 1 << UInt64(index) }
        return 0
    }

    /// The bits of the plugins that want to hear of `change`.
    func interest(in change: ClusterChange) -> UInt64 {
        var mask: UInt64 = 0
        for (index, rejector) in rejectors.enumerated() where rejector.isInterested(in: change) {
            mask |= 1 << UInt64(index)
        }
        return mask
    }
}
