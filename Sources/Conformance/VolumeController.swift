import KubernetesAPI
import SchedulingFramework

// Kubernetes counterpart: pkg/controller/volume/persistentvolume (v1.36), as far as recorded runs need it.

/// Does to volumes and claims what the volume controller did when a case was recorded.
enum VolumeController {
    /// Returns `objects` with claims bound that name a volume set aside for them, and free volumes made available.
    static func settled(_ objects: [KubernetesObject]) -> [KubernetesObject] {
        var volumes: [String: Int] = [:]
        var settled = objects
        for index in objects.indices {
            settled[index].metadata.resourceVersion = 1
            if settled[index].metadata.uid == .none {
                settled[index].metadata.uid = UID(high: 0x0B_7E, low: UInt64(index) + 1)
            }
            guard case .persistentVolume(var volume) = settled[index] else { continue }
            volumes[volume.metadata.name] = index
            if volume.spec.claimName == nil && volume.phase.isEmpty { volume.phase = "Available" }
            settled[index] = .persistentVolume(volume)
        }
        for index in settled.indices {
            guard case .persistentVolumeClaim(let claim) = settled[index], let place = volumes[claim.spec.volumeName],
                case .persistentVolume(let volume) = settled[place], volume.spec.claimName == claim.metadata.name,
                volume.spec.claimNamespace ?? "" == claim.metadata.namespace
            else { continue }
            let pair = bound(volume, claim)
            settled[place] = .persistentVolume(pair.volume)
            settled[index] = .persistentVolumeClaim(pair.claim)
        }
        return settled
    }

    /// Returns a volume and its claim bound to each other.
    static func bound(
        _ volume: PersistentVolume, _ claim: PersistentVolumeClaim
    ) -> (volume: PersistentVolume, claim: PersistentVolumeClaim) {
        var volume = volume
        var claim = claim
        volume.spec.claimNamespace = claim.metadata.namespace
        volume.spec.claimName = claim.metadata.name
        volume.spec.claimUID = claim.metadata.uid
        volume.phase = "Bound"
        volume.metadata.resourceVersion += 1
        claim.spec.volumeName = volume.metadata.name
        claim.metadata.annotations[VolumeAnnotation.bindCompleted] = "yes"
        claim.phase = "Bound"
        claim.metadata.resourceVersion += 1
        return (volume, claim)
    }
}
