package import KubernetesAPI

// Kubernetes counterpart: AssumePodVolumes, BindPodVolumes, checkBindings in plugins/volumebinding/binder.go (v1.36).

extension VolumeBinding: ReservePlugin {
    /// Promises the volumes of the plan to their claims; later pods see it. Skips when all claims are bound.
    package func reserve(_ pod: PodInfo, on node: String, in snapshot: Snapshot, state: CycleState) -> Verdict {
        guard let choice = state[Self.name] as? VolumeChoice, let plan = choice.plans[node] else { return .skip }
        var promised = VolumePlan()
        for match in plan.volumes {
            let volume = match.volume.reserved(for: match.claim)
            if volume != match.volume { snapshot.storage.promise(volume) }
            promised.volumes.append(VolumePlan.Match(volume: volume, claim: match.claim))
        }
        // Where nobody makes volumes, nothing would ever come of the node that a claim names.
        let claims = snapshot.storage.countsClaimsAsBound ? [] : plan.claims
        for claim in claims {
            let selecting = claim.selecting(node)
            snapshot.storage.promise(selecting)
            promised.claims.append(selecting)
        }
        choice.promised = promised
        choice.search = nil
        choice.plans = [:]
        return .success
    }

    package func unreserve(_ pod: PodInfo, on node: String, in snapshot: Snapshot, state: CycleState) {
        guard let promised = (state[Self.name] as? VolumeChoice)?.promised else { return }
        for match in promised.volumes { snapshot.storage.takeBack(match.volume) }
        for claim in promised.claims { snapshot.storage.takeBack(claim) }
    }
}

extension VolumeBinding: PreBindPlugin {
    /// Returns the volumes with their claims, and the claims with the selected node.
    package func updates(for pod: PodInfo, to node: String, state: CycleState) -> [KubernetesObject] {
        guard let promised = (state[Self.name] as? VolumeChoice)?.promised else { return [] }
        return promised.volumes.map { .persistentVolume($0.volume) }
            + promised.claims.map { .persistentVolumeClaim($0) }
    }

    /// Waits until every claim is bound in full; refuses when somebody undid a binding.
    package func preBind(_ pod: PodInfo, to node: NodeInfo, in snapshot: Snapshot, state: CycleState) -> Verdict {
        guard let promised = (state[Self.name] as? VolumeChoice)?.promised else { return .success }
        let storage = snapshot.storage
        for match in promised.volumes {
            let verdict = Self.progress(of: match, on: node, storage)
            if !verdict.isSuccess { return verdict }
        }
        for claim in promised.claims {
            let verdict = Self.progress(of: claim, on: node, storage)
            if !verdict.isSuccess { return verdict }
        }
        return .success
    }

    private static func progress(
        of match: VolumePlan.Match, on node: NodeInfo, _ storage: StorageCatalog
    ) -> Verdict {
        let name = match.volume.metadata.name
        guard let volume = storage.volumes[name] else {
            return failure("failed to check binding: " + StorageText.missing(volume: name))
        }
        guard let claim = storage.claims[match.claim.key] else {
            return failure("failed to check binding: " + StorageText.missing(claim: match.claim.metadata.name))
        }
        // The answer to the request has not been seen yet.
        if volume.metadata.resourceVersion <= match.volume.metadata.resourceVersion { return Verdict(.wait) }
        if let conflict = conflict(of: volume, with: node, storage) { return conflict }
        if volume.spec.claimUID == nil { return failure("ClaimRef got reset for pv \"\(name)\"") }
        return claim.isFullyBound ? .success : Verdict(.wait)
    }

    private static func progress(
        of promised: PersistentVolumeClaim, on node: NodeInfo, _ storage: StorageCatalog
    ) -> Verdict {
        let name = promised.metadata.name
        guard let claim = storage.claims[promised.key] else {
            return failure("failed to check provisioning pvc: " + StorageText.missing(claim: name))
        }
        if claim.metadata.resourceVersion <= promised.metadata.resourceVersion { return Verdict(.wait) }
        if claim.selectedNode != node.name { return failure("provisioning failed for PVC \"\(name)\"") }
        if !claim.spec.volumeName.isEmpty {
            guard let volume = storage.volumes[claim.spec.volumeName] else { return Verdict(.wait) }
            if let conflict = conflict(of: volume, with: node, storage) { return conflict }
        }
        return claim.isFullyBound ? .success : Verdict(.wait)
    }

    private static func conflict(
        of volume: PersistentVolume, with node: NodeInfo, _ storage: StorageCatalog
    ) -> Verdict? {
        let annotation = storage.csiNodes[node.name]?.metadata.annotations[VolumeAnnotation.migratedPlugins] ?? ""
        let migration = DiskMigration.of(volume.spec.source)
        let isMigrated = annotation.split(separator: ",").contains { $0 == migration?.plugin ?? "" }
        let place = isMigrated ? migration?.affinity(of: volume) : volume.spec.nodeAffinity
        guard let place, !place.isMetAnonymously(by: node.labels) else { return nil }
        let name = volume.metadata.name
        let mismatch = "pv \"\(name)\" node affinity doesn't match node \"\(node.name)\""
        return failure(mismatch + ": no matching NodeSelectorTerms")
    }

    private static func failure(_ text: String) -> Verdict { Verdict(.error, reasons: ["binding volumes: " + text]) }
}

extension PersistentVolumeClaim {
    /// Whether both the claim and the controller are done with binding.
    fileprivate var isFullyBound: Bool {
        !spec.volumeName.isEmpty && metadata.annotations[VolumeAnnotation.bindCompleted] != nil
    }
}
