import ClusterStore
import ControlPlane
import KubernetesAPI

// Kubernetes counterpart: pkg/controller/volume/persistentvolume and pvcprotection, and the admission plugin
// StorageObjectInUseProtection (v1.36), as far as recorded runs need them.

/// Binds claims to volumes that exist already, and keeps claims for as long as pods use them.
enum VolumeBinding {
    private static let protection = "kubernetes.io/pvc-protection"

    /// Returns a request as admission lets it pass: a new claim is protected.
    static func admitted(_ action: Action) -> Action {
        guard case .create(.persistentVolumeClaim(var claim)) = action else { return action }
        if !claim.metadata.finalizers.contains(protection) { claim.metadata.finalizers.append(protection) }
        return .create(.persistentVolumeClaim(claim))
    }

    static func observe(_ change: WatchEvent, in cluster: ReplayCluster) {
        switch change.object {
        case .persistentVolume, .persistentVolumeClaim: break
        case .pod: return release(in: cluster)
        default: return
        }
        release(in: cluster)
        for object in cluster.view.objects(of: .persistentVolumeClaim, namespace: nil) {
            guard case .persistentVolumeClaim(let claim) = object, claim.phase != "Bound",
                claim.metadata.deletionTimestamp == nil
            else { continue }
            bind(claim, in: cluster)
        }
    }

    /// Lets go of deleted claims that no pod uses.
    private static func release(in cluster: ReplayCluster) {
        for case .persistentVolumeClaim(var claim) in cluster.view.objects(of: .persistentVolumeClaim, namespace: nil)
        where claim.metadata.deletionTimestamp != nil && claim.metadata.finalizers.contains(protection) {
            let isUsed = cluster.view.pods(inNamespace: claim.metadata.namespace).contains { pod in
                pod.nodeName != nil && !pod.status.phase.isTerminal
                    && pod.spec.volumes.contains { $0.source == .persistentVolumeClaim(name: claim.metadata.name) }
            }
            if isUsed { continue }
            claim.metadata.finalizers.removeAll { $0 == protection }
            claim.metadata.resourceVersion = 0
            cluster.apply(.update(.persistentVolumeClaim(claim)))
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
