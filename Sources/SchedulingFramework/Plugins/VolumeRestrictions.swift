// Kubernetes counterpart: plugins/volumerestrictions (v1.36). Deliberate differences: none.

import KubernetesAPI

/// Keeps pods apart that cannot mount the same disk on one node, or use the same ReadWriteOncePod claim anywhere.
package struct VolumeRestrictions: SchedulerPlugin {
    package static let name: PluginName = "VolumeRestrictions"
    static let diskReason = "node(s) had no available disk"
    static let claimReason =
        "node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod"

    /// What the filter needs of the cluster.
    private final class Findings: CycleData {
        /// The pod's ReadWriteOncePod claims, each once.
        let claims: [String]
        /// How often pods on nodes use them.
        var users: Int

        init(claims: [String], users: Int) {
            self.claims = claims
            self.users = users
        }

        func copied() -> any CycleData { Findings(claims: claims, users: users) }

        func count(_ pod: PodInfo, _ change: Int) {
            // By name alone, as upstream: a claim of the same name in another namespace counts as well.
            for name in pod.shape.volumes.named where claims.contains(name) { users += change }
        }
    }

    package init() {}

    private static let diskRejection = Verdict.unschedulable(diskReason)
    private static let claimRejection = Verdict.unschedulable(claimReason)
}

// MARK: - PreFilter

extension VolumeRestrictions: PreFilterPlugin {
    package var preFilterScope: PluginScope { .cluster }

    package func preFilterScope(for shape: PodShape) -> PluginScope {
        shape.volumes.isEmpty ? .nodeObject : .cluster
    }

    package func preFilter(_ pod: PodInfo, in snapshot: Snapshot, state: CycleState) -> PreFilterOutcome {
        let needs = pod.shape.volumes
        if needs.isEmpty { return .skip }
        var claims: [String] = []
        var users = 0
        for use in needs.claims where !use.isEphemeral {
            let key = pod.key(of: use)
            guard let claim = snapshot.storage.claims[key] else {
                if snapshot.storage.countsClaimsAsBound { continue }
                return PreFilterOutcome(.unresolvable(StorageText.missing(claim: use.text)))
            }
            guard claim.spec.accessModes.contains(.readWriteOncePod), !claims.contains(use.text) else { continue }
            claims.append(use.text)
            if snapshot.storage.isUsed(key) { users += 1 }
        }
        if !needs.hasExclusiveDisks && users == 0 { return .skip }
        state[Self.name] = Findings(claims: claims, users: users)
        return .success
    }

    package func podAdded(_ other: PodInfo, to node: NodeInfo, whenFiltering pod: PodInfo, state: CycleState) {
        (state[Self.name] as? Findings)?.count(other, 1)
    }

    package func podRemoved(_ other: PodInfo, from node: NodeInfo, whenFiltering pod: PodInfo, state: CycleState) {
        (state[Self.name] as? Findings)?.count(other, -1)
    }
}

// MARK: - Filter

extension VolumeRestrictions: FilterPlugin {
    package var filterScope: PluginScope { .cluster }

    package func filter(_ pod: PodInfo, on node: NodeInfo, state: CycleState) -> Verdict {
        let needs = pod.shape.volumes
        if needs.hasExclusiveDisks {
            for other in node.pods where Self.conflict(needs.disks, other.shape.volumes.disks) {
                return Self.diskRejection
            }
        }
        guard let findings = state[Self.name] as? Findings else { return .success }
        return findings.users > 0 ? Self.claimRejection : .success
    }
}

// MARK: - Requeue

extension VolumeRestrictions: RequeueHinting {
    package static let wakeEvents: [EventInterest] = [
        EventInterest(.assignedPod, .delete), EventInterest(.unscheduledPod, .delete), EventInterest(.node, .add),
        EventInterest(.persistentVolumeClaim, .add),
    ]

    package func hint(_ pod: PodInfo, after change: ClusterChange) -> QueueingHint {
        if let claim = change.newClaim { return pod.uses(claim, withEphemeral: false) ? .queue : .skip }
        guard let deleted = change.oldPod, change.new == nil else { return .queue }
        guard deleted.metadata.namespace == pod.pod.metadata.namespace else { return .skip }
        let freed = VolumeNeeds(deleted.spec)
        let needs = pod.shape.volumes
        if Self.conflict(needs.disks, freed.disks) { return .queue }
        return freed.named.contains(where: needs.named.contains) ? .queue : .skip
    }
}

// MARK: - The rule

extension VolumeRestrictions {
    /// Returns whether a node that has mounted `mounted` cannot mount all of `wanted`.
    static func conflict(_ wanted: [Volume.Source], _ mounted: [Volume.Source]) -> Bool {
        for source in wanted {
            for other in mounted where conflict(source, other) { return true }
        }
        return false
    }

    private static func conflict(_ left: Volume.Source, _ right: Volume.Source) -> Bool {
        switch (left, right) {
        case (.gcePersistentDisk(let one, let oneReads), .gcePersistentDisk(let two, let twoReads)):
            one == two && !(oneReads && twoReads)
        case (.awsElasticBlockStore(let one, _), .awsElasticBlockStore(let two, _)):
            one == two
        case (.iscsi(let one, let oneReads), .iscsi(let two, let twoReads)):
            one == two && !(oneReads && twoReads)
        case (.rbd(let monitors, let pool, let image, let reads), .rbd(let others, let otherPool, let twin, let reader)):
            monitors.contains(where: others.contains) && pool == otherPool && image == twin && !(reads && reader)
        case (_, _): false
        }
    }
}
