import Chronology
import KubernetesAPI

// Kubernetes counterpart: AssumePodVolumes, BindPodVolumes, checkBindings in plugins/volumebinding/binder.go (v1.36).

extension VolumeBinding: ReservePlugin {
    /// Promises the volumes of the plan to their claims; later pods see it. Does nothing when all claims are bound.
    package func reserve(_ pod: PodInfo, on node: String, in snapshot: Snapshot, state: CycleState) -> Verdict {
        guard let choice = state[Self.name] as? VolumeChoice, let plan = choice.plans[node] else { return .success }
        var promised = VolumePlan()
        for match in plan.volumes {
            let volume = match.volume.reserved(for: match.claim)
            let isNews = volume != snapshot.storage.volumes[volume.metadata.name]
            if isNews { snapshot.storage.promise(volume) }
            promised.volumes.append(VolumePlan.Match(volume: volume, claim: match.claim, isNews: isNews))
        }
        // Where nobody makes volumes, nothing would ever come of the node that a claim names.
        let claims = snapshot.storage.countsClaimsAsBound ? [] : plan.claims
        for claim in claims {
            let selecting = claim.selecting(node)
            snapshot.storage.promise(selecting)
            promised.claims.append(selecting)
        }
        choice.promised = promised
        choice.isAwaited = !snapshot.storage.countsClaimsAsBound
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
    /// How often upstream looks whether the claims are bound.
    private static let pace = Duration.seconds(1)

    /// Skips when all claims are bound, or count as bound.
    package func preBindPreFlight(_ pod: PodInfo, to node: String, state: CycleState) -> Verdict {
        let choice = state[Self.name] as? VolumeChoice
        return choice?.promised != nil && choice?.isAwaited == true ? .success : .skip
    }

    /// Writes the volumes with their claims, and the claims with the selected node; then looks once a second, the first
    /// time a second after the answer, until every claim is bound in full, and refuses when somebody undid a binding.
    package func preBind(
        _ pod: PodInfo, to node: String, in snapshot: Snapshot, state: CycleState
    ) -> PreBindOutcome {
        guard let choice = state[Self.name] as? VolumeChoice, let promised = choice.promised else { return .success }
        if !choice.isWritten {
            choice.isWritten = true
            return wait(
                writing: promised.volumes.map { .persistentVolume($0.volume) }
                    + promised.claims.map { .persistentVolumeClaim($0) })
        }
        if !choice.isAnswered {
            choice.isAnswered = true
            return wait(writing: [])
        }
        guard let found = snapshot.nodes.first(where: { $0.name == node }) else {
            return PreBindOutcome(Self.failure("failed to get node \"\(node)\": node \"\(node)\" not found"))
        }
        let storage = snapshot.storage
        for match in promised.volumes {
            let verdict = Self.progress(of: match, on: found, storage)
            if !verdict.isSuccess { return outcome(verdict) }
        }
        for claim in promised.claims {
            let verdict = Self.progress(of: claim, on: found, storage)
            if !verdict.isSuccess { return outcome(verdict) }
        }
        return .success
    }

    private func outcome(_ verdict: Verdict) -> PreBindOutcome {
        verdict.code == .wait ? wait(writing: []) : PreBindOutcome(verdict)
    }

    private func wait(writing objects: [KubernetesObject]) -> PreBindOutcome {
        PreBindOutcome(
            Verdict(.wait), writes: objects, timeout: bindTimeout, pace: Self.pace,
            lateText: "binding volumes: context deadline exceeded")
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
        if match.isNews, volume.metadata.resourceVersion <= match.volume.metadata.resourceVersion {
            return Verdict(.wait)
        }
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
