// Kubernetes counterpart: pkg/controller/volume/pvcprotection (v1.36). Deliberate differences: none.

package import ControlPlane
package import KubernetesAPI

/// Keeps a claim that is being deleted until no pod that has a node uses it.
package struct ClaimProtectionReconciler: Reconciler {
    package static let name = "persistentvolumeclaim-protection-controller"
    package static let settings = ReconcilerSettings(workers: 1)
    package static let interest = ChangeInterest(
        [.persistentVolumeClaim], pods: [.deleted, .phase], while: .persistentVolumeClaim)

    package init() {}

    package func keys(for change: WatchEvent, in view: any ClusterView) -> [ObjectKey] {
        switch change.object {
        case .persistentVolumeClaim(let claim):
            if case .deleted = change { return [] }
            return claim.metadata.isDeleting == claim.isProtected ? [change.object.key] : []
        case .pod(let pod):
            switch change {
            case .deleted: break
            case .added: return []
            case .modified(let old, _):
                guard case .pod(let old) = old, old.status.phase != pod.status.phase, pod.status.phase.isTerminal else {
                    return []
                }
            }
            return pod.claimNames.map {
                ObjectKey(.persistentVolumeClaim, namespace: pod.metadata.namespace, name: $0)
            }
        case .namespace, .node, .replicaSet, .deployment, .statefulSet, .daemonSet, .job, .cronJob, .service,
            .podDisruptionBudget, .priorityClass, .persistentVolume, .storageClass, .horizontalPodAutoscaler,
            .verticalPodAutoscaler,
            .resourceQuota, .limitRange, .replicationController, .controllerRevision, .lease, .endpoints,
            .endpointSlice, .csiNode,
            .other:
            return []
        }
    }

    package mutating func reconcile(_ key: ObjectKey, in view: any ClusterView) -> ReconcileResult {
        guard case .persistentVolumeClaim(var claim)? = view.object(key) else { return .settled }
        if !claim.metadata.isDeleting {
            if claim.isProtected { return .settled }
            claim.metadata.finalizers.append(PersistentVolumeClaim.protection)
        } else {
            guard claim.isProtected, !view.pods(inNamespace: key.namespace).contains(where: { $0.uses(claim) }) else {
                return .settled
            }
            claim.metadata = claim.metadata.removingFinalizer(PersistentVolumeClaim.protection)
        }
        return ReconcileResult(actions: [.update(.persistentVolumeClaim(claim))])
    }
}

// MARK: - Questions

extension PersistentVolumeClaim {
    fileprivate var isProtected: Bool { metadata.finalizers.contains(Self.protection) }
}

extension Pod {
    /// The claims that the pod names, and those that were made for it.
    fileprivate var claimNames: [String] {
        spec.volumes.compactMap { volume in
            switch volume.source {
            case .persistentVolumeClaim(let name): name
            case .ephemeral: "\(metadata.name)-\(volume.name)"
            case .hostPath, .emptyDir, .gcePersistentDisk, .awsElasticBlockStore, .azureDisk, .cinder, .rbd, .iscsi,
                .csi, .other:
                nil
            }
        }
    }

    /// Whether the pod may have mounted `claim`: a kubelet starts none that names a claim that is being deleted.
    ///
    /// A claim made for the pod is free when the pod ended; another one only when the pod is gone.
    fileprivate func uses(_ claim: PersistentVolumeClaim) -> Bool {
        guard nodeName != nil else { return false }
        return spec.volumes.contains { volume in
            switch volume.source {
            case .persistentVolumeClaim(let name): name == claim.metadata.name
            case .ephemeral:
                "\(metadata.name)-\(volume.name)" == claim.metadata.name && !status.phase.isTerminal
                    && claim.metadata.controllerReference?.uid == metadata.uid
            case .hostPath, .emptyDir, .gcePersistentDisk, .awsElasticBlockStore, .azureDisk, .cinder, .rbd, .iscsi,
                .csi, .other:
                false
            }
        }
    }
}
