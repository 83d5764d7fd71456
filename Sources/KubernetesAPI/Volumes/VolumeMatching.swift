// Kubernetes counterpart: component-helpers/storage/volume (v1.36).
// Deliberate difference: of volumes of the same size the first by name is taken, where upstream takes any.

/// The annotations by which the scheduler, the volume controller and provisioners understand each other.
package enum VolumeAnnotation {
    /// On a claim: its binding is complete.
    package static let bindCompleted = "pv.kubernetes.io/bind-completed"
    /// On a volume or claim: nobody chose the other by hand.
    package static let boundByController = "pv.kubernetes.io/bound-by-controller"
    /// On a claim: the node for which a volume is to be made.
    package static let selectedNode = "volume.kubernetes.io/selected-node"
    /// On a CSINode: the plugins whose disks its drivers have taken over, with commas between.
    package static let migratedPlugins = "storage.alpha.kubernetes.io/migrated-plugins"
    /// On a volume or claim: goes before the field.
    package static let betaClass = "volume.beta.kubernetes.io/storage-class"
    /// On a claim: the provisioner that is to make a volume for it.
    package static let provisioner = "volume.kubernetes.io/storage-provisioner"
    /// On a claim: the same, under its older name, which upstream sets as well.
    package static let betaProvisioner = "volume.beta.kubernetes.io/storage-provisioner"
    /// On a volume: the provisioner that made it, and that takes it away again.
    package static let provisionedBy = "pv.kubernetes.io/provisioned-by"
}

extension PersistentVolumeClaim {
    package var key: ObjectKey {
        ObjectKey(.persistentVolumeClaim, namespace: metadata.namespace, name: metadata.name)
    }

    /// The name of the storage class; empty when there is none.
    package var className: String { metadata.annotations[VolumeAnnotation.betaClass] ?? spec.storageClassName ?? "" }

    /// The node for which a volume is to be made, when one was selected.
    package var selectedNode: String? { metadata.annotations[VolumeAnnotation.selectedNode] }

    /// Returns the claim with the node for which its volume is to be made.
    package func selecting(_ node: String) -> PersistentVolumeClaim {
        var claim = self
        claim.metadata.annotations[VolumeAnnotation.selectedNode] = node
        return claim
    }
}

extension PersistentVolume {
    /// The storage class, from the old annotation if that is set; empty for none.
    package var className: String { metadata.annotations[VolumeAnnotation.betaClass] ?? spec.storageClassName }

    /// Whether somebody set the volume aside for `claim` (`IsVolumeBoundToClaim`).
    package func isReserved(for claim: PersistentVolumeClaim) -> Bool {
        guard let name = spec.claimName, name == claim.metadata.name,
            spec.claimNamespace ?? "" == claim.metadata.namespace
        else { return false }
        return spec.claimUID == nil || spec.claimUID == claim.metadata.uid
    }

    /// Returns the volume set aside for `claim`; the same when it is already (`GetBindVolumeToClaim`).
    package func reserved(for claim: PersistentVolumeClaim) -> PersistentVolume {
        var volume = self
        if !isReserved(for: claim) { volume.metadata.annotations[VolumeAnnotation.boundByController] = "yes" }
        volume.spec.claimNamespace = claim.metadata.namespace
        volume.spec.claimName = claim.metadata.name
        volume.spec.claimUID = claim.metadata.uid
        return volume
    }

    /// Returns whether pods on a node with these labels can use the volume (`CheckNodeAffinity`).
    package func isReachable(from labels: StringMap) -> Bool { spec.nodeAffinity?.isMetAnonymously(by: labels) ?? true }
}

extension NodeSelector {
    /// Returns whether labels alone meet the selector: the names of nodes play no part for volumes.
    package func isMetAnonymously(by labels: StringMap) -> Bool { matches(name: "", labels: labels) }
}

/// The volumes that may serve a claim, wherever the pod goes.
package struct VolumeCandidates: Sendable {
    package let claim: PersistentVolumeClaim
    /// Set aside for the claim; the first one is the only choice.
    package let reserved: [PersistentVolume]
    /// Free; smallest first.
    package let free: [PersistentVolume]

    /// Sorts out the volumes of the claim's class that no node could make fit.
    package init(_ claim: PersistentVolumeClaim, among volumes: [PersistentVolume], countsUnphasedAsFree: Bool = false)
    {
        self.claim = claim
        var reserved: [PersistentVolume] = []
        var free: [PersistentVolume] = []
        for volume in volumes where Self.suits(volume, claim) {
            if volume.isReserved(for: claim) {
                reserved.append(volume)
            } else if volume.phase == "Available" || countsUnphasedAsFree && volume.phase.isEmpty {
                let spec = claim.spec
                if let selector = spec.selector, !selector.matches(volume.metadata.labels) { continue }
                if volume.className != claim.className { continue }
                if !spec.accessModes.allSatisfy(volume.spec.accessModes.contains) { continue }
                free.append(volume)
            }
        }
        self.reserved = reserved
        self.free = free.enumerated().sorted {
            let (left, right) = ($0.element.spec.capacity, $1.element.spec.capacity)
            return left == right ? $0.offset < $1.offset : left < right
        }.map(\.element)
    }

    /// Returns the volume for a pod on a node with these labels (`FindMatchingVolume`); `taken` serve other claims.
    package func best(forNode labels: StringMap, without taken: [String]) -> PersistentVolume? {
        for volume in reserved where !taken.contains(volume.metadata.name) {
            return volume.isReachable(from: labels) ? volume : nil
        }
        for volume in free where !taken.contains(volume.metadata.name) && volume.isReachable(from: labels) {
            return volume
        }
        return nil
    }

    /// Returns the volume that the volume controller binds to `claim`, one set aside for it or the smallest that is free;
    /// nil when none of `volumes` will do (`findByClaim`).
    ///
    /// It looks at the volumes with the fewest access modes first, and at others only when none of those will do.
    /// A claim that `waits` for a pod gets none that is free.
    package static func choice(
        for claim: PersistentVolumeClaim, among volumes: [PersistentVolume], waits: Bool
    ) -> PersistentVolume? {
        var byModes: [[PersistentVolume]] = []
        for volume in volumes where claim.spec.accessModes.allSatisfy(volume.spec.accessModes.contains) {
            let count = Set(volume.spec.accessModes).count
            while byModes.count <= count { byModes.append([]) }
            byModes[count].append(volume)
        }
        for volumes in byModes where !volumes.isEmpty {
            let candidates = VolumeCandidates(claim, among: volumes)
            if let volume = candidates.reserved.first ?? (waits ? nil : candidates.free.first) { return volume }
        }
        return nil
    }

    private static func suits(_ volume: PersistentVolume, _ claim: PersistentVolumeClaim) -> Bool {
        if volume.spec.claimName != nil && !volume.isReserved(for: claim) { return false }
        return volume.spec.capacity >= claim.spec.request && volume.spec.volumeMode == claim.spec.volumeMode
            && volume.spec.attributesClassName == claim.spec.attributesClassName
            && volume.metadata.deletionTimestamp == nil
    }
}
