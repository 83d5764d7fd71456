import KubernetesAPI
package import SchedulingFramework

extension TrialCluster {
    /// What the pre-filters said of one kind of pod.
    final class KindCycle {
        let state = CycleState()
        var rejection: NodeVerdict?
        /// The only nodes worth looking at, or nil for all.
        var nodeNames: [String]?
        var skipped: Set<PluginName> = []
        /// The filters that have something to do.
        var filters: [PlacementRules.FilterEntry] = []
        /// Those of them that look at nothing but the node object, and the others.
        var objectFilters: [any FilterPlugin] = []
        var otherFilters: [any FilterPlugin] = []
        /// The pre-filters that want to hear of pods.
        var listeners: [any PreFilterPlugin] = []
        /// How many steps of the trials that go on are counted.
        var seen = 0
        /// The versions of the cluster for which it was said.
        var version = 0
        var nodesVersion = 0
        var antiAffinityVersion = 0
        /// Whether the filters look at nothing but the node.
        var isLocal = true
        /// Whether the domains over which pods are spread were counted.
        var countsNodes = false
        /// What is known of the nodes by slot, as far as it was asked for.
        var answers: [TrialCluster.ObjectAnswer] = []
        /// Keeps that count right; nil where it has to be made anew with other nodes.
        var follower: PodTopologySpread.NodeFollower?
    }

    /// Returns why pods of `kind` may not run on `node`, or nil where one fits.
    package func verdict(_ kind: PodKind, on node: NodeInfo) -> NodeVerdict? {
        let cycle = self.cycle(of: kind)
        if let rejection = cycle.rejection { return rejection }
        if let names = cycle.nodeNames, !names.contains(node.name) {
            return NodeVerdict(plugin: nil, verdict: .unresolvable("node(s) didn't satisfy plugin(s)"))
        }
        for entry in cycle.filters {
            let verdict = entry.plugin.filter(kind.sample, on: node, state: cycle.state)
            if verdict.code != .success { return NodeVerdict(plugin: entry.name, verdict: verdict) }
        }
        return nil
    }

    /// Returns whether a pod of `kind` may run on `node` as it is now.
    package func fits(_ kind: PodKind, on node: NodeInfo) -> Bool { verdict(kind, on: node) == nil }

    /// Whether where pods of `kind` fit follows from each node by itself, and each takes only resources of it:
    /// a node that has refused one refuses the next, and how many fit on an empty node can be counted.
    package func isPlain(_ kind: PodKind) -> Bool {
        guard kind.isPlain else { return false }
        let cycle = self.cycle(of: kind)
        return cycle.isLocal && cycle.nodeNames == nil
    }

    // MARK: - Pre-filters

    func cycle(of kind: PodKind) -> KindCycle {
        while cycles.count <= kind.number { cycles.append(nil) }
        if let cycle = cycles[kind.number], isCurrent(cycle, of: kind), see(cycle, kind) { return cycle }
        let cycle = KindCycle()
        ask(kind.sample, cycle)
        cycles[kind.number] = cycle
        cycle.seen = log.count
        if cycle.seen > 0 { awake.append(kind.number) }
        let isFollower = followers.contains(kind.number)
        if !cycle.listeners.isEmpty, !isFollower { followers.append(kind.number) }
        if cycle.listeners.isEmpty, isFollower { followers.removeAll { $0 == kind.number } }
        return cycle
    }

    private func isCurrent(_ cycle: KindCycle, of kind: PodKind) -> Bool {
        if !kind.shape.volumes.isEmpty { return cycle.version == version }
        if cycle.countsNodes, cycle.follower == nil, cycle.nodesVersion != nodesVersion { return false }
        // Who was left out of the count of pods that keep others away cannot follow them.
        return cycle.antiAffinityVersion == antiAffinityVersion || !cycle.skipped.contains(InterPodAffinity.name)
    }

    private func ask(_ pod: PodInfo, _ cycle: KindCycle) {
        cycle.version = version
        cycle.nodesVersion = nodesVersion
        cycle.antiAffinityVersion = antiAffinityVersion
        for entry in rules.preFilters {
            let outcome = entry.plugin.preFilter(pod, in: snapshot, state: cycle.state)
            switch outcome.verdict.code {
            case .skip:
                cycle.skipped.insert(entry.name)
                continue
            case .success, .wait: break
            case .unresolvable, .error, .unschedulable, .pending:
                cycle.rejection = NodeVerdict(plugin: entry.name, verdict: outcome.verdict)
                return
            }
            if entry.plugin.preFilterScope(for: pod.shape) == .cluster {
                cycle.isLocal = false
                cycle.listeners.append(entry.plugin)
                if entry.name == PodTopologySpread.name { cycle.countsNodes = true }
            }
            guard let names = outcome.nodeNames else { continue }
            cycle.nodeNames = cycle.nodeNames.map { present in present.filter(names.contains) } ?? names
        }
        cycle.filters = rules.filters.filter { !cycle.skipped.contains($0.name) }
        for entry in cycle.filters {
            if entry.plugin.filterScope == .nodeObject {
                cycle.objectFilters.append(entry.plugin)
            } else {
                cycle.otherFilters.append(entry.plugin)
            }
        }
        if cycle.countsNodes {
            cycle.follower = PodTopologySpread.NodeFollower(pod, among: snapshot.nodes, state: cycle.state)
        }
    }

    /// Forgets what was said of pods of which each is of a kind of its own: nobody will ask again.
    func forgetPassingKinds() {
        followers.removeAll { number in
            if kinds.kinds[number].shape.volumes.isEmpty { return false }
            cycles[number] = nil
            return true
        }
    }
}
