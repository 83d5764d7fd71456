// Kubernetes counterpart: pkg/controller/replication (v1.36), which adapts the ReplicaSet controller just so.

package import ControlPlane
package import KubernetesAPI

/// Keeps the number of a replication controller's pods equal to its `spec.replicas`, as if it were a replica set.
package struct ReplicationControllerReconciler: Reconciler {
    package static let name = "replicationcontroller-controller"
    package static let settings = ReconcilerSettings(workers: 5)
    package static let interest = ChangeInterest(
        [.replicationController], pods: ReplicaSetReconciler.podFacets, ofOwner: .replicationController)

    private var replicaSets = ReplicaSetReconciler(kind: .replicationController)

    package init() {}

    package mutating func reconcile(_ key: ObjectKey, in view: any ClusterView) -> ReconcileResult {
        replicaSets.reconcile(key, in: view)
    }

    package mutating func observe(_ action: Action, error: ActionError?) { replicaSets.observe(action, error: error) }

    package func keys(for change: WatchEvent, in view: any ClusterView) -> [ObjectKey] {
        switch change.object {
        case .replicationController: return [change.object.key]
        case .pod(let pod):
            return PodOwners.keys(.replicationController, pod: pod, change: change) {
                view.objects(of: .replicationController, namespace: pod.metadata.namespace).filter { object in
                    guard case .replicationController(let candidate) = object else { return false }
                    return candidate.spec.selector?.matches(pod.metadata.labels) ?? false
                }
            }
        case .namespace, .node, .replicaSet, .deployment, .statefulSet, .daemonSet, .job, .cronJob, .service,
            .podDisruptionBudget, .priorityClass, .persistentVolume, .persistentVolumeClaim, .storageClass,
            .horizontalPodAutoscaler, .verticalPodAutoscaler, .resourceQuota, .limitRange, .controllerRevision, .lease,
            .endpoints,
            .endpointSlice, .csiNode,
            .other:
            return []
        }
    }
}

// MARK: - Both kinds as one

extension ReplicaSetReconciler {
    /// Returns what is stored at `key`, of whichever kind this serves, as a replica set.
    func replicaSet(_ key: ObjectKey, in view: any ClusterView) -> ReplicaSet? {
        if kind == .replicaSet { return view.replicaSet(namespace: key.namespace, name: key.name) }
        guard case .replicationController(let stored)? = view.object(key) else { return nil }
        var replicaSet = ReplicaSet(metadata: stored.metadata, spec: stored.spec)
        replicaSet.status = stored.status
        return replicaSet
    }

    /// Returns `replicaSet` as the object that is stored.
    func object(_ replicaSet: ReplicaSet) -> KubernetesObject {
        if kind == .replicaSet { return .replicaSet(replicaSet) }
        var stored = ReplicationController(metadata: replicaSet.metadata, spec: replicaSet.spec)
        stored.status = replicaSet.status
        return .replicationController(stored)
    }
}
