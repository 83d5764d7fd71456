import KubernetesAPI

// Kubernetes counterpart: EventsToRegister, isSchedulableAfterPodChange, isSchedulableAfterNodeChange (v1.36).

extension PodTopologySpread: RequeueHinting {
    package static let wakeEvents: [EventInterest] = [
        EventInterest(.assignedPod, [.add, .delete, .podLabel, .podToleration]),
        EventInterest(.unscheduledPod, [.add, .delete, .podLabel, .podToleration]),
        EventInterest(.node, [.add, .delete, .nodeLabel, .nodeTaint]),
    ]

    package func hint(_ pod: PodInfo, after change: ClusterChange) -> QueueingHint {
        switch change.resource {
        case .assignedPod, .unscheduledPod: return mayHelp(pod, podBefore: change.oldPod, after: change.newPod)
        case .node: return mayHelp(pod, nodeBefore: change.oldNode, after: change.newNode)
        case .persistentVolume, .persistentVolumeClaim, .storageClass, .csiNode, .namespace, .service: return .skip
        }
    }

    // MARK: - Pods

    private func mayHelp(_ pod: PodInfo, podBefore old: Pod?, after new: Pod?) -> QueueingHint {
        if let new, !Self.concerns(new, pod) { return .skip }
        if let old, !Self.concerns(old, pod) { return .skip }
        let constraints = hardConstraints(of: pod)
        guard let old, let new else {
            guard let labels = (new ?? old)?.metadata.labels else { return .skip }
            return constraints.contains { selects($0, labels, pod) } ? .queue : .skip
        }
        if new.metadata.uid == pod.uid, new.spec.tolerations != old.spec.tolerations,
            constraints.contains(where: \.honorsTaints)
        {
            return .queue
        }
        let before = old.metadata.labels
        let after = new.metadata.labels
        if before == after { return .skip }
        // Owners may select or drop the pod by any label.
        if !pod.shape.hasSpreadConstraints { return constraints.isEmpty ? .skip : .queue }
        return constraints.contains { $0.selects(before) != $0.selects(after) } ? .queue : .skip
    }

    /// Whether a pod has a say in where `pod` may go: it is the same, or has a place in the same namespace.
    private static func concerns(_ other: Pod, _ pod: PodInfo) -> Bool {
        if other.metadata.uid == pod.uid { return true }
        if other.nodeName == nil && (other.status.nominatedNodeName ?? "").isEmpty { return false }
        return other.metadata.namespace == pod.pod.metadata.namespace
    }

    /// Whether a constraint selects pods with `labels`, or may: the selectors of default ones are not known here.
    private func selects(_ constraint: Constraint, _ labels: StringMap, _ pod: PodInfo) -> Bool {
        !pod.shape.hasSpreadConstraints || constraint.selects(labels)
    }

    /// The pod's hard constraints; default ones without their selectors.
    private func hardConstraints(of pod: PodInfo) -> [Constraint] {
        pod.shape.hasSpreadConstraints ? Constraint.resolved(pod.shape.hardSpread, for: pod) : hardDefaults
    }

    // MARK: - Nodes

    private func mayHelp(_ pod: PodInfo, nodeBefore old: Node?, after new: Node?) -> QueueingHint {
        let constraints = hardConstraints(of: pod)
        let matchedBefore = old.map { constraints.haveKeys(in: $0.metadata.labels) } ?? false
        let matchesNow = new.map { constraints.haveKeys(in: $0.metadata.labels) } ?? false
        guard let old, let new else { return matchedBefore || matchesNow ? .queue : .skip }
        if matchedBefore != matchesNow { return .queue }
        if !matchesNow { return .skip }
        if old.spec.taints != new.spec.taints { return .queue }
        let hasMoved = constraints.contains {
            old.metadata.labels[$0.topologyKey] != new.metadata.labels[$0.topologyKey]
        }
        return hasMoved ? .queue : .skip
    }
}
