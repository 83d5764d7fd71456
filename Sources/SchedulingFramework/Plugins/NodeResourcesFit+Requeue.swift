import KubernetesAPI

// MARK: - Requeue

extension NodeResourcesFit: RequeueHinting {
    package static let wakeEvents: [EventInterest] = [
        EventInterest(.assignedPod, [.delete, .podScaleDown]),
        EventInterest(.unscheduledPod, [.delete, .podScaleDown]),
        EventInterest(.node, [.add, .nodeAllocatable]),
    ]

    package func hint(_ pod: PodInfo, after change: ClusterChange) -> QueueingHint {
        switch change.resource {
        case .node: return isWorthIt(pod, change) ? .queue : .skip
        case .assignedPod, .unscheduledPod: return hint(pod, afterPod: change)
        case .persistentVolume, .persistentVolumeClaim, .storageClass, .csiNode, .namespace, .service: return .skip
        }
    }

    private func hint(_ pod: PodInfo, afterPod change: ClusterChange) -> QueueingHint {
        guard let old = change.oldPod else { return .skip }
        guard let new = change.newPod else {
            return old.nodeName == nil && old.status.nominatedNodeName == nil ? .skip : .queue
        }
        if new.metadata.uid == pod.uid { return .queue }
        guard new.nodeName != nil else { return .skip }
        let before = ResourceAmounts(PodRequests.total(of: old.spec))
        let after = ResourceAmounts(PodRequests.total(of: new.spec))
        return Self.hasMore(of: pod.shape.requests, before, than: after) ? .queue : .skip
    }

    private func isWorthIt(_ pod: PodInfo, _ change: ClusterChange) -> Bool {
        // As upstream: what the arguments say of ignored resources plays no part here.
        guard let node = change.newNode,
            NodeResourcesFit().filter(pod, on: NodeInfo(node), state: CycleState()).isSuccess
        else { return false }
        guard let old = change.oldNode else { return true }
        let allowedBefore = old.status.allocatable[.pods]?.value ?? 0
        let allowedAfter = node.status.allocatable[.pods]?.value ?? 0
        return allowedAfter > allowedBefore
            || Self.hasMore(
                of: pod.shape.requests, ResourceAmounts(node.status.allocatable),
                than: ResourceAmounts(old.status.allocatable))
    }

    /// Returns whether `left` holds more than `right` of anything that is wanted.
    private static func hasMore(of wanted: ResourceAmounts, _ left: ResourceAmounts, than right: ResourceAmounts)
        -> Bool
    {
        if wanted.milliCPU > 0 && left.milliCPU > right.milliCPU { return true }
        if wanted.memory > 0 && left.memory > right.memory { return true }
        if wanted.ephemeralStorage > 0 && left.ephemeralStorage > right.ephemeralStorage { return true }
        for scalar in wanted.scalars where scalar.amount > 0 {
            if left.scalar(scalar.name) > right.scalar(scalar.name) { return true }
        }
        return false
    }
}
