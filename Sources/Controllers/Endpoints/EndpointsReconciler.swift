// Kubernetes counterpart: pkg/controller/endpoint (v1.36).
// Deliberate differences: an address is the name of its pod, without ports; `--endpoint-updates-batch-period` is 0, its
// default.

package import ControlPlane
package import KubernetesAPI

/// Keeps the Endpoints of services: the pods behind each, those that are ready and the others.
package struct EndpointsReconciler: Reconciler {
    package static let name = "endpoints-controller"
    package static let settings = ReconcilerSettings(workers: 5, retries: 15)
    package static let interest = ChangeInterest(
        [.service, .endpoints], pods: ServiceKeys.podFacets, while: .service)
    /// The most addresses that one object holds.
    package static let capacity = 1000
    /// Tells of an object that could not hold all addresses.
    package static let overCapacity = "endpoints.kubernetes.io/over-capacity"

    package init() {}

    package func keys(for change: WatchEvent, in view: any ClusterView) -> [ObjectKey] {
        switch change {
        case .added(.service), .modified(_, .service), .deleted(.service): return [change.object.key]
        // An update that was written from an older view is looked at again when the watch brings it: upstream's tracker
        // of stale objects has the call wait instead.
        case .modified(_, .endpoints(let changed)), .deleted(.endpoints(let changed)):
            return [ObjectKey(.service, namespace: changed.metadata.namespace, name: changed.metadata.name)]
        case .added(.pod(let pod)), .modified(_, .pod(let pod)), .deleted(.pod(let pod)):
            return ServiceKeys.keys(forPod: pod, change, in: view)
        case .added, .modified, .deleted: return []
        }
    }

    package mutating func reconcile(_ key: ObjectKey, in view: any ClusterView) -> ReconcileResult {
        let place = ObjectKey(.endpoints, namespace: key.namespace, name: key.name)
        var present: Endpoints?
        if case .endpoints(let found)? = view.object(place) { present = found }
        guard case .service(let service)? = view.object(key) else {
            guard let present else { return .settled }
            return ReconcileResult(actions: [
                .delete(place, uid: present.metadata.uid, gracePeriodSeconds: nil, propagation: .background)
            ])
        }
        guard service.hasKeptEndpoints else { return .settled }
        let wanted = Self.endpoints(of: service, pods: ServiceKeys.pods(of: service, in: view), present: present)
        if let present {
            return wanted == present ? .settled : ReconcileResult(actions: [.update(.endpoints(wanted))])
        }
        return ReconcileResult(actions: [.create(.endpoints(wanted))])
    }
}

// MARK: - Plan

extension EndpointsReconciler {
    /// Returns what the Endpoints of `service` are to be, given what stands now.
    package static func endpoints(of service: Service, pods: [Pod], present: Endpoints?) -> Endpoints {
        var wanted =
            present
            ?? Endpoints(metadata: ObjectMeta(name: service.metadata.name, namespace: service.metadata.namespace))
        wanted.metadata.labels = service.metadata.labels
        wanted.metadata.labels["endpoints.kubernetes.io/managed-by"] = "endpoint-controller"
        if service.isHeadless { wanted.metadata.labels["service.kubernetes.io/headless"] = "" }
        wanted.ready = []
        wanted.notReady = []
        let isNumbered = service.numberedPorts != nil
        for pod in pods where pod.isReachable(withTerminating: service.publishesNotReady) {
            // Without any of its ports there is nothing to reach; a service without ports has names only.
            if !isNumbered, service.ports(of: pod).isEmpty { continue }
            if service.publishesNotReady || pod.isReady {
                wanted.ready.append(pod.metadata.name)
            } else {
                wanted.notReady.append(pod.metadata.name)
            }
        }
        wanted.ready.sort()
        wanted.notReady.sort()
        truncate(&wanted)
        return wanted
    }

    private static func truncate(_ endpoints: inout Endpoints) {
        guard endpoints.ready.count + endpoints.notReady.count > capacity else {
            endpoints.metadata.annotations[overCapacity] = nil
            return
        }
        endpoints.metadata.annotations[overCapacity] = "truncated"
        endpoints.ready = Array(endpoints.ready.prefix(capacity))
        endpoints.notReady = Array(endpoints.notReady.prefix(capacity - endpoints.ready.count))
    }
}
