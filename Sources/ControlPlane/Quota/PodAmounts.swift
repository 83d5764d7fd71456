package import KubernetesAPI

/// What a pod asks for in all, as quotas and limit ranges count it.
package enum PodAmounts {
    /// Returns the requests of `spec`: all containers, or the largest init phase if that is more, and the overhead.
    static func requests(of spec: PodSpec) -> ResourceList {
        var total = sum(spec) { $0.requests }
        for entry in spec.requests.entries where isPodLevel(entry.name) { total[entry.name] = entry.amount }
        for entry in spec.overhead.entries { total.add(entry.amount, to: entry.name) }
        return total
    }

    /// Returns the limits of `spec`; overhead counts where there is a limit.
    static func limits(of spec: PodSpec) -> ResourceList {
        var total = sum(spec) { $0.limits }
        for entry in spec.limits.entries where isPodLevel(entry.name) { total[entry.name] = entry.amount }
        for entry in spec.overhead.entries where total[entry.name].map({ $0 > .zero }) == true {
            total.add(entry.amount, to: entry.name)
        }
        return total
    }

    /// Returns the requests of `spec` as limit ranges count them: without the overhead.
    package static func boundRequests(of spec: PodSpec) -> ResourceList {
        bound(sum(spec) { $0.requests }, spec.requests)
    }

    /// Returns the limits of `spec` as limit ranges count them: of the containers that have one, without the overhead.
    package static func boundLimits(of spec: PodSpec) -> ResourceList {
        bound(sum(spec) { $0.limits }, spec.limits)
    }

    /// For limit ranges a pod speaks for its containers of processor and memory alone.
    private static func bound(_ containers: ResourceList, _ pod: ResourceList) -> ResourceList {
        var total = containers
        for entry in pod.entries where entry.name == .cpu || entry.name == .memory { total[entry.name] = entry.amount }
        return total
    }

    private static func sum(_ spec: PodSpec, _ amounts: (Container) -> ResourceList) -> ResourceList {
        var total = ResourceList()
        var sidecars = ResourceList()
        var peak = ResourceList()
        for container in spec.containers { total.add(amounts(container)) }
        for container in spec.initContainers {
            var phase = amounts(container)
            if container.isSidecar {
                // It runs beside the main containers, and beside every later init container.
                total.add(phase)
                sidecars.add(phase)
                phase = sidecars
            } else {
                phase.add(sidecars)
            }
            for entry in phase.entries where peak[entry.name].map({ $0 < entry.amount }) ?? true {
                peak[entry.name] = entry.amount
            }
        }
        for entry in peak.entries where total[entry.name].map({ $0 < entry.amount }) ?? true {
            total[entry.name] = entry.amount
        }
        return total
    }

    /// Whether quotas count the resource under its own name as well as under "requests.".
    static func isPlain(_ name: ResourceName) -> Bool { hasLimits(name) || name.isHugePages }

    /// Whether quotas count limits of the resource.
    static func hasLimits(_ name: ResourceName) -> Bool { name == .cpu || name == .memory || name == .ephemeralStorage }

    private static func isPodLevel(_ name: ResourceName) -> Bool {
        name == .cpu || name == .memory || name.isHugePages
    }
}

extension ResourceList {
    /// Adds `amount`; a sum is written as its first part is that is not zero.
    mutating func add(_ amount: Quantity, to name: ResourceName) {
        guard let present = self[name], present != .zero else {
            self[name] = amount
            return
        }
        self[name] = present + amount
    }

    mutating func add(_ other: ResourceList) {
        for entry in other.entries { add(entry.amount, to: entry.name) }
    }
}
