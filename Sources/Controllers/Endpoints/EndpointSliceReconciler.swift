// Kubernetes counterpart: pkg/controller/endpointslice (v1.36).
// Deliberate differences: an address is the name of its pod; no topology hints; `--endpointslice-updates-batch-period` is
// 0, its default; a call that does not see the slice of the call before makes another, and the two are made one when the
// watch has brought both (upstream's tracker has the second call wait).

package import ControlPlane
package import KubernetesAPI

/// Keeps the EndpointSlices of services, at most 100 endpoints in each.
package struct EndpointSliceReconciler: Reconciler {
    package static let name = "endpointslice-controller"
    package static let settings = ReconcilerSettings(workers: 5, retries: 15)
    package static let interest = ChangeInterest(
        [.service, .endpointSlice], pods: ServiceKeys.podFacets, while: .service)

    package init() {}

    package func keys(for change: WatchEvent, in view: any ClusterView) -> [ObjectKey] {
        switch change {
        case .added(.service), .modified(_, .service): return [change.object.key]
        // As for Endpoints, what was written from an older view is looked at again when the watch brings it.
        case .modified(_, .endpointSlice(let slice)), .deleted(.endpointSlice(let slice)):
            return slice.serviceKey.map { [$0] } ?? []
        case .added(.endpointSlice(let slice)):
            guard let key = slice.serviceKey, Self.slices(of: key, in: view).count > 1 else { return [] }
            return [key]
        case .added(.pod(let pod)), .modified(_, .pod(let pod)), .deleted(.pod(let pod)):
            return ServiceKeys.keys(forPod: pod, change, in: view)
        // The slices of a service that is gone go with their owner.
        case .added, .modified, .deleted: return []
        }
    }

    package mutating func reconcile(_ key: ObjectKey, in view: any ClusterView) -> ReconcileResult {
        guard case .service(let service)? = view.object(key), service.hasKeptEndpoints,
            !service.metadata.isDeleting
        else { return .settled }
        let plan = EndpointSlicePlan(
            service, pods: ServiceKeys.pods(of: service, in: view), present: Self.slices(of: key, in: view),
            zone: { name in view.node(name)?.metadata.labels["topology.kubernetes.io/zone"] })
        return ReconcileResult(actions: plan.actions)
    }

    private static func slices(of key: ObjectKey, in view: any ClusterView) -> [EndpointSlice] {
        view.objects(of: .endpointSlice, namespace: key.namespace).compactMap { object in
            guard case .endpointSlice(let slice) = object, slice.isKept, slice.serviceKey == key,
                !slice.metadata.isDeleting
            else { return nil }
            return slice
        }
    }
}
