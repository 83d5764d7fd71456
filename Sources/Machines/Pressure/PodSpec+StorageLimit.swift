import KubernetesAPI

// Counterpart: PodLimits of component-helpers/resource (v1.36), for the one resource that kubelets hold pods to by
// evicting them.

extension PodSpec {
    /// What a pod may hold of its machine's disk: containers and sidecars together, or the largest init phase if that is
    /// more, and the overhead; nil when nobody names a limit.
    var storageLimit: Quantity? {
        var total: Quantity?
        var sidecars: Quantity?
        var peak: Quantity?
        for container in containers { total = Self.sum(total, container.limits[.ephemeralStorage]) }
        for container in initContainers {
            let limit = container.limits[.ephemeralStorage]
            if container.isSidecar {
                total = Self.sum(total, limit)
                sidecars = Self.sum(sidecars, limit)
                peak = Self.larger(peak, sidecars)
            } else {
                peak = Self.larger(peak, Self.sum(limit, sidecars))
            }
        }
        guard let limit = Self.larger(total, peak), limit > .zero else { return Self.larger(total, peak) }
        return Self.sum(limit, overhead[.ephemeralStorage])
    }

    private static func sum(_ left: Quantity?, _ right: Quantity?) -> Quantity? {
        guard let left, let right else { return left ?? right }
        return left + right
    }

    private static func larger(_ left: Quantity?, _ right: Quantity?) -> Quantity? {
        guard let left, let right else { return left ?? right }
        return left < right ? right : left
    }
}
