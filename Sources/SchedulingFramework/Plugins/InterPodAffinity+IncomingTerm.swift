import KubernetesAPI

extension InterPodAffinity {
    /// A term of the pod that is being scheduled; remembers which namespaces it covers.
    struct IncomingTerm {
        let term: AffinityTerm
        private let carrier: String
        private let snapshot: Snapshot
        private var known: [String: Bool] = [:]

        init(_ term: AffinityTerm, of pod: PodInfo, in snapshot: Snapshot) {
            self.term = term
            self.snapshot = snapshot
            carrier = pod.key.namespace
        }

        /// Returns whether `pod` is meant.
        mutating func matches(_ pod: PodInfo) -> Bool {
            term.selects(pod.pod.metadata.labels) && covers(pod.pod.metadata.namespace)
        }

        private mutating func covers(_ namespace: String) -> Bool {
            if term.namespaceSelector == nil || term.choosesUnlabelled {
                return term.coversIncoming(namespace, labels: nil, carrier: carrier)
            }
            if let answer = known[namespace] { return answer }
            let labels = snapshot.namespaceLabels(namespace)
            let answer = term.coversIncoming(namespace, labels: labels, carrier: carrier)
            known[namespace] = answer
            return answer
        }
    }
}
