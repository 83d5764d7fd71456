import KubernetesAPI

// Kubernetes counterpart: podtopologyspread/filtering.go (v1.36).
// Deliberate difference: the true lowest count instead of two critical paths, which in a dry run on one node is the same.

// MARK: - PreFilter

extension PodTopologySpread: PreFilterPlugin {
    package var preFilterScope: PluginScope { .cluster }

    package func preFilter(_ pod: PodInfo, in snapshot: Snapshot, state: CycleState) -> PreFilterOutcome {
        let constraints = hardConstraints(of: pod, in: snapshot)
        if constraints.isEmpty { return .skip }
        state[Self.name] = State(hard: Self.counted(constraints, for: pod, on: snapshot.nodes))
        return .success
    }

    package func podAdded(_ other: PodInfo, to node: NodeInfo, whenFiltering pod: PodInfo, state: CycleState) {
        update(state, with: other, on: node, whenFiltering: pod, by: 1)
    }

    package func podRemoved(_ other: PodInfo, from node: NodeInfo, whenFiltering pod: PodInfo, state: CycleState) {
        update(state, with: other, on: node, whenFiltering: pod, by: -1)
    }

    private func update(
        _ state: CycleState, with other: PodInfo, on node: NodeInfo, whenFiltering pod: PodInfo, by change: Int64
    ) {
        guard let state = state[Self.name] as? State, let constraints = state.hard?.constraints,
            other.key.namespace == pod.key.namespace, constraints.haveKeys(in: node.labels)
        else { return }
        let labels = other.pod.metadata.labels
        // As upstream, whether the other pod is on its way out is not asked here.
        for (index, constraint) in constraints.enumerated()
        where constraint.selects(labels) && constraint.includes(node, for: pod.shape) {
            guard let domain = node.labels[constraint.topologyKey] else { continue }
            state.hard?.counts[index].add(change, in: domain)
        }
    }

    /// Counts the pods that each constraint spreads, over the nodes that have all keys.
    private static func counted(_ constraints: [Constraint], for pod: PodInfo, on nodes: [NodeInfo]) -> State.Hard {
        let metadata = pod.pod.metadata
        let twins = constraints.twins
        var counts = constraints.map { Counts(capacity: $0.isHostname ? nodes.count : 0) }
        var counted = [Int64](repeating: -1, count: constraints.count)
        for node in nodes where constraints.haveKeys(in: node.labels) {
            for index in counted.indices { counted[index] = -1 }
            for index in constraints.indices where constraints[index].includes(node, for: pod.shape) {
                guard let domain = node.labels[constraints[index].topologyKey] else { continue }
                let twin = twins[index]
                if counted[twin] < 0 { counted[twin] = constraints[index].count(in: metadata.namespace, on: node) }
                counts[index].collect(counted[twin], in: domain)
            }
        }
        for index in counts.indices { counts[index].findLowest() }
        return State.Hard(
            constraints: constraints, selfMatches: constraints.map { $0.selects(metadata.labels) ? 1 : 0 },
            counts: counts)
    }
}

// MARK: - Filter

extension PodTopologySpread: FilterPlugin {
    package var filterScope: PluginScope { .cluster }

    /// What is said of a node without a topology key of a hard constraint.
    package static let missingLabel = Verdict.unresolvable(missingLabelReason)
    /// What is said of a node in a domain that has too many pods already.
    package static let tooSkewed = Verdict.unschedulable(reason)

    package func filter(_ pod: PodInfo, on node: NodeInfo, state: CycleState) -> Verdict {
        guard let state = state[Self.name] as? State, let hard = state.hard else { return .success }
        for index in hard.constraints.indices {
            guard let domain = node.labels[hard.constraints[index].topologyKey] else { return Self.missingLabel }
            let minimum = Self.globalMinimum(
                lowest: hard.counts[index].lowest, domains: hard.counts[index].domains,
                minDomains: hard.constraints[index].minDomains)
            let isTooSkewed = Self.isTooSkewed(
                count: hard.counts[index].known(domain) ?? 0, selfMatch: hard.selfMatches[index], minimum: minimum,
                maxSkew: hard.constraints[index].maxSkew)
            if isTooSkewed { return Self.tooSkewed }
        }
        return .success
    }
}
