package import KubernetesAPI

// Kubernetes counterpart: noderesources/resource_allocation.go and its strategies (v1.36).
// Deliberate differences: resources of DRA drivers are not modelled.

/// A resource with its weight in a score.
package struct ResourceWeight: Hashable, Sendable {
    package var name: ResourceName
    /// 1 to 100.
    package var weight: Int64

    package init(_ name: ResourceName, weight: Int64 = 1) {
        self.name = name
        self.weight = weight
    }

    package static let cpuAndMemory = [ResourceWeight(.cpu), ResourceWeight(.memory)]
}

/// A point of a utilisation curve (`UtilizationShapePoint`).
package struct UtilizationPoint: Hashable, Sendable {
    /// Percent, 0 to 100.
    package var utilization: Int64
    /// 0 to 10.
    package var score: Int64

    package init(utilization: Int64, score: Int64) {
        self.utilization = utilization
        self.score = score
    }
}

/// A resource that a score looks at, without its name: comparing names per node would cost more than the score.
struct ScoredResource: Sendable {
    enum Kind: UInt8, Sendable { case cpu, memory, ephemeralStorage, scalar }

    let kind: Kind
    let weight: Int64
    /// The place in the list of resources, where the name stands.
    let place: Int

    /// Returns `resources` with their kinds worked out.
    static func all(_ resources: [ResourceWeight]) -> [ScoredResource] {
        resources.enumerated().map { place, resource in
            let kind: Kind =
                switch resource.name {
                case .cpu: .cpu
                case .memory: .memory
                case .ephemeralStorage: .ephemeralStorage
                default: .scalar
                }
            return ScoredResource(kind: kind, weight: resource.weight, place: place)
        }
    }
}

/// What one resource of a node looks like to a score.
struct ResourceUse {
    /// With the pod that is being placed.
    var requested: Int64
    /// Without it.
    var allocated: Int64
    /// 0 when the resource plays no part.
    var allocatable: Int64

    /// Returns the use of `resource` on `node`; `nonZero` counts containers without requests as small ones.
    init(
        _ resource: ScoredResource, of list: [ResourceWeight], pod: PodShape, on node: NodeInfo, nonZero: Bool
    ) {
        let asked: Int64
        switch resource.kind {
        case .cpu:
            asked = nonZero ? pod.scoredRequests.milliCPU : pod.requests.milliCPU
            allocated = nonZero ? node.nonZeroRequested.milliCPU : node.requested.milliCPU
            allocatable = node.allocatable.milliCPU
        case .memory:
            asked = nonZero ? pod.scoredRequests.memory : pod.requests.memory
            allocated = nonZero ? node.nonZeroRequested.memory : node.requested.memory
            allocatable = node.allocatable.memory
        case .ephemeralStorage:
            asked = pod.requests.ephemeralStorage
            allocated = node.requested.ephemeralStorage
            allocatable = node.allocatable.ephemeralStorage
        case .scalar:
            let name = list[resource.place].name
            asked = nonZero ? pod.scoredRequests.scalar(name) : pod.requests.scalar(name)
            // A pod that does not ask for it does not care how full it is.
            allocated = asked != 0 ? node.requested.scalar(name) : 0
            allocatable = asked != 0 ? node.allocatable.scalar(name) : 0
        }
        requested = allocated + asked
    }
}

/// The curve of `RequestedToCapacityRatio`: straight lines between points.
enum UtilizationCurve {
    /// Returns the score, 0 to 100, at `utilization` percent.
    static func score(_ points: [UtilizationPoint], at utilization: Int64) -> Int64 {
        guard let last = points.last else { return 0 }
        // Points are written on a scale to 10.
        let factor: Int64 = 10
        for (index, point) in points.enumerated() where utilization <= point.utilization {
            guard index > 0 else { return point.score * factor }
            let before = points[index - 1]
            let rise = (point.score - before.score) * factor
            return before.score * factor
                + rise * (utilization - before.utilization) / (point.utilization - before.utilization)
        }
        return last.score * factor
    }
}
