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

    /// A plugin with a bit of its own in the masks of the queue.
    struct Rejector: Sendable {
        let name: PluginName
        let hinting: (any RequeueHinting)?
        let interests: [EventInterest]
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
    let reserves: [any ReservePlugin]
    let permits: [any PermitPlugin]
    let preBinds: [any PreBindPlugin]
    let hasClusterScores: Bool
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

    init(_ profile: SchedulerProfile) {
        let multiPoint = PluginLine.multiPoint(profile.plugins[.multiPoint])
        var made: [PluginName: any SchedulerPlugin] = [:]
        var order: [PluginName] = []
        var unknown: [PluginName] = []
        func plugin(_ name: PluginName) -> (any SchedulerPlugin)? {
            if let plugin = made[name] { return plugin }
            guard let descriptor = PluginRegistry.descriptor(name) else {
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
        reserves = line(.reserve, as: (any ReservePlugin).self).map(\.plugin)
        permits = line(.permit, as: (any PermitPlugin).self).map(\.plugin)
        preBinds = line(.preBind, as: (any PreBindPlugin).self).map(\.plugin)
        precondition(order.count <= 64, "a profile has at most 64 plugins")
        rejectors = order.map { name in
            let hinting = made[name] as? any RequeueHinting
            return Rejector(name: name, hinting: hinting, interests: hinting.map { type(of: $0).wakeEvents } ?? [])
        }
        self.unknown = unknown
        skippedWithoutRules = Set(preFilters.filter { $0.scope == .cluster }.map(\.name))
        topology = TopologyProfile(
            preFilters: preFilters, filters: filters, preScores: preScores, scores: scores)
        hasClusterScores = scores.contains { $0.scope == .cluster }
        clusterFilters = filters.indices.filter { [filters] in filters[$0].scope == .cluster }
        hearsOfOtherUpdates = rejectors.contains { rejector in
            rejector.interests.contains { $0.resource == .assignedPod && $0.actions.contains(.otherUpdate) }
        }
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
        for (index, rejector) in rejectors.enumerated() {
            for interest in rejector.interests
            where interest.resource == change.resource && !interest.actions.isDisjoint(with: change.action) {
                mask |= 1 << UInt64(index)
            }
        }
        return mask
    }
}
