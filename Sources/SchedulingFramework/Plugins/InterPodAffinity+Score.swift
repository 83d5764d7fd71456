import KubernetesAPI

// MARK: - PreScore

extension InterPodAffinity: PreScorePlugin {
    package var preScoreScope: PluginScope { .cluster }

    package func preScore(_ pod: PodInfo, nodes: [NodeInfo], in snapshot: Snapshot, state: CycleState) -> Verdict {
        let hasPreferred = pod.shape.podAffinity.hasPreferred
        if arguments.ignoresPreferredTermsOfExistingPods && !hasPreferred { return .skip }
        var weights = AffinityWeights(pod, in: snapshot, hardWeight: arguments.hardPodAffinityWeight)
        for node in snapshot.nodes where !node.labels.isEmpty {
            for other in hasPreferred ? node.pods : node.podsWithAffinity { weights.count(other, on: node.labels) }
        }
        if !weights.isTouched { return .skip }
        if let cycle = state[Self.name] as? InterPodAffinityCycle {
            cycle.weights = weights.sums
        } else {
            state[Self.name] = InterPodAffinityCycle(weights: weights.sums)
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
        (state[Self.name] as? InterPodAffinityCycle)?.weights.sum(on: node.labels) ?? 0
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

/// How much pods on nodes speak for and against the pod that is being scheduled (`preScoreState`).
struct AffinityWeights {
    private let labels: StringMap
    private let namespace: String
    /// Of the pod's namespace; empty when it is not known.
    private let namespaceLabels: StringMap
    private var affinityTerms: [IncomingTerm]
    private var antiAffinityTerms: [IncomingTerm]
    private let hardWeight: Int64
    private(set) var sums = DomainCounts()
    /// Whether some term matched, even when the sums are 0.
    private(set) var isTouched = false

    init(_ pod: PodInfo, in snapshot: Snapshot, hardWeight: Int64) {
        labels = pod.pod.metadata.labels
        namespace = pod.pod.metadata.namespace
        namespaceLabels = snapshot.namespaceLabels(namespace) ?? StringMap()
        let terms = pod.shape.podAffinity
        affinityTerms = terms.preferredAffinity.map { IncomingTerm($0, of: pod, in: snapshot) }
        antiAffinityTerms = terms.preferredAntiAffinity.map { IncomingTerm($0, of: pod, in: snapshot) }
        self.hardWeight = hardWeight
    }

    /// Adds what `other`, on a node with `nodeLabels`, has to say, and what the pod has to say about it.
    mutating func count(_ other: PodInfo, on nodeLabels: StringMap) {
        for index in affinityTerms.indices where affinityTerms[index].matches(other) {
            add(affinityTerms[index].term.weight, affinityTerms[index].term, nodeLabels)
        }
        for index in antiAffinityTerms.indices where antiAffinityTerms[index].matches(other) {
            add(-antiAffinityTerms[index].term.weight, antiAffinityTerms[index].term, nodeLabels)
        }
        guard other.shape.hasPodAffinity else { return }
        let terms = other.shape.podAffinity
        let carrier = other.pod.metadata.namespace
        if hardWeight > 0 {
            for term in terms.requiredAffinity where isMeant(by: term, of: carrier) {
                add(hardWeight, term, nodeLabels)
            }
        }
        for term in terms.preferredAffinity where isMeant(by: term, of: carrier) { add(term.weight, term, nodeLabels) }
        for term in terms.preferredAntiAffinity where isMeant(by: term, of: carrier) {
            add(-term.weight, term, nodeLabels)
        }
    }

    private func isMeant(by term: AffinityTerm, of carrier: String) -> Bool {
        term.selects(labels) && term.covers(namespace, labels: namespaceLabels, carrier: carrier)
    }

    private mutating func add(_ weight: Int64, _ term: AffinityTerm, _ nodeLabels: StringMap) {
        if sums.add(weight, key: term.topologyKey, of: nodeLabels) { isTouched = true }
    }
}
