// Kubernetes counterpart: pkg/controller/util/endpoint and podutil.FindPort (v1.36).
// Deliberate differences: pods have no addresses of their own; a pod stands for its address from its sandbox on.

import ControlPlane
import KubernetesAPI

extension Service {
    /// Whether a controller keeps the endpoints of the service.
    var hasKeptEndpoints: Bool { !selector.isEmpty && type != "ExternalName" }

    /// Whether the service selects a pod with these labels.
    func selects(_ labels: StringMap) -> Bool {
        !selector.isEmpty && selector.pairs.allSatisfy { labels[$0.key] == $0.value }
    }

    /// The ports at which every pod serves, or nil where one goes by a name, which each pod resolves for itself.
    var numberedPorts: [EndpointSlice.Port]? {
        var numbered: [EndpointSlice.Port] = []
        for port in ports {
            guard case .number(let number) = port.target else { return nil }
            numbered.append(EndpointSlice.Port(name: port.name, port: number, protocol: port.protocol))
        }
        return numbered
    }

    /// The ports at which `pod` serves; a port that it does not have by that name is left out.
    func ports(of pod: Pod) -> [EndpointSlice.Port] {
        ports.compactMap { port in
            let number: Int32? =
                switch port.target {
                case .number(let number): number
                case .name(let name): pod.spec.port(named: name, protocol: port.protocol)
                }
            return number.map { EndpointSlice.Port(name: port.name, port: $0, protocol: port.protocol) }
        }
    }
}

extension PodSpec {
    /// Containers first, then sidecars, which run as long.
    fileprivate func port(named name: String, protocol: String) -> Int32? {
        for container in containers + initContainers.filter(\.isSidecar) {
            for port in container.ports where port.name == name && port.protocol == `protocol` {
                return port.containerPort
            }
        }
        return nil
    }
}

extension Pod {
    /// Whether the pod can stand behind a service: it has an address, and has not ended (`ShouldPodBeInEndpoints`).
    func isReachable(withTerminating: Bool) -> Bool {
        guard nodeName != nil, !status.phase.isTerminal, withTerminating || !isTerminating else { return false }
        if status.phase == .running { return true }
        guard status.conditions.isTrue(Condition.podReadyToStartContainers) else { return false }
        // That the sandbox stands is told before the address, which comes with the first news of a container.
        let statuses = status.initContainerStatuses + status.containerStatuses
        return statuses.isEmpty || statuses.contains { !$0.isNew }
    }
}

extension ContainerStatus {
    /// Whether nothing has become of the container yet.
    fileprivate var isNew: Bool {
        guard case .waiting(let reason) = state else { return false }
        return lastTermination == nil && (reason == "ContainerCreating" || reason == "PodInitializing")
    }
}

/// Which services a change concerns.
enum ServiceKeys {
    /// What an endpoint object says of a pod.
    static let podFacets: PodFacets = [.added, .deleted, .node, .phase, .readiness, .termination, .labels]

    /// Returns the services that select the pod of `change`, before or after it.
    static func keys(forPod pod: Pod, _ change: WatchEvent, in view: any ClusterView) -> [ObjectKey] {
        var before = pod
        switch change {
        case .modified(.pod(let old), _):
            if PodFacets(from: old, to: pod).isDisjoint(with: podFacets) { return [] }
            before = old
        // Who has no address yet stands behind nothing.
        case .added: if pod.nodeName == nil { return [] }
        case .modified, .deleted: break
        }
        return view.objects(of: .service, namespace: pod.metadata.namespace).compactMap { object in
            guard case .service(let service) = object,
                service.selects(pod.metadata.labels) || service.selects(before.metadata.labels)
            else { return nil }
            return object.key
        }
    }

    /// Returns the pods that `service` selects.
    static func pods(of service: Service, in view: any ClusterView) -> [Pod] {
        view.pods(inNamespace: service.metadata.namespace).filter { service.selects($0.metadata.labels) }
    }
}
