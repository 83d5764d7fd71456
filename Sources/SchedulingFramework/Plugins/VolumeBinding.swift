// Kubernetes counterpart: plugins/volumebinding (v1.36).
// Deliberate differences: CSIDriver and CSIStorageCapacity objects play no part, so that there is always enough space;
// no score, as upstream without the gate StorageCapacityScoring, which is off; of volumes of one size the first by name.

import KubernetesAPI

/// Puts pods where their volumes can be reached, and chooses volumes for claims that wait for their first pod.
package struct VolumeBinding: SchedulerPlugin {
    package static let name: PluginName = "VolumeBinding"
    static let conflictReason = "node(s) didn't match PersistentVolume's node affinity"
    static let matchReason = "node(s) didn't find available persistent volumes to bind"
    static let absentReason = "node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)"
    static let immediateReason = "pod has unbound immediate PersistentVolumeClaims"

    package init() {}
}

// MARK: - PreFilter

extension VolumeBinding: PreFilterPlugin {
    package var preFilterScope: PluginScope { .cluster }

    package func preFilterScope(for shape: PodShape) -> PluginScope {
        shape.volumes.claims.isEmpty ? .nodeObject : .cluster
    }

    package func preFilter(_ pod: PodInfo, in snapshot: Snapshot, state: CycleState) -> PreFilterOutcome {
        if pod.shape.volumes.claims.isEmpty { return .skip }
        let storage = snapshot.storage
        if let objection = Self.objection(to: pod, storage) { return PreFilterOutcome(.unresolvable(objection)) }
        guard let search = VolumeSearch(pod, storage) else {
            return PreFilterOutcome(.unresolvable(Self.immediateReason))
        }
        state[Self.name] = VolumeChoice(search)
        return .success
    }

    /// Returns what makes one of the pod's claims unfit for use, or nil (`podHasPVCs`).
    private static func objection(to pod: PodInfo, _ storage: StorageCatalog) -> String? {
        for use in pod.shape.volumes.claims {
            let key = pod.key(of: use)
            guard let claim = storage.claims[key] else {
                if storage.countsClaimsAsBound { continue }
                return use.isEphemeral
                    ? "waiting for ephemeral volume controller to create the persistentvolumeclaim \"\(key.name)\""
                    : StorageText.missing(claim: key.name)
            }
            if claim.phase == "Lost" {
                let volume = claim.spec.volumeName
                return "persistentvolumeclaim \"\(key.name)\" bound to non-existent persistentvolume \"\(volume)\""
            }
            if claim.metadata.deletionTimestamp != nil {
                return "persistentvolumeclaim \"\(key.name)\" is being deleted"
            }
            if use.isEphemeral, let objection = pod.objection(to: claim) { return objection }
        }
        return nil
    }
}

// MARK: - Filter

extension VolumeBinding: FilterPlugin {
    package var filterScope: PluginScope { .cluster }

    package func filter(_ pod: PodInfo, on node: NodeInfo, state: CycleState) -> Verdict {
        guard let choice = state[Self.name] as? VolumeChoice, let search = choice.search else { return .success }
        var plan = VolumePlan()
        let reasons = search.find(node: node.name, labels: node.labels, plan: &plan)
        if !reasons.isEmpty { return Verdict(.unresolvable, reasons: reasons) }
        if search.hasUnbound { choice.plans[node.name] = plan }
        return .success
    }
}

// MARK: - Requeue

extension VolumeBinding: RequeueHinting {
    package static let wakeEvents: [EventInterest] = [
        EventInterest(.storageClass, [.add, .update]), EventInterest(.persistentVolumeClaim, [.add, .update]),
        EventInterest(.persistentVolume, [.add, .update]), EventInterest(.node, [.add, .nodeLabel]),
        EventInterest(.csiNode, [.add, .update]),
    ]

    package func hint(_ pod: PodInfo, after change: ClusterChange) -> QueueingHint {
        if let claim = change.newClaim { return pod.uses(claim, withEphemeral: true) ? .queue : .skip }
        if let object = change.newStorageClass {
            guard let old = change.oldStorageClass else { return .queue }
            return old.allowedTopologies == object.allowedTopologies ? .skip : .queue
        }
        if let node = change.newCSINode {
            guard let old = change.oldCSINode else { return .queue }
            return Self.migrations(old) == Self.migrations(node) ? .skip : .queue
        }
        return .queue
    }

    private static func migrations(_ node: CSINode) -> String? {
        node.metadata.annotations[VolumeAnnotation.migratedPlugins]
    }
}
