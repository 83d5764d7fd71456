import KubernetesAPI

// MARK: - Requeue

extension InterPodAffinity: RequeueHinting {
    package static let wakeEvents: [EventInterest] = [
        EventInterest(.assignedPod, [.add, .podLabel, .delete]),
        EventInterest(.unscheduledPod, [.add, .podLabel, .delete]),
        EventInterest(.node, [.add, .nodeLabel]),
    ]

    package func hint(_ pod: PodInfo, after change: ClusterChange) -> QueueingHint {
        let isWorthIt: Bool
        switch change.resource {
        case .assignedPod, .unscheduledPod: isWorthIt = Self.mayFit(pod, afterPod: change)
        case .node: isWorthIt = Self.mayFit(pod, from: change.oldNode, to: change.newNode)
        case .persistentVolume, .persistentVolumeClaim, .storageClass, .csiNode, .namespace, .service:
            isWorthIt = false
        }
        return isWorthIt ? .queue : .skip
    }

    private static func mayFit(_ pod: PodInfo, afterPod change: ClusterChange) -> Bool {
        let (old, new) = (change.oldPod, change.newPod)
        // The pod's own labels are those that the anti-affinity of others speaks of.
        if old != nil, let new, new.metadata.uid == pod.uid { return true }
        for other in [old, new] {
            if let other, other.nodeName == nil, (other.status.nominatedNodeName ?? "").isEmpty { return false }
        }
        let terms = pod.shape.podAffinity
        let carrier = pod.pod.metadata.namespace
        func matches(_ terms: [AffinityTerm], _ other: Pod) -> Bool { areMet(terms, of: carrier, by: other) }
        switch (old, new) {
        case (let old?, let new?):
            return !matches(terms.requiredAffinity, old) && matches(terms.requiredAffinity, new)
                || matches(terms.requiredAntiAffinity, old) && !matches(terms.requiredAntiAffinity, new)
        case (nil, let new?):
            return matches(terms.requiredAffinity, new)
        case (let old?, nil):
            if matches(terms.requiredAntiAffinity, old) { return true }
            let theirs = (old.spec.affinity?.podAntiAffinity?.required ?? []).map { AffinityTerm($0) }
            return areMet(theirs, of: old.metadata.namespace, by: pod.pod)
        case (nil, nil):
            return false
        }
    }

    /// Returns whether all of `terms`, of a pod in the namespace `carrier`, mean `pod`; false when there are none.
    ///
    /// As upstream, this looks at no namespace's labels: pods in namespaces chosen by label are missed, unless the
    /// selector chooses what has no labels.
    private static func areMet(_ terms: [AffinityTerm], of carrier: String, by pod: Pod) -> Bool {
        if terms.isEmpty { return false }
        for term in terms {
            guard term.selects(pod.metadata.labels),
                term.covers(pod.metadata.namespace, labels: StringMap(), carrier: carrier)
            else { return false }
        }
        return true
    }

    private static func mayFit(_ pod: PodInfo, from old: Node?, to new: Node?) -> Bool {
        guard let new else { return false }
        let terms = pod.shape.podAffinity
        guard let old else {
            // A node outside of all domains suits any anti-affinity.
            return !terms.requiredAntiAffinity.isEmpty
                || terms.requiredAffinity.contains { new.metadata.labels[$0.topologyKey] != nil }
        }
        for term in terms.requiredAffinity {
            let value = new.metadata.labels[term.topologyKey]
            if value != nil && value != old.metadata.labels[term.topologyKey] { return true }
        }
        for term in terms.requiredAntiAffinity {
            let value = old.metadata.labels[term.topologyKey]
            if value != nil && value != new.metadata.labels[term.topologyKey] { return true }
        }
        return false
    }
}
