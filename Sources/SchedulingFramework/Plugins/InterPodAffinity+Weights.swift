import KubernetesAPI

extension InterPodAffinity {
    /// How much pods on nodes speak for and against the pod that is being scheduled (`preScoreState`).
    struct Weights {
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
            for term in terms.preferredAffinity where isMeant(by: term, of: carrier) {
                add(term.weight, term, nodeLabels)
            }
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
}
