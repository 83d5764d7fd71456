import ClusterStore
import ControlPlane
import KubernetesAPI

// Kubernetes counterpart: pkg/controller/volume/persistentvolume (v1.36), as far as recorded runs need it.

/// Binds claims to volumes that exist already.
enum VolumeBinding {
    static func observe(_ change: WatchEvent, in cluster: ReplayCluster) {
        guard [.persistentVolume, .persistentVolumeClaim].contains(change.object.kind) else { return }
        for object in cluster.view.objects(of: .persistentVolumeClaim, namespace: nil) {
            guard case .persistentVolumeClaim(let claim) = object, claim.phase != "Bound",
                claim.metadata.deletionTimestamp == nil
            else { continue }
            bind(claim, in: cluster)
        }
    }

    private static func bind(_ claim: PersistentVolumeClaim, in cluster: ReplayCluster) {
        var best: PersistentVolume?
        for case .persistentVolume(let volume) in cluster.view.objects(of: .persistentVolume, namespace: nil) {
            guard volume.spec.claimName == nil, volume.spec.storageClassName == claim.spec.storageClassName ?? "",
                claim.spec.accessModes.allSatisfy({ volume.spec.accessModes.contains($0) }),
                !(volume.spec.capacity < claim.spec.request)
            else { continue }
            if let found = best, !(volume.spec.capacity < found.spec.capacity) { continue }
            best = volume
        }
        guard let best else { return }
        var pair = VolumeController.bound(best, claim)
        pair.volume.metadata.resourceVersion = 0
        pair.claim.metadata.resourceVersion = 0
        cluster.apply(.update(.persistentVolume(pair.volume)))
        cluster.apply(.updateStatus(.persistentVolume(pair.volume)))
        cluster.apply(.update(.persistentVolumeClaim(pair.claim)))
        cluster.apply(.updateStatus(.persistentVolumeClaim(pair.claim)))
    }
}
