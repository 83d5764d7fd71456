// Kubernetes counterpart: pkg/controller/volume/pvprotection (v1.36). Deliberate differences: none.

package import ControlPlane
package import KubernetesAPI

/// Keeps a volume that is being deleted for as long as it is bound.
package struct VolumeProtectionReconciler: Reconciler {
    package static let name = "persistentvolume-protection-controller"
    package static let settings = ReconcilerSettings(workers: 1)
    package static let interest = ChangeInterest([.persistentVolume])

    package init() {}

    package func keys(for change: WatchEvent, in view: any ClusterView) -> [ObjectKey] {
        switch change {
        case .added(.persistentVolume(let volume)), .modified(_, .persistentVolume(let volume)):
            volume.isProtected == volume.metadata.isDeleting ? [change.object.key] : []
        case .added, .modified, .deleted: []
        }
    }

    package mutating func reconcile(_ key: ObjectKey, in view: any ClusterView) -> ReconcileResult {
        guard case .persistentVolume(var volume)? = view.object(key) else { return .settled }
        if !volume.metadata.isDeleting {
            if volume.isProtected { return .settled }
            volume.metadata.finalizers.append(PersistentVolume.protection)
        } else {
            guard volume.isProtected, volume.phase != "Bound" else { return .settled }
            volume.metadata = volume.metadata.removingFinalizer(PersistentVolume.protection)
        }
        return ReconcileResult(actions: [.update(.persistentVolume(volume))])
    }
}

extension PersistentVolume {
    fileprivate var isProtected: Bool { metadata.finalizers.contains(Self.protection) }
}
