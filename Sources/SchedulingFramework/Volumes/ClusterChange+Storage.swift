import KubernetesAPI

extension ClusterChange {
    /// The claim after the change, when the change is about a claim.
    var newClaim: PersistentVolumeClaim? { if case .persistentVolumeClaim(let claim)? = new { claim } else { nil } }
    /// The volume before the change, when the change is about a volume.
    var oldVolume: PersistentVolume? { if case .persistentVolume(let volume)? = old { volume } else { nil } }
    /// The volume after the change, when the change is about a volume.
    var newVolume: PersistentVolume? { if case .persistentVolume(let volume)? = new { volume } else { nil } }
    /// The class before the change, when the change is about a storage class.
    var oldStorageClass: StorageClass? { if case .storageClass(let object)? = old { object } else { nil } }
    /// The class after the change, when the change is about a storage class.
    var newStorageClass: StorageClass? { if case .storageClass(let object)? = new { object } else { nil } }
    /// The drivers of the node before the change, when the change is about a CSINode.
    var oldCSINode: CSINode? { if case .csiNode(let node)? = old { node } else { nil } }
    /// The drivers of the node after the change, when the change is about a CSINode.
    var newCSINode: CSINode? { if case .csiNode(let node)? = new { node } else { nil } }
}

extension PodInfo {
    /// Returns whether the pod uses `claim`; claims made for the pod alone count when `withEphemeral`.
    func uses(_ claim: PersistentVolumeClaim, withEphemeral: Bool) -> Bool {
        guard pod.metadata.namespace == claim.metadata.namespace else { return false }
        for use in shape.volumes.claims where withEphemeral || !use.isEphemeral {
            if use.name(for: pod) == claim.metadata.name { return true }
        }
        return false
    }

    /// Returns the address of the claim of one of the pod's volumes.
    func key(of claim: VolumeNeeds.Claim) -> ObjectKey {
        ObjectKey(.persistentVolumeClaim, namespace: pod.metadata.namespace, name: claim.name(for: pod))
    }

    /// Returns what is wrong with a claim that should have been made for the pod alone, or nil (`VolumeIsForPod`).
    func objection(to claim: PersistentVolumeClaim) -> String? {
        if claim.metadata.controllerUID == uid { return nil }
        let owner = "pod \(pod.metadata.namespace)/\(pod.metadata.name)"
        let name = "\(claim.metadata.namespace)/\(claim.metadata.name)"
        return "PVC \(name) was not created for \(owner) (pod is not owner)"
    }
}
