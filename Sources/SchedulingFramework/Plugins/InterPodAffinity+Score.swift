import KubernetesAPI

// MARK: - PreScore

extension InterPodAffinity: PreScorePlugin {
    package var preScoreScope: PluginScope { .cluster }

    package func preScore(_ pod: PodInfo, nodes: [NodeInfo], in snapshot: Snapshot, state: CycleState) -> Verdict {
        let hasPreferred = pod.shape.podAffinity.hasPreferred
        if arguments.ignoresPreferredTermsOfExistingPods && !hasPreferred { return .skip }
        var weights = Weights(pod, in: snapshot, hardWeight: arguments.hardPodAffinityWeight)
        for node in snapshot.nodes where !node.labels.isEmpty {
            for other in hasPreferred ? node.pods : node.podsWithAffinity { weights.count(other, on: node.labels) }
        }
        if !weights.isTouched { return .skip }
        if let cycle = state[Self.name] as? Cycle {
            cycle.weights = weights.sums
        } else {
            state[Self.name] = Cycle(weights: weights.sums)
        }
        return .success
    }
}

// MARK: - Score

extension InterPodAffinity: ScorePlugin {
    package var scoreScope: PluginScope { .cluster }
    package var normalization: ScoreNormalization { .custom }

    /// Returns the sum of the weights in the node's domains: above 0 for affinity, below 0 for anti-affinity.
    package func score(_ pod: PodInfo, on node: NodeInfo, in snapshot: Snapshot, state: CycleState) -> Int64 {
        (state[Self.name] as? Cycle)?.weights.sum(on: node.labels) ?? 0
    }

    package func normalize(
        _ scores: inout [Int64], nodes: [NodeInfo], for pod: PodInfo, in snapshot: Snapshot, state: CycleState
    ) {
        guard let minimum = scores.min(), let maximum = scores.max() else { return }
        for index in scores.indices {
            scores[index] = Self.normalized(scores[index], minimum: minimum, maximum: maximum)
        }
    }
}
