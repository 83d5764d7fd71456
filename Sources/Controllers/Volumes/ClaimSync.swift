// Kubernetes counterpart: syncClaim, bind and provisionClaim in pkg/controller/volume/persistentvolume (v1.36).
// Deliberate differences: volumes in the code of Kubernetes itself are not provisioned; a claim that waits for its
// first pod is not told which pod.

package import ControlPlane
package import KubernetesAPI

/// One look at a claim: whether it has its volume, which one it gets, or who is to make it.
package struct ClaimSync {
    /// What there is besides the claim.
    package struct Surroundings {
        /// The volumes of a claim's storage class, and those set aside for it whatever their class.
        var volumes: (PersistentVolumeClaim) -> [PersistentVolume]
        var volume: (String) -> PersistentVolume?
        var storageClass: (String) -> StorageClass?
        var defaultClass: () -> StorageClass?
    }

    /// The requests that follow.
    package private(set) var actions: [Action] = []
    /// What is to be told of the claim.
    package private(set) var events: [EventRecord] = []
    /// Whether the claim gets something that may have been there for a while: a free volume, or the default class.
    package private(set) var isDiscovery = false

    private let claim: PersistentVolumeClaim
    private let around: Surroundings

    /// Looks at `claim`.
    package init(_ claim: PersistentVolumeClaim, _ around: Surroundings) {
        self.claim = claim
        self.around = around
        if claim.metadata.annotations[VolumeAnnotation.bindCompleted] == nil {
            claim.spec.volumeName.isEmpty ? findVolume() : takeRequested()
        } else {
            keep()
        }
    }

    // MARK: - Claims that are not bound

    private mutating func findVolume() {
        let storageClass = claim.className.isEmpty ? nil : around.storageClass(claim.className)
        let waits = storageClass?.waitForFirstConsumer ?? false
        // For a pod that is to come, the scheduler chooses: it knows where the pod will be.
        if let volume = VolumeCandidates.choice(for: claim, among: around.volumes(claim), waits: waits) {
            isDiscovery = !volume.isReserved(for: claim)
            return bind(volume)
        }
        if claim.lacksClass, let found = around.defaultClass() {
            var next = claim
            next.spec.storageClassName = found.metadata.name
            actions = [.update(.persistentVolumeClaim(next))]
            isDiscovery = true
            return
        }
        if waits, claim.selectedNode == nil {
            tell("WaitForFirstConsumer", "waiting for first consumer to be created before binding")
        } else if !claim.className.isEmpty {
            return provision(storageClass)
        } else {
            tell("FailedBinding", "no persistent volumes available for this claim and no storage class is set")
        }
        setPhase("Pending")
    }

    private mutating func takeRequested() {
        let name = claim.spec.volumeName
        guard let volume = around.volume(name) else { return setPhase("Pending") }
        if volume.spec.claimName == nil {
            guard let mismatch = mismatch(volume) else { return bind(volume) }
            tell(.warning, "VolumeMismatch", "Cannot bind to requested volume \"\(name)\": \(mismatch)")
            setPhase("Pending")
        } else if volume.isReserved(for: claim) {
            bind(volume)
        } else {
            tell(.warning, "FailedBinding", "volume \"\(name)\" already bound to a different claim.")
            setPhase("Pending")
        }
    }

    /// Returns why a volume that nobody has cannot serve the claim that names it (`checkVolumeSatisfyClaim`).
    private func mismatch(_ volume: PersistentVolume) -> String? {
        if volume.metadata.deletionTimestamp != nil {
            return "the volume is marked for deletion \"\(volume.metadata.name)\""
        }
        if volume.spec.capacity < claim.spec.request { return "requested PV is too small" }
        if volume.className != claim.className { return "storageClassName does not match" }
        if volume.spec.attributesClassName != claim.spec.attributesClassName {
            return "volumeAttributesClassName does not match"
        }
        if volume.spec.volumeMode != claim.spec.volumeMode { return "incompatible volumeMode" }
        if !claim.spec.accessModes.allSatisfy(volume.spec.accessModes.contains) { return "incompatible accessMode" }
        return nil
    }

    /// Leaves the claim to the provisioner of its class, which is a process of its own.
    private mutating func provision(_ storageClass: StorageClass?) {
        guard let storageClass else {
            tell(.warning, "ProvisioningFailed", "storageclass.storage.k8s.io \"\(claim.className)\" not found")
            return
        }
        guard let driver = VolumeDriver.name(of: storageClass.provisioner) else {
            tell(.warning, "ProvisioningFailed", "no volume plugin matched name: \(storageClass.provisioner)")
            return
        }
        var next = claim
        next.metadata.annotations[VolumeAnnotation.provisioner] = driver
        next.metadata.annotations[VolumeAnnotation.betaProvisioner] = driver
        if next != claim { actions = [.update(.persistentVolumeClaim(next))] }
        tell(
            "ExternalProvisioning",
            "Waiting for a volume to be created either by the external provisioner '\(driver)' or manually by the system "
                + "administrator. If volume creation is delayed, please verify that the provisioner is running and "
                + "correctly registered.")
    }

    // MARK: - Claims that were bound

    private mutating func keep() {
        let name = claim.spec.volumeName
        if name.isEmpty {
            return lose("ClaimLost", "Bound claim has lost reference to PersistentVolume. Data on the volume is lost!")
        }
        guard let volume = around.volume(name) else {
            return lose("ClaimLost", "Bound claim has lost its PersistentVolume. Data on the volume is lost!")
        }
        if volume.spec.claimName == nil || volume.spec.claimUID == claim.metadata.uid { return bind(volume) }
        lose("ClaimMisbound", "Two claims are bound to the same volume, this one is bound incorrectly")
    }

    private mutating func lose(_ reason: String, _ message: String) {
        if claim.phase != "Lost" { tell(.warning, reason, message) }
        setPhase("Lost")
    }

    // MARK: - Parts

    /// Ties the two to each other, as far as they are not: first the volume, then the claim.
    private mutating func bind(_ volume: PersistentVolume) {
        var reserved = volume.reserved(for: claim)
        if reserved != volume {
            actions.append(.update(.persistentVolume(reserved)))
            reserved.metadata.resourceVersion = 0
        }
        if volume.phase != "Bound" {
            reserved.phase = "Bound"
            actions.append(.updateStatus(.persistentVolume(reserved)))
        }
        var bound = claim
        if bound.spec.volumeName != volume.metadata.name {
            bound.spec.volumeName = volume.metadata.name
            bound.metadata.annotations[VolumeAnnotation.boundByController] = "yes"
        }
        if bound.metadata.annotations[VolumeAnnotation.bindCompleted] == nil {
            bound.metadata.annotations[VolumeAnnotation.bindCompleted] = "yes"
        }
        if bound != claim {
            actions.append(.update(.persistentVolumeClaim(bound)))
            bound.metadata.resourceVersion = 0
        }
        if claim.phase != "Bound" {
            bound.phase = "Bound"
            actions.append(.updateStatus(.persistentVolumeClaim(bound)))
        }
    }

    private mutating func setPhase(_ phase: String) {
        if claim.phase == phase { return }
        var next = claim
        next.phase = phase
        actions.append(.updateStatus(.persistentVolumeClaim(next)))
    }

    private mutating func tell(_ reason: String, _ message: String) { tell(.normal, reason, message) }

    private mutating func tell(_ kind: EventRecord.Kind, _ reason: String, _ message: String) {
        events.append(EventRecord(claim.key, kind, reason: reason, message: message))
    }
}
