import Chronology
import ClusterStore
import ControlPlane
import Controllers
import KubernetesAPI
import VirtualTime

/// The volume drivers beside the control plane: what they have in hand.
struct VolumeDesk {
    /// What ends after a while.
    enum Work {
        /// A volume for a claim.
        case provision(claim: ObjectKey, uid: UID)
        /// The end of a volume that nobody needs.
        case discard(volume: String, uid: UID)
        /// A larger volume for a claim that grew.
        case expand(claim: ObjectKey, uid: UID, size: Quantity)
        /// The last of a pod's volumes arrives on its node.
        case attach(pod: UID)
        /// A disk for which pods of another node wait may go there.
        case release(volume: String)
    }

    var tasks = Slab<Work>()
    // Claims and volumes that are being worked on, and pods that wait; never iterated.
    var busy: Set<UID> = []
    // How often each volume was attached, so that every time has a draw of its own.
    var attachments: [String: UInt64] = [:]
    var disks = DiskAttachments()
}

// MARK: - Provisioning

extension World {
    /// Gives a claim to the provisioner of its class, when it is for it and runs.
    mutating func claimChanged(_ claim: PersistentVolumeClaim) {
        if !claim.spec.volumeName.isEmpty { return resize(claim) }
        guard let driver = claim.metadata.annotations[VolumeAnnotation.provisioner],
            setup.provisioners?.contains(driver) ?? true, VolumeProvisioner.wants(claim, storageClass(of: claim)),
            volumes.busy.insert(claim.metadata.uid).inserted
        else { return }
        record(
            EventRecord(
                claim.key, reason: "Provisioning",
                message:
                    "External provisioner is provisioning volume for claim \"\(claim.key.namespace)/\(claim.key.name)\""
            ),
            source: driver)
        begin(
            .provision(claim: claim.key, uid: claim.metadata.uid), setup.parameters.volumesProvision,
            stream: "volumes.provision", of: "\(claim.key.namespace)/\(claim.key.name)")
    }

    /// Gives a volume that lost its claim to its provisioner, when it is to be taken away.
    mutating func volumeChanged(_ volume: PersistentVolume) {
        guard VolumeProvisioner.discards(volume), volumes.busy.insert(volume.metadata.uid).inserted else { return }
        begin(
            .discard(volume: volume.metadata.name, uid: volume.metadata.uid), setup.parameters.volumesDelete,
            stream: "volumes.delete", of: volume.metadata.name)
    }

    private mutating func begin(
        _ task: VolumeDesk.Work, _ length: Distribution, stream: String, of subject: String, count: UInt64 = 0
    ) {
        var draws = streams.stream(stream, purpose: subject, index: count)
        enqueue(.volume, b: Int64(volumes.tasks.insert(task)), at: now + length.sample(&draws))
    }

    /// A driver is done.
    mutating func volumeIsDone(_ slot: Int32) {
        switch volumes.tasks.remove(slot) {
        case .provision(let key, let uid):
            volumes.busy.remove(uid)
            provision(key, uid)
        case .discard(let name, let uid):
            volumes.busy.remove(uid)
            apply(
                .delete(
                    ObjectKey(.persistentVolume, name: name), uid: uid, gracePeriodSeconds: nil,
                    propagation: .background))
        case .expand(let key, let uid, let size):
            volumes.busy.remove(uid)
            expand(key, uid, to: size)
        case .attach(let uid):
            guard volumes.busy.remove(uid) != nil, case .pod(let pod)? = api.object(uid: uid) else { return }
            kubeletSees(pod, isAttached: true)
            carryOutEffects()
        case .release(let volume): diskMayGo(volume)
        }
    }

    private mutating func provision(_ key: ObjectKey, _ uid: UID) {
        guard case .persistentVolumeClaim(var claim)? = api.object(key), claim.metadata.uid == uid,
            let storageClass = storageClass(of: claim), VolumeProvisioner.wants(claim, storageClass)
        else { return }
        let driver = claim.metadata.annotations[VolumeAnnotation.provisioner] ?? ""
        var node: Node?
        if let selected = claim.selectedNode {
            node = api.node(selected)
            if node == nil {
                // The scheduler is to choose anew.
                claim.metadata.annotations[VolumeAnnotation.selectedNode] = nil
                apply(.update(.persistentVolumeClaim(claim)))
                return
            }
        }
        let zones = node == nil ? Set(nodes.lazy.filter(\.isRegistered).map(\.zone)).subtracting([""]).sorted() : []
        let volume = VolumeProvisioner.volume(for: claim, storageClass, node: node, zones: zones)
        apply(.create(.persistentVolume(volume)))
        record(
            EventRecord(
                key, reason: "ProvisioningSucceeded", message: "Successfully provisioned volume \(volume.metadata.name)"
            ),
            source: driver)
    }

    private func storageClass(of claim: PersistentVolumeClaim) -> StorageClass? {
        guard case .storageClass(let found)? = api.object(ObjectKey(.storageClass, name: claim.className)) else {
            return nil
        }
        return found
    }
}

// MARK: - Growing

extension World {
    /// Gives a claim that asks for more than its volume has to the resizer beside its driver.
    private mutating func resize(_ claim: PersistentVolumeClaim) {
        guard claim.phase == "Bound", let (volume, driver) = smallerVolume(of: claim),
            setup.provisioners?.contains(driver) ?? true, volumes.busy.insert(claim.metadata.uid).inserted
        else { return }
        record(
            EventRecord(
                claim.key, reason: "Resizing", message: "External resizer is resizing volume \(volume.metadata.name)"),
            source: "external-resizer \(driver)")
        begin(
            .expand(claim: claim.key, uid: claim.metadata.uid, size: claim.spec.request),
            setup.parameters.volumesProvision, stream: "volumes.expand", of: volume.metadata.name,
            count: UInt64(bitPattern: claim.spec.request.value))
    }

    private mutating func expand(_ key: ObjectKey, _ uid: UID, to size: Quantity) {
        guard case .persistentVolumeClaim(let claim)? = api.object(key), claim.metadata.uid == uid,
            var (volume, driver) = smallerVolume(of: claim)
        else { return }
        if volume.spec.capacity < size {
            volume.spec.capacity = size
            volume.metadata.resourceVersion = 0
            apply(.update(.persistentVolume(volume)))
            record(
                EventRecord(key, reason: "VolumeResizeSuccessful", message: "Resize volume succeeded"),
                source: "external-resizer \(driver)")
        }
        // It may have grown again meanwhile.
        resize(claim)
    }

    /// The volume of a claim with its driver, when it is smaller than the claim asks for.
    private func smallerVolume(of claim: PersistentVolumeClaim) -> (PersistentVolume, String)? {
        guard
            case .persistentVolume(let volume)? = api.object(ObjectKey(.persistentVolume, name: claim.spec.volumeName)),
            volume.isReserved(for: claim), volume.spec.capacity < claim.spec.request,
            case .csi(let driver, _) = volume.spec.source
        else { return nil }
        return (volume, driver)
    }
}
