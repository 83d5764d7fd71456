import KubernetesAPI

extension InterPodAffinity {
    /// How many pods speak for or against the pod that is being scheduled, by topology domain (`preFilterState`).
    struct Counts {
        private let labels: StringMap
        private let namespace: String
        /// Of the pod's namespace; empty when it is not known.
        private let namespaceLabels: StringMap
        private var affinityTerms: [IncomingTerm]
        private var antiAffinityTerms: [IncomingTerm]
        private let matchesItself: Bool
        /// Pods with a required anti-affinity against the pod.
        private(set) var existing = DomainCounts()
        /// Pods that match all of the pod's required affinity terms.
        private var affinity = DomainCounts()
        /// Pods that match a required anti-affinity term of the pod.
        private var antiAffinity = DomainCounts()

        init(_ pod: PodInfo, in snapshot: Snapshot) {
            labels = pod.pod.metadata.labels
            namespace = pod.pod.metadata.namespace
            namespaceLabels = snapshot.namespaceLabels(namespace) ?? StringMap()
            let terms = pod.shape.podAffinity
            affinityTerms = terms.requiredAffinity.map { IncomingTerm($0, of: pod, in: snapshot) }
            antiAffinityTerms = terms.requiredAntiAffinity.map { IncomingTerm($0, of: pod, in: snapshot) }
            matchesItself = Self.matchesAll(&affinityTerms, pod)
            for node in snapshot.nodes {
                let others = terms.hasRequired ? node.pods : node.podsWithRequiredAntiAffinity
                for other in others { count(other, on: node.labels, sign: 1) }
            }
        }

        /// Counts `other`, on a node with `nodeLabels`, `sign` times.
        mutating func count(_ other: PodInfo, on nodeLabels: StringMap, sign: Int64) {
            if !other.shape.podAffinity.requiredAntiAffinity.isEmpty {
                let carrier = other.pod.metadata.namespace
                for term in other.shape.podAffinity.requiredAntiAffinity
                where term.selects(labels) && term.covers(namespace, labels: namespaceLabels, carrier: carrier) {
                    existing.add(sign, key: term.topologyKey, of: nodeLabels)
                }
            }
            if Self.matchesAll(&affinityTerms, other) {
                for term in affinityTerms { affinity.add(sign, key: term.term.topologyKey, of: nodeLabels) }
            }
            for index in antiAffinityTerms.indices where antiAffinityTerms[index].matches(other) {
                antiAffinity.add(sign, key: antiAffinityTerms[index].term.topologyKey, of: nodeLabels)
            }
        }

        /// Returns what is said of a node with `nodeLabels`.
        func verdict(on nodeLabels: StringMap) -> Verdict {
            var check = AffinityCheck()
            for term in affinityTerms { check.see(affinity.count(key: term.term.topologyKey, of: nodeLabels)) }
            return InterPodAffinity.verdict(
                meetsAffinity: check.passes(isFirst: matchesItself && affinity.isEmpty),
                meetsAntiAffinity: !antiAffinity.isPositive(on: nodeLabels),
                meetsExistingAntiAffinity: !existing.isPositive(on: nodeLabels))
        }

        /// Returns whether all of `terms` mean `pod`; false when there are none.
        private static func matchesAll(_ terms: inout [IncomingTerm], _ pod: PodInfo) -> Bool {
            if terms.isEmpty { return false }
            for index in terms.indices where !terms[index].matches(pod) { return false }
            return true
        }
    }
}
