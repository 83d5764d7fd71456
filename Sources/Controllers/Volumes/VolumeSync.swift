// Kubernetes counterpart: syncVolume, unbindVolume and reclaimVolume in pkg/controller/volume/persistentvolume (v1.36).
// Deliberate differences: volumes are not recycled, which upstream does for host paths and NFS only.

package import ControlPlane
package import KubernetesAPI

/// One look at a volume: whether it is free, bound, or has lost its claim.
package struct VolumeSync {
    /// The requests that follow.
    package private(set) var actions: [Action] = []
    /// What is to be told of the volume.
    package private(set) var events: [EventRecord] = []

    private let volume: PersistentVolume

    /// Looks at `volume`; `claim` is what stands under the name of its claim.
    package init(_ volume: PersistentVolume, claim: PersistentVolumeClaim?) {
        self.volume = volume
        look(claim)
    }

    private mutating func look(_ claim: PersistentVolumeClaim?) {
        guard volume.spec.claimName != nil, let uid = volume.spec.claimUID else { return setPhase("Available") }
        // Another claim of the same name is not the volume's.
        guard let claim, claim.metadata.uid == uid else { return release() }
        // Who has no volume yet gets this one when the claim is looked at.
        if claim.spec.volumeName.isEmpty { return }
        if claim.spec.volumeName == volume.metadata.name { return setPhase("Bound") }
        if isProvisioned, volume.spec.reclaimPolicy == .delete { release() } else { unbind() }
    }

    private var isProvisioned: Bool { volume.metadata.annotations[VolumeAnnotation.provisionedBy] != nil }

    /// Leaves the volume to its reclaim policy: its claim is gone.
    private mutating func release() {
        if volume.phase == "Failed" { return }
        switch volume.spec.reclaimPolicy {
        case .retain, .recycle: setPhase("Released")
        // Who made it takes it away; what people made has nobody who could.
        case .delete where isProvisioned: setPhase("Released")
        case .delete:
            let name = volume.metadata.name
            events.append(
                EventRecord(
                    ObjectKey(.persistentVolume, name: name), .warning, reason: "VolumeFailedDelete",
                    message: "error getting deleter volume plugin for volume \"\(name)\": no volume plugin matched"))
            setPhase("Failed")
        }
    }

    /// Takes the claim's name off the volume: the claim has another.
    private mutating func unbind() {
        var free = volume
        if free.metadata.annotations[VolumeAnnotation.boundByController] != nil {
            free.spec.claimNamespace = nil
            free.spec.claimName = nil
            free.metadata.annotations[VolumeAnnotation.boundByController] = nil
        }
        free.spec.claimUID = nil
        actions.append(.update(.persistentVolume(free)))
        free.metadata.resourceVersion = 0
        if free.phase != "Available" {
            free.phase = "Available"
            actions.append(.updateStatus(.persistentVolume(free)))
        }
    }

    private mutating func setPhase(_ phase: String) {
        if volume.phase == phase { return }
        var next = volume
        next.phase = phase
        actions.append(.updateStatus(.persistentVolume(next)))
    }
}
