/// The answer of a pre-filter.
package struct PreFilterOutcome: Sendable {
    /// Success, skip (the plugin's filter is not called), a rejection of the pod on all nodes, or an error.
    package var verdict: Verdict
    /// The only nodes worth filtering, by name and in name order, or nil for all.
    package var nodeNames: [String]?

    package init(_ verdict: Verdict = .success, nodeNames: [String]? = nil) {
        self.verdict = verdict
        self.nodeNames = nodeNames
    }

    package static let success = PreFilterOutcome()
    package static let skip = PreFilterOutcome(.skip)
}

/// Looks at the pod and the cluster once per cycle, before any node is filtered.
package protocol PreFilterPlugin: SchedulerPlugin {
    /// What the answer depends on, beside the pod's spec. Any scope but `cluster` promises that it depends on nothing
    /// else, and that nothing is left in the state: the scheduler asks once per shape.
    var preFilterScope: PluginScope { get }

    /// The same for pods of one shape: a plugin of cluster scope may have nothing to look at for some of them.
    func preFilterScope(for shape: PodShape) -> PluginScope

    func preFilter(_ pod: PodInfo, in snapshot: Snapshot, state: CycleState) -> PreFilterOutcome

    /// Keeps the plugin's cycle data right when a dry run adds `other` to `node`.
    func podAdded(_ other: PodInfo, to node: NodeInfo, whenFiltering pod: PodInfo, state: CycleState)

    /// Keeps the plugin's cycle data right when a dry run removes `other` from `node`.
    func podRemoved(_ other: PodInfo, from node: NodeInfo, whenFiltering pod: PodInfo, state: CycleState)
}

extension PreFilterPlugin {
    package func preFilterScope(for shape: PodShape) -> PluginScope { preFilterScope }
    package func podAdded(_ other: PodInfo, to node: NodeInfo, whenFiltering pod: PodInfo, state: CycleState) {}
    package func podRemoved(_ other: PodInfo, from node: NodeInfo, whenFiltering pod: PodInfo, state: CycleState) {}
}

/// Decides whether a pod fits one node. Must not change anything.
package protocol FilterPlugin: SchedulerPlugin {
    var filterScope: PluginScope { get }

    func filter(_ pod: PodInfo, on node: NodeInfo, state: CycleState) -> Verdict
}

/// What a post-filter may ask of the scheduler that calls it.
package protocol PostFilterHost {
    var snapshot: Snapshot { get }

    /// The verdict that refused `pod` on the node at `place` of the snapshot, or nil when none was recorded.
    func verdict(at place: Int) -> NodeVerdict?

    /// Runs all filters for `pod` on a hypothetical node, with the pods nominated to it (`RunFilterPluginsWithNominatedPods`).
    func filter(_ pod: PodInfo, on node: NodeInfo, state: CycleState) -> Verdict

    /// Tells the pre-filters of a dry run's change of a node.
    func podAdded(_ other: PodInfo, to node: NodeInfo, whenFiltering pod: PodInfo, state: CycleState)
    func podRemoved(_ other: PodInfo, from node: NodeInfo, whenFiltering pod: PodInfo, state: CycleState)

    /// Whether the pre-filter of `plugin` was asked: those after one that refuses the pod are not.
    func wasPreFiltered(by plugin: PluginName) -> Bool
}

/// The answer of a post-filter.
package struct PostFilterOutcome: Sendable {
    /// Success ends the search; a rejection's reasons go into the message.
    package var verdict: Verdict
    /// The node to nominate; `.some(nil)` clears the pod's nomination, nil leaves it.
    package var nomination: String??
    /// The pods to evict from the nominated node.
    package var victims: [PodInfo]

    package init(_ verdict: Verdict, nomination: String?? = nil, victims: [PodInfo] = []) {
        self.verdict = verdict
        self.nomination = nomination
        self.victims = victims
    }
}

/// Called when no node fits; may make room.
package protocol PostFilterPlugin: SchedulerPlugin {
    func postFilter(_ pod: PodInfo, state: CycleState, host: any PostFilterHost) -> PostFilterOutcome
}
