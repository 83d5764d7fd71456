import KubernetesAPI

// Kubernetes counterpart: podtopologyspread/scoring.go (v1.36).

// MARK: - PreScore

extension PodTopologySpread: PreScorePlugin {
    package var preScoreScope: PluginScope { .cluster }

    package func preScore(_ pod: PodInfo, nodes: [NodeInfo], in snapshot: Snapshot, state: CycleState) -> Verdict {
        let constraints = softConstraints(of: pod, in: snapshot)
        if constraints.isEmpty { return .skip }
        let requiresAll = requiresAllTopologies(pod.shape)
        var counts = constraints.map { _ in Counts() }
        var scored = 0
        for node in nodes where !requiresAll || constraints.haveKeys(in: node.labels) {
            scored += 1
            for index in constraints.indices where !constraints[index].isHostname {
                // Nodes without the key form a domain together, which counts in the weight.
                counts[index].collect(0, in: node.labels[constraints[index].topologyKey] ?? "")
            }
        }
        let weights = constraints.indices.map { index in
            Self.topologyWeight(domains: constraints[index].isHostname ? scored : counts[index].domains)
        }
        Self.count(constraints, into: &counts, for: pod, on: snapshot.nodes, requiresAll: requiresAll)
        let soft = State.Soft(
            constraints: constraints, requiresAll: requiresAll, hasIgnored: scored < nodes.count, counts: counts,
            weights: weights)
        if let present = state[Self.name] as? State {
            present.soft = soft
        } else {
            state[Self.name] = State(soft: soft)
        }
        return .success
    }

    /// Counts pods in the domains that have a candidate, on all nodes.
    private static func count(
        _ constraints: [Constraint], into counts: inout [Counts], for pod: PodInfo, on nodes: [NodeInfo],
        requiresAll: Bool
    ) {
        let places = constraints.indices.filter { !constraints[$0].isHostname && !constraints[$0].countsNobody }
        if places.isEmpty { return }
        let namespace = pod.pod.metadata.namespace
        let twins = constraints.twins
        var counted = [Int64](repeating: -1, count: constraints.count)
        for node in nodes where !node.pods.isEmpty && (!requiresAll || constraints.haveKeys(in: node.labels)) {
            for index in counted.indices { counted[index] = -1 }
            for index in places where constraints[index].includes(node, for: pod.shape) {
                counts[index].collectIfKnown(node.labels[constraints[index].topologyKey] ?? "") {
                    let twin = twins[index]
                    if counted[twin] < 0 { counted[twin] = constraints[index].count(in: namespace, on: node) }
                    return counted[twin]
                }
            }
        }
    }
}

// MARK: - Score

extension PodTopologySpread: ScorePlugin {
    package var scoreScope: PluginScope { .cluster }
    package var normalization: ScoreNormalization { .custom }

    /// Returns how crowded the domains of `node` are; lower is better. An ignored node has 0.
    package func score(_ pod: PodInfo, on node: NodeInfo, in snapshot: Snapshot, state: CycleState) -> Int64 {
        guard let state = state[Self.name] as? State, let soft = state.soft else { return 0 }
        if soft.hasIgnored && !soft.constraints.haveKeys(in: node.labels) { return 0 }
        var credits = 0.0
        for index in soft.constraints.indices {
            guard let domain = node.labels[soft.constraints[index].topologyKey] else { continue }
            let count =
                soft.constraints[index].isHostname
                ? soft.constraints[index].count(in: pod.pod.metadata.namespace, on: node)
                : soft.counts[index].known(domain) ?? 0
            credits += Self.credit(
                count: count, maxSkew: soft.constraints[index].maxSkew, weight: soft.weights[index])
        }
        return Self.rawScore(credits)
    }

    package func normalize(
        _ scores: inout [Int64], nodes: [NodeInfo], for pod: PodInfo, in snapshot: Snapshot, state: CycleState
    ) {
        guard let state = state[Self.name] as? State, let soft = state.soft else { return }
        let ignored = soft.hasIgnored ? nodes.map { !soft.constraints.haveKeys(in: $0.labels) } : []
        var lowest = Int64.max
        var highest: Int64 = 0
        for index in scores.indices where !soft.hasIgnored || !ignored[index] {
            lowest = min(lowest, scores[index])
            highest = max(highest, scores[index])
        }
        for index in scores.indices {
            let isIgnored = soft.hasIgnored && ignored[index]
            scores[index] = isIgnored ? 0 : Self.normalized(scores[index], lowest: lowest, highest: highest)
        }
    }
}
