// Kubernetes counterpart: the reconciler of k8s.io/endpointslice (v1.36).
// Deliberate differences: see EndpointSliceReconciler.

package import ControlPlane
package import KubernetesAPI

/// The slices of one service, worked out from its pods and from those that stand.
package struct EndpointSlicePlan {
    /// The most endpoints of a slice (`--max-endpoints-per-slice`).
    package static let sliceMax = 100
    static let serviceLabel = "kubernetes.io/service-name"
    static let managerLabel = "endpointslice.kubernetes.io/managed-by"
    static let manager = "endpointslice-controller.k8s.io"

    /// The requests that follow: what is new first, then changes, then what is empty.
    package private(set) var actions: [Action] = []

    private let service: Service

    /// Plans the slices of `service`; `zone` tells that of a node.
    package init(_ service: Service, pods: [Pod], present: [EndpointSlice], zone: (String) -> String?) {
        self.service = service
        // Pods whose ports differ, as names may resolve, stand in slices of their own.
        var groups: [(ports: [EndpointSlice.Port], endpoints: [EndpointSlice.Endpoint])] = []
        let numbered = service.numberedPorts
        for pod in pods where pod.isReachable(withTerminating: true) {
            let ports = numbered ?? service.ports(of: pod)
            if ports.isEmpty, !service.ports.isEmpty { continue }
            let endpoint = Self.endpoint(pod, service, zone)
            if let place = groups.firstIndex(where: { $0.ports == ports }) {
                groups[place].endpoints.append(endpoint)
            } else {
                groups.append((ports, [endpoint]))
            }
        }
        var creations: [EndpointSlice] = []
        var updates: [EndpointSlice] = []
        var empty: [EndpointSlice] = []
        for group in groups {
            fill(group.endpoints, group.ports, present.filter { $0.ports == group.ports }, &creations, &updates, &empty)
        }
        empty += present.filter { slice in !groups.contains { $0.ports == slice.ports } }
        // A service without pods keeps one slice that says so.
        if groups.isEmpty {
            if let kept = empty.first(where: { $0.ports.isEmpty }) ?? empty.first {
                empty.removeAll { $0.metadata.name == kept.metadata.name }
                if !kept.endpoints.isEmpty || !kept.ports.isEmpty {
                    var cleared = kept
                    cleared.endpoints = []
                    cleared.ports = []
                    updates.append(cleared)
                }
            } else {
                creations.append(newSlice([]))
            }
        }
        actions = creations.map { .create(.endpointSlice($0)) } + updates.map { .update(.endpointSlice($0)) }
        actions += empty.map {
            .delete(
                KubernetesObject.endpointSlice($0).key, uid: $0.metadata.uid, gracePeriodSeconds: nil,
                propagation: .background)
        }
    }

    private static func endpoint(
        _ pod: Pod, _ service: Service, _ zone: (String) -> String?
    ) -> EndpointSlice.Endpoint {
        EndpointSlice.Endpoint(
            pod: pod.metadata.name, node: pod.nodeName, zone: pod.nodeName.flatMap(zone),
            isReady: service.publishesNotReady || pod.isReady && !pod.isTerminating, isServing: pod.isReady,
            isTerminating: pod.isTerminating)
    }

    /// Leaves endpoints where they are, and puts new ones where slices change anyway, or else into as few as possible.
    private func fill(
        _ endpoints: [EndpointSlice.Endpoint], _ ports: [EndpointSlice.Port], _ present: [EndpointSlice],
        _ creations: inout [EndpointSlice], _ updates: inout [EndpointSlice], _ empty: inout [EndpointSlice]
    ) {
        var left: [String: EndpointSlice.Endpoint] = [:]
        for endpoint in endpoints { left[endpoint.pod] = endpoint }
        var changed: [EndpointSlice] = []
        var same: [EndpointSlice] = []
        for slice in present {
            var next = slice
            next.endpoints = slice.endpoints.compactMap { left.removeValue(forKey: $0.pod) }
            if next.endpoints.isEmpty {
                empty.append(slice)
            } else if next == slice {
                same.append(slice)
            } else {
                changed.append(next)
            }
        }
        var new = endpoints.filter { left[$0.pod] != nil }
        func move(into slice: inout EndpointSlice) {
            let count = min(new.count, Self.sliceMax - slice.endpoints.count)
            slice.endpoints += new.prefix(count)
            new.removeFirst(count)
        }
        for place in changed.indices where !new.isEmpty { move(into: &changed[place]) }
        // An empty one is used again before a new one is made.
        while !new.isEmpty, var slice = empty.popLast() {
            slice.endpoints = []
            slice.ports = ports
            move(into: &slice)
            changed.append(slice)
        }
        while !new.isEmpty {
            let room = same.indices.filter { same[$0].endpoints.count + new.count <= Self.sliceMax }
            let fullest = room.max { same[$0].endpoints.count < same[$1].endpoints.count }
            var slice = fullest.map { same.remove(at: $0) } ?? newSlice(ports)
            move(into: &slice)
            if fullest == nil { creations.append(slice) } else { changed.append(slice) }
        }
        updates += changed
    }

    private func newSlice(_ ports: [EndpointSlice.Port]) -> EndpointSlice {
        var metadata = ObjectMeta(namespace: service.metadata.namespace, labels: service.metadata.labels)
        metadata.generateName = service.metadata.name + "-"
        metadata.labels[Self.serviceLabel] = service.metadata.name
        metadata.labels[Self.managerLabel] = Self.manager
        if service.isHeadless { metadata.labels["service.kubernetes.io/headless"] = "" }
        metadata.ownerReferences = [OwnerReference(controller: service.metadata, kind: .service)]
        var slice = EndpointSlice(metadata: metadata)
        slice.ports = ports
        return slice
    }
}

extension EndpointSlice {
    /// The service whose pods the slice lists.
    var serviceKey: ObjectKey? {
        metadata.labels[EndpointSlicePlan.serviceLabel].map {
            ObjectKey(.service, namespace: metadata.namespace, name: $0)
        }
    }

    /// Whether the controller keeps it; others are people's.
    var isKept: Bool { metadata.labels[EndpointSlicePlan.managerLabel] == EndpointSlicePlan.manager }
}
