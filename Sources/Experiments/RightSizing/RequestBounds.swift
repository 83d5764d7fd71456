import ControlPlane
import KubernetesAPI

/// Between what amounts the API server lets a container's requests be.
struct RequestBounds {
    /// The container's limits, with those that limit ranges give it.
    private let limits: ResourceList
    private let ranges: [LimitRange.Item]

    /// Reads the bounds of a container; `ranges` are the items of its namespace's limit ranges.
    init(_ container: Container, _ ranges: [LimitRange.Item]) {
        self.ranges = ranges.filter { $0.type == "Container" }
        var filled = container
        for item in self.ranges { item.fill(&filled) }
        limits = filled.limits
    }

    /// Returns the nearest amount to `amount` that is allowed; `unit` counts a quantity, rounded up.
    func bounded(_ amount: Int64, _ name: ResourceName, _ unit: (Quantity) -> Int64) -> Int64 {
        var (least, most): (Int64, Int64) = (0, .max)
        for item in ranges {
            if let bound = item.min[name] { least = max(least, unit(bound)) }
            if let bound = item.max[name] { most = min(most, unit(bound)) }
            // A limit must be no more than so many times the request.
            if let ratio = item.maxLimitRequestRatio[name], ratio > .zero, let limit = limits[name] {
                let nanos = (limit.nanos * Quantity(1).nanos + ratio.nanos - 1) / ratio.nanos
                least = max(least, unit(Quantity(nanos: nanos)))
            }
        }
        if let limit = limits[name].map(unit), limit > 0 { most = min(most, limit) }
        return min(max(amount, least), most)
    }
}

extension [KubernetesObject] {
    /// Returns the items of the limit ranges among the objects that hold for the namespace of `object`.
    func limitRangeItems(for object: KubernetesObject) -> [LimitRange.Item] {
        let namespace = object.metadata.namespaceOrDefault
        var items: [LimitRange.Item] = []
        for case .limitRange(let range) in self where range.metadata.namespaceOrDefault == namespace {
            items += range.items
        }
        return items
    }
}
