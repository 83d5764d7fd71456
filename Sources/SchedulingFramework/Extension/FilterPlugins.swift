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
///
/// Called in the order of the profile. Skip spares the plugin's filter and its `podAdded` and `podRemoved` for this cycle.
/// `unschedulable` refuses the pod on all nodes, but the other pre-filters are still asked and evictions may help;
/// `unresolvable` and errors end the cycle at once. Node names of several plugins are intersected.
package protocol PreFilterPlugin: SchedulerPlugin {
    /// What the answer depends on, beside the pod's spec. Any scope but `cluster` promises that it depends on nothing
    /// else, and that nothing is left in the state: the scheduler asks once per shape.
    var preFilterScope: PluginScope { get }

    /// The same for pods of one shape: a plugin of cluster scope may have nothing to look at for some of them.
    func preFilterScope(for shape: PodShape) -> PluginScope

    /// Returns what holds for the pod as a whole; what the filter will need goes into `state`.
    func preFilter(_ pod: PodInfo, in snapshot: Snapshot, state: CycleState) -> PreFilterOutcome

    /// Keeps the plugin's cycle data right when a dry run adds `other` to `node`. Called for nominated pods and in
    /// preemption, always with a copy of the state.
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
///
/// Called for each node in the order of the profile up to the first that refuses, and twice for nodes that pods of the
/// same or a higher priority are nominated to: with those pods and without. In dry runs the node is a hypothetical one.
package protocol FilterPlugin: SchedulerPlugin {
    /// What the answer depends on; anything but `cluster` lets the scheduler remember it.
    var filterScope: PluginScope { get }

    /// Returns success; `unschedulable` when evicting other pods might help; `unresolvable` when it cannot (preemption then
    /// leaves the node out); or an error, which fails the attempt as a whole and makes the pod back off.
    func filter(_ pod: PodInfo, on node: NodeInfo, state: CycleState) -> Verdict
}

/// A node on which a pod would fit after evictions.
package struct PreemptionCandidate: Sendable {
    package var node: String
    /// Most important first.
    package var victims: [PodInfo]
    /// How many of the victims break a disruption budget.
    package var violations: Int

    package init(node: String, victims: [PodInfo], violations: Int) {
        self.node = node
        self.victims = victims
        self.violations = violations
    }
}

/// Why the extenders could not be asked.
package struct ExtenderFailure: Error, Hashable, Sendable {
    package var message: String

    package init(_ message: String) { self.message = message }
}

/// What a post-filter may ask of the scheduler that calls it.
package protocol PostFilterHost {
    var snapshot: Snapshot { get }

    /// Returns the candidates that the extenders with a say in preemption leave, in the same order.
    func approved(
        _ candidates: [PreemptionCandidate], for pod: PodInfo
    ) throws(ExtenderFailure) -> [PreemptionCandidate]

    /// The verdict that refused `pod` on the node at `place` of the snapshot, or nil when none was recorded.
    func verdict(at place: Int) -> NodeVerdict?

    /// Runs all filters for `pod` on a hypothetical node, with the pods nominated to it (`RunFilterPluginsWithNominatedPods`).
    func filter(_ pod: PodInfo, on node: NodeInfo, state: CycleState) -> Verdict

    /// Tells the pre-filters that a dry run adds a pod to a node.
    func podAdded(_ other: PodInfo, to node: NodeInfo, whenFiltering pod: PodInfo, state: CycleState)
    /// Tells the pre-filters that a dry run takes a pod off a node.
    func podRemoved(_ other: PodInfo, from node: NodeInfo, whenFiltering pod: PodInfo, state: CycleState)

    /// Whether the pre-filter of `plugin` was asked: those after one that refuses the pod are not.
    func wasPreFiltered(by plugin: PluginName) -> Bool
}

extension PostFilterHost {
    package func approved(
        _ candidates: [PreemptionCandidate], for pod: PodInfo
    ) throws(ExtenderFailure) -> [PreemptionCandidate] { candidates }
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
///
/// Called in the order of the profile until one succeeds, says `unresolvable`, or fails. It does not evict: it names the
/// victims, and the host sends the requests. The pod itself waits in the queue until the room is there.
package protocol PostFilterPlugin: SchedulerPlugin {
    /// Returns success with a nomination, or a rejection whose reasons go into the message.
    func postFilter(_ pod: PodInfo, state: CycleState, host: any PostFilterHost) -> PostFilterOutcome
}
