import KubernetesAPI

// Kubernetes counterpart: GetPodVolumeClaims, FindPodVolumes in plugins/volumebinding/binder.go (v1.36).

/// What a pod's claims ask of a node, sorted out once per cycle.
struct VolumeSearch {
    /// Bound volumes whose place depends on the labels of the node alone.
    private var places: [NodeSelector] = []
    /// Bound volumes whose driver may see zones by labels of its own, depending on the node.
    private var migrated: [(volume: PersistentVolume, migration: DiskMigration)] = []
    private var lacksVolume = false
    /// Claims for which a node was selected before.
    private var selected: [PersistentVolumeClaim] = []
    /// The other claims without a volume; smallest first.
    private var open: [VolumeCandidates] = []
    private let classes: [String: StorageClass]
    private let csiNodes: [String: CSINode]

    /// Whether some claim has no volume yet.
    var hasUnbound: Bool { !selected.isEmpty || !open.isEmpty }

    /// Sorts out the claims of `pod`; nil when one is unbound that should be bound by now.
    init?(_ pod: PodInfo, _ storage: StorageCatalog) {
        classes = storage.classes
        csiNodes = storage.csiNodes
        var unbound: [PersistentVolumeClaim] = []
        for use in pod.shape.volumes.claims {
            // Nobody makes claims where they count as bound.
            guard let claim = storage.claim(pod.key(of: use)) else { continue }
            if let name = storage.boundVolumeName(of: claim) {
                take(storage.volume(name), isRequired: !storage.countsClaimsAsBound)
            } else if storage.waitsForConsumer(claim) && claim.spec.volumeName.isEmpty {
                unbound.append(claim)
            } else if !storage.countsClaimsAsBound {
                return nil
            }
        }
        selected = unbound.filter { $0.selectedNode != nil }
        let rest = unbound.filter { $0.selectedNode == nil }.enumerated().sorted {
            let (left, right) = ($0.element.spec.request, $1.element.spec.request)
            return left == right ? $0.offset < $1.offset : left < right
        }
        open = rest.map {
            VolumeCandidates(
                $0.element, among: storage.volumes(ofClass: $0.element.className),
                countsUnphasedAsFree: storage.countsClaimsAsBound)
        }
    }

    private mutating func take(_ volume: PersistentVolume?, isRequired: Bool) {
        // Upstream stops at the first volume that is not there.
        if lacksVolume { return }
        guard let volume else {
            lacksVolume = isRequired
            return
        }
        if let migration = DiskMigration.of(volume.spec.source) {
            migrated.append((volume, migration))
        } else if let place = volume.spec.nodeAffinity {
            places.append(place)
        }
    }
}

// MARK: - Search

extension VolumeSearch {
    /// Returns why the pod's volumes keep it off a node, or nothing; then `plan` says what is to be done about them.
    func find(node: String, labels: StringMap, plan: inout VolumePlan) -> [String] {
        var reasons: [String] = []
        let isReachable = isReachable(node: node, labels: labels)
        if !isReachable { reasons.append(VolumeBinding.conflictReason) }
        if !findUnbound(node: node, labels: labels, plan: &plan) { reasons.append(VolumeBinding.matchReason) }
        if isReachable && lacksVolume { reasons.append(VolumeBinding.absentReason) }
        return reasons
    }

    private func isReachable(node: String, labels: StringMap) -> Bool {
        for place in places where !place.isMetAnonymously(by: labels) { return false }
        if migrated.isEmpty { return true }
        let annotation = csiNodes[node]?.metadata.annotations[VolumeAnnotation.migratedPlugins] ?? ""
        let plugins = annotation.split(separator: ",")
        return migrated.allSatisfy { volume, migration in
            let isMigrated = plugins.contains { $0 == migration.plugin }
            let place = isMigrated ? migration.affinity(of: volume) : volume.spec.nodeAffinity
            return place?.isMetAnonymously(by: labels) ?? true
        }
    }

    private func findUnbound(node: String, labels: StringMap, plan: inout VolumePlan) -> Bool {
        for claim in selected where claim.selectedNode != node { return false }
        var missing = selected
        var taken: [String] = []
        for candidates in open {
            guard let volume = candidates.best(forNode: labels, without: taken) else {
                missing.append(candidates.claim)
                continue
            }
            taken.append(volume.metadata.name)
            plan.volumes.append(VolumePlan.Match(volume: volume, claim: candidates.claim))
        }
        for claim in missing {
            guard canProvision(claim, labels) else { return false }
            plan.claims.append(claim)
        }
        return true
    }

    /// Returns whether a volume for `claim` can be made where nodes have these labels (`checkVolumeProvisions`).
    private func canProvision(_ claim: PersistentVolumeClaim, _ labels: StringMap) -> Bool {
        guard let object = classes[claim.className] else { return false }
        if object.provisioner.isEmpty || object.provisioner == StorageClass.noProvisioner { return false }
        if object.allowedTopologies.isEmpty { return true }
        return object.allowedTopologies.contains { term in
            // An empty term selects nothing; no label without a value among those named will do.
            !term.matchExpressions.isEmpty
                && term.matchExpressions.allSatisfy { requirement in
                    labels[requirement.key].map(requirement.values.contains) ?? false
                }
        }
    }
}
