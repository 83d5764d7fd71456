package import KubernetesAPI

extension PodScheduler {
    /// Where a pod can be that has no node yet.
    package enum Whereabouts: Hashable, Sendable {
        case active, backoff, unschedulable, gated, inFlight
        /// It has a node, which is not seen bound yet.
        case binding
    }

    /// Returns where a pod is, which has to be one place for each pod that waits for this scheduler; for looking only.
    package func whereabouts(of uid: UID) -> [Whereabouts] {
        var found: [Whereabouts] = []
        if let pod = queue.pods[uid] {
            switch pod.place {
            case .active: found.append(.active)
            case .backoff: found.append(.backoff)
            case .unschedulable: found.append(pod.isGated ? .gated : .unschedulable)
            case .inFlight: found.append(.inFlight)
            }
        }
        if bindings[uid] != nil { found.append(.binding) }
        return found
    }

    /// Whether a profile answers to this scheduler name.
    package func isResponsible(for name: String) -> Bool { profile(named: name) != nil }
}
