// Kubernetes counterpart: pkg/controller/volume/ephemeral (v1.36).
// Deliberate differences: of the claim's template only the specification is known, so its labels are not copied.

package import ControlPlane
package import KubernetesAPI

/// Makes the claims of volumes that are for one pod alone; the pod owns them.
package struct EphemeralVolumeReconciler: Reconciler {
    package static let name = "ephemeral-volume-controller"
    package static let settings = ReconcilerSettings(workers: 5)
    package static let interest = ChangeInterest([.persistentVolumeClaim], pods: [.added])

    package init() {}

    package func keys(for change: WatchEvent, in view: any ClusterView) -> [ObjectKey] {
        switch change {
        case .added(.pod(let pod)): pod.hasEphemeralVolume ? [change.object.key] : []
        case .deleted(.persistentVolumeClaim(let claim)):
            // A claim that was deleted by hand is made anew.
            claim.metadata.controllerKey(.pod).map { [$0] } ?? []
        case .added, .modified, .deleted: []
        }
    }

    package mutating func reconcile(_ key: ObjectKey, in view: any ClusterView) -> ReconcileResult {
        guard let pod = view.pod(namespace: key.namespace, name: key.name), !pod.isTerminating else { return .settled }
        var result = ReconcileResult()
        for volume in pod.spec.volumes {
            guard case .ephemeral(let spec) = volume.source else { continue }
            let name = "\(pod.metadata.name)-\(volume.name)"
            let claimKey = ObjectKey(.persistentVolumeClaim, namespace: key.namespace, name: name)
            if let present = view.object(claimKey) {
                if present.metadata.controllerUID == pod.metadata.uid { continue }
                result.events.append(
                    EventRecord(
                        key, .warning, reason: "FailedBinding",
                        message:
                            "ephemeral volume \(volume.name): PVC \(key.namespace)/\(name) was not created for pod "
                            + "\(key.namespace)/\(key.name) (pod is not owner)"))
                continue
            }
            var metadata = ObjectMeta(name: name, namespace: key.namespace)
            metadata.ownerReferences = [OwnerReference(controller: pod.metadata, kind: .pod)]
            result.actions.append(
                .create(.persistentVolumeClaim(PersistentVolumeClaim(metadata: metadata, spec: spec))))
        }
        return result
    }
}

extension Pod {
    fileprivate var hasEphemeralVolume: Bool {
        spec.volumes.contains { if case .ephemeral = $0.source { true } else { false } }
    }
}
