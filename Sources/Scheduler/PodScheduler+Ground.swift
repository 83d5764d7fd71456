import KubernetesAPI
import SchedulingFramework

// Which way the search for a node can go.
extension PodScheduler {
    /// Asks the pre-filters, as few as possible.
    ///
    /// `isShort` says that nobody wants to know of every node by itself.
    mutating func ground(
        _ pod: PodInfo, profile: CompiledProfile, state: CycleState, isShort: Bool
    ) -> SearchGround {
        let memo = configuration.usesShapeMemo ? shapes.memo(of: pod.shape) : nil
        let snapshot = cache.snapshot
        let local =
            memo?.pre ?? PreFilterRun(pod, profile: profile, snapshot: snapshot, state: state, isLocal: true)
        var ground = SearchGround(pre: local, local: local, hasClusterScores: profile.hasClusterScores)
        if memo?.hasLocalPreFilters ?? false { return ground }
        if configuration.usesShapeMemo, isShort, let topology = profile.topology {
            switch route(of: pod, profile, topology, memo, local: memo?.asksOthers ?? true ? local : nil, state) {
            case .none?:
                if let memo {
                    ground.pre = memo.plain
                } else {
                    ground.pre.skipped.formUnion(profile.skippedWithoutRules)
                }
                ground.hasClusterScores = false
                ground.isPlain = true
                return ground
            case .plan(let plan)?:
                let isPlain =
                    local.rejection == nil && local.nodeNames == nil && !hasNomination(pod)
                    && !nominator.hasGuests(over: pod)
                if isPlain {
                    ground.plan = plan
                    return ground
                }
            case .unsupported?, nil: break
            }
        }
        ground.pre = PreFilterRun(pod, profile: profile, snapshot: snapshot, state: state)
        return ground
    }

    /// nil when other plugins than those about other pods look at the whole cluster; `local` is nil when it is known
    /// that none does.
    private mutating func route(
        of pod: PodInfo, _ profile: CompiledProfile, _ topology: TopologyProfile, _ memo: ShapeMemo?,
        local: PreFilterRun?, _ state: CycleState
    ) -> TopologyTable.Route? {
        guard let local else { return self.topology.route(of: pod, topology, cache, memo: memo) }
        var skipped = local.skipped.union(TopologyProfile.names)
        for position in topology.otherPreFilters {
            if profile.preFilters[position].plugin.preFilterScope(for: pod.shape) != .cluster { continue }
            let outcome = profile.preFilters[position].plugin.preFilter(pod, in: cache.snapshot, state: state)
            if outcome.verdict.code != .skip { return nil }
            skipped.insert(profile.preFilters[position].name)
        }
        if !profile.clusterFilters(without: skipped).isEmpty { return nil }
        for position in topology.otherPreScores {
            let plugin = profile.preScores[position].plugin
            if plugin.preScore(pod, nodes: [], in: cache.snapshot, state: state).code != .skip { return nil }
        }
        return self.topology.route(of: pod, topology, cache, memo: memo)
    }

    /// Whether `pod` has been promised a node.
    func hasNomination(_ pod: PodInfo) -> Bool {
        pod.pod.status.nominatedNodeName != nil || nominator.node(of: pod.uid) != nil
    }

    /// Returns how post-filters run the filters. After a search by a plan the pre-filters are asked now, if it matters.
    func run(
        forPostFiltersOf pod: PodInfo, after run: FilterRun, ground: SearchGround, state: CycleState
    ) -> FilterRun {
        guard ground.plan != nil else { return run }
        let isKnown = run.profile.postFilters.allSatisfy {
            $0.name == DefaultPreemption.name || $0.name == DynamicResources.name
        }
        if isKnown {
            if pod.spec.preemptionPolicy == .never { return run }
            // Without pods of lower priority there is nothing to try out.
            if !cache.snapshot.nodes.contains(where: { $0.lowestPriority < pod.priority }) { return run }
        }
        var run = run
        run.skipped = PreFilterRun(pod, profile: run.profile, snapshot: run.snapshot, state: state).skipped
        return run
    }
}
