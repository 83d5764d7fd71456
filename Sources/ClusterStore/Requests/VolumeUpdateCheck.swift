// Kubernetes counterpart: `ValidatePersistentVolumeClaimUpdate` and `ValidatePersistentVolumeUpdate` in
// pkg/apis/core/validation, `ValidateStorageClassUpdate` in pkg/apis/storage/validation (v1.36).
// Deliberate difference: a claim does not shrink, not even after it grew in vain.

import ControlPlane
import KubernetesAPI

/// What may not change in claims, volumes and classes of storage once they are there.
enum VolumeUpdateCheck {
    /// Refuses the update of a claim that changes more than the size of one that is bound.
    static func check(_ old: PersistentVolumeClaim, _ new: PersistentVolumeClaim) throws(ActionError) {
        if old.spec == new.spec { return }
        var leveled = new.spec
        if old.spec.volumeName.isEmpty { leveled.volumeName = "" }
        if old.spec.storageClassName == nil { leveled.storageClassName = nil }
        if old.phase == "Bound" {
            leveled.request = old.spec.request
            leveled.attributesClassName = old.spec.attributesClassName
        }
        if leveled != old.spec {
            throw .invalid(
                "spec: Forbidden: spec is immutable after creation except resources.requests and "
                    + "volumeAttributesClassName for bound claims")
        }
        if new.spec.request < old.spec.request {
            throw .invalid("spec.resources.requests.storage: Forbidden: field can not be less than status.capacity")
        }
    }

    /// Refuses the update of a volume that makes it another one.
    static func check(_ old: PersistentVolume, _ new: PersistentVolume) throws(ActionError) {
        if old.spec.source != new.spec.source {
            throw .invalid(
                "spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation")
        }
        if old.spec.volumeMode != new.spec.volumeMode {
            throw .invalid("volumeMode: Invalid value: \"\(new.spec.volumeMode)\": field is immutable")
        }
    }

    /// Refuses the update of a class that makes other volumes than before.
    static func check(_ old: StorageClass, _ new: StorageClass) throws(ActionError) {
        if old.provisioner != new.provisioner { throw immutable("provisioner", new.provisioner) }
        if old.reclaimPolicy != new.reclaimPolicy { throw immutable("reclaimPolicy", new.reclaimPolicy.rawValue) }
        if old.waitForFirstConsumer != new.waitForFirstConsumer {
            throw immutable("volumeBindingMode", new.waitForFirstConsumer ? "WaitForFirstConsumer" : "Immediate")
        }
    }

    private static func immutable(_ field: String, _ value: String) -> ActionError {
        .invalid("\(field): Invalid value: \"\(value)\": field is immutable")
    }
}
