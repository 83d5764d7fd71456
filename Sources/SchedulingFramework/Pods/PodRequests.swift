package import KubernetesAPI

// Kubernetes counterpart: component-helpers/resource PodRequests (v1.36).
// Deliberate differences: in-place resize is not modelled, so container statuses play no part.

/// What a pod as a whole asks of a node.
package enum PodRequests {
    /// What a container that asks for no CPU counts as in scores, in thousandths.
    package static let missingMilliCPU: Int64 = 100
    /// What a container that asks for no memory counts as in scores, in bytes.
    package static let missingMemory: Int64 = 200 * 1024 * 1024

    /// Returns the requests of `spec`: containers and sidecars together, or the largest init phase if that is more;
    /// pod-level requests replace CPU, memory and huge pages; overhead comes on top.
    /// With `fillingMissing`, containers without CPU or memory count as small ones; without `podLevel`, pod-level requests
    /// count for nothing.
    package static func total(
        of spec: PodSpec, fillingMissing: Bool = false, podLevel: Bool = true
    ) -> ResourceList {
        var total = ResourceList()
        for container in spec.containers {
            add(effective(container, fillingMissing), to: &total)
        }
        var sidecars = ResourceList()
        var initPeak = ResourceList()
        for container in spec.initContainers {
            let requests = effective(container, fillingMissing)
            if container.isSidecar {
                // It runs beside the main containers, and beside every later init container.
                add(requests, to: &total)
                add(requests, to: &sidecars)
                raise(&initPeak, to: sidecars)
            } else {
                var phase = requests
                add(sidecars, to: &phase)
                raise(&initPeak, to: phase)
            }
        }
        raise(&total, to: initPeak)
        for entry in spec.requests.entries where podLevel && isPodLevel(entry.name) {
            total[entry.name] = entry.amount
        }
        add(spec.overhead, to: &total)
        return total
    }

    private static func effective(_ container: Container, _ fillingMissing: Bool) -> ResourceList {
        var requests = container.requests
        if fillingMissing {
            if requests[.cpu] == nil { requests[.cpu] = Quantity(milli: missingMilliCPU) }
            if requests[.memory] == nil { requests[.memory] = Quantity(missingMemory) }
        }
        return requests
    }

    private static func isPodLevel(_ name: ResourceName) -> Bool {
        name == .cpu || name == .memory || name.text.hasPrefix("hugepages-")
    }

    private static func add(_ other: ResourceList, to list: inout ResourceList) {
        for entry in other.entries { list[entry.name] = (list[entry.name] ?? .zero) + entry.amount }
    }

    private static func raise(_ list: inout ResourceList, to other: ResourceList) {
        for entry in other.entries {
            guard let present = list[entry.name] else {
                list[entry.name] = entry.amount
                continue
            }
            if present < entry.amount { list[entry.name] = entry.amount }
        }
    }
}
