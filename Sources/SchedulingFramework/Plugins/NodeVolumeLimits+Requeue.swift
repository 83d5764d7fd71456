import KubernetesAPI

extension NodeVolumeLimits: RequeueHinting {
    package static let wakeEvents: [EventInterest] = [
        EventInterest(.csiNode, [.add, .update]), EventInterest(.assignedPod, .delete),
        EventInterest(.unscheduledPod, .delete), EventInterest(.persistentVolumeClaim, .add),
    ]

    package func hint(_ pod: PodInfo, after change: ClusterChange) -> QueueingHint {
        if let claim = change.newClaim { return pod.uses(claim, withEphemeral: true) ? .queue : .skip }
        if let node = change.newCSINode {
            guard let old = change.oldCSINode else { return .queue }
            return Self.hasMoreRoom(node, than: old) ? .queue : .skip
        }
        guard let deleted = change.oldPod, change.new == nil else { return .queue }
        if deleted.nodeName == nil && deleted.status.nominatedNodeName == nil { return .skip }
        let freed = VolumeNeeds(deleted.spec)
        return freed.claims.isEmpty && !freed.hasMigratedDisks ? .skip : .queue
    }

    /// Returns whether some driver can attach more volumes than before; no limit counts as 0.
    private static func hasMoreRoom(_ node: CSINode, than old: CSINode) -> Bool {
        node.drivers.contains { driver in
            let before = old.drivers.last { $0.name == driver.name }?.allocatableCount ?? 0
            return driver.allocatableCount ?? 0 > before
        }
    }
}
