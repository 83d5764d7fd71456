import SchedulingFramework

// Kubernetes counterpart: buildQueueingHintMap in scheduler.go, fillEnqueueExtensions in framework.go (v1.36).

/// A plugin that may refuse pods, with a bit of its own in the masks of the queue, and what it wants to hear of.
struct Rejector: Sendable {
    /// The name that stands for all extenders (`framework.ExtenderName`).
    static let extenderName: PluginName = "Extender"
    /// Extenders cannot say what they wait for: everything is worth a try.
    static let extender = Rejector(name: extenderName, hinting: nil, interests: [], hearsEverything: true)

    let name: PluginName
    private let hinting: (any RequeueHinting)?
    private let interests: [EventInterest]
    /// Whether the plugin refuses pods and does not say what it waits for.
    private let hearsEverything: Bool
    /// Whether the plugin asks for new nodes but not for taints: then upstream tries its pods on each change of a taint.
    private let triesAfterTaints: Bool

    private init(
        name: PluginName, hinting: (any RequeueHinting)?, interests: [EventInterest], hearsEverything: Bool
    ) {
        self.name = name
        self.hinting = hinting
        self.interests = interests
        self.hearsEverything = hearsEverything
        let nodes = interests.filter { $0.resource == .node }.map(\.actions)
        triesAfterTaints = nodes.contains { $0.contains(.add) } && !nodes.contains { $0.contains(.nodeTaint) }
    }

    init(_ name: PluginName, plugin: any SchedulerPlugin) {
        let hinting = plugin as? any RequeueHinting
        let refuses =
            plugin is any PreEnqueuePlugin || plugin is any PreFilterPlugin || plugin is any FilterPlugin
            || plugin is any ReservePlugin || plugin is any PermitPlugin
        self.init(
            name: name, hinting: hinting, interests: hinting.map { type(of: $0).wakeEvents } ?? [],
            hearsEverything: refuses && hinting == nil)
    }

    func isInterested(in change: ClusterChange) -> Bool {
        if hearsEverything || triesAfterTaints && change.isTaint { return true }
        return isRegistered(for: change)
    }

    /// Returns whether `change`, which it is interested in, is worth another attempt at `pod`.
    func hint(_ pod: PodInfo, after change: ClusterChange) -> QueueingHint {
        guard let hinting, isRegistered(for: change) else { return .queue }
        return hinting.hint(pod, after: change)
    }

    private func isRegistered(for change: ClusterChange) -> Bool {
        interests.contains { $0.resource == change.resource && !$0.actions.isDisjoint(with: change.action) }
    }
}

extension ClusterChange {
    fileprivate var isTaint: Bool { resource == .node && action.contains(.nodeTaint) }
}
