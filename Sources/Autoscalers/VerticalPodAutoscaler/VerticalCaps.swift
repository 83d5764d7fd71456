// Kubernetes counterpart: vertical-pod-autoscaler/pkg/utils/vpa (capping, proportional limits) and pkg/utils/limitrange
// (v1.5). Deliberate differences: a container without a recommendation keeps its requests where a limit range for pods
// would have upstream's process end.

import ControlPlane
import KubernetesAPI

/// What bounds the recommendations for the pods of a namespace: its limit ranges.
struct VerticalCaps {
    /// Bounds of several limit ranges in one.
    struct Bounds: Hashable {
        var min = ResourceList()
        var max = ResourceList()
        var `default` = ResourceList()
    }

    static let resources = [ResourceName.cpu, ResourceName.memory]

    /// For each container; nil when nothing bounds them.
    let container: Bounds?
    /// For all containers of a pod together.
    let pod: Bounds?

    /// Takes bounds as they are.
    init(container: Bounds? = nil, pod: Bounds? = nil) {
        self.container = container
        self.pod = pod
    }

    /// Reads the limit ranges of a namespace.
    init(of namespace: String, in view: any ClusterView) {
        var items: [LimitRange.Item] = []
        for case .limitRange(let range) in view.objects(of: .limitRange, namespace: namespace) { items += range.items }
        container = Self.joined(items.filter { $0.type == "Container" })
        pod = Self.joined(items.filter { $0.type == "Pod" })
    }

    /// The narrowest of several bounds; the last default holds.
    private static func joined(_ items: [LimitRange.Item]) -> Bounds? {
        var joined: Bounds?
        for item in items where !(item.max.isEmpty && item.min.isEmpty && item.default.isEmpty) {
            var bounds = joined ?? Bounds()
            if !item.default.isEmpty { bounds.default = item.default }
            for entry in item.max.entries where bounds.max[entry.name].map({ entry.amount < $0 }) ?? true {
                bounds.max[entry.name] = entry.amount
            }
            for entry in item.min.entries where bounds.min[entry.name].map({ entry.amount > $0 }) ?? true {
                bounds.min[entry.name] = entry.amount
            }
            joined = bounds
        }
        return joined
    }

    // MARK: - The rules

    /// Returns what `autoscaler` recommends for a pod of this spec, within the limit ranges, its policies and, where
    /// limits are not to change, the limits.
    func capped(
        _ autoscaler: VerticalPodAutoscaler, for spec: PodSpec
    ) -> [VerticalPodAutoscaler.ContainerRecommendation] {
        var found = autoscaler.status.recommendation ?? []
        if let pod {
            for resource in Self.resources {
                for amounts in [\VerticalPodAutoscaler.ContainerRecommendation.upperBound, \.target, \.lowerBound] {
                    Self.fit(&found, amounts, resource, into: pod, of: spec)
                }
            }
        }
        return found.compactMap { recommendation in
            guard let container = spec.containers.first(where: { $0.name == recommendation.containerName }) else {
                return nil
            }
            let policy = autoscaler.policy(for: container.name)
            var capped = recommendation
            cap(&capped.target, of: container, by: policy)
            cap(&capped.lowerBound, of: container, by: policy)
            cap(&capped.upperBound, of: container, by: policy)
            return capped
        }
    }

    private func cap(
        _ list: inout ResourceList, of container: Container, by policy: VerticalPodAutoscaler.ContainerPolicy?
    ) {
        for entry in list.entries {
            var amount = entry.amount
            if let bounds = self.container, Self.resources.contains(entry.name) {
                let boundary = Self.requestBoundary(bounds.min, bounds.default, entry.name, of: container)
                amount = Self.within(
                    amount, Swift.max(boundary, bounds.min[entry.name] ?? .zero),
                    Self.requestBoundary(bounds.max, bounds.default, entry.name, of: container))
            }
            amount = Self.within(
                amount, policy?.minAllowed[entry.name] ?? .zero, policy?.maxAllowed[entry.name] ?? .zero)
            if policy?.controlledValues == .requestsOnly, let limit = container.limits[entry.name] {
                amount = Swift.min(amount, limit)
            }
            list[entry.name] = amount
        }
    }

    /// Returns an amount of at least `least` and at most `most`, of which 0 bounds nothing.
    static func within(_ amount: Quantity, _ least: Quantity, _ most: Quantity) -> Quantity {
        let raised = least > .zero && amount < least ? least : amount
        return most > .zero && raised > most ? most : raised
    }

    /// Returns what a container may ask for so that its limit, in proportion, is at `bound`; 0 for anything.
    private static func requestBoundary(
        _ bound: ResourceList, _ defaults: ResourceList, _ resource: ResourceName, of container: Container
    ) -> Quantity {
        guard let bound = bound[resource], let limit = limit(of: container, resource, or: defaults) else {
            return .zero
        }
        let request = container.requests[resource] ?? .zero
        return request.value == 0 ? bound : scaled(request, by: bound, over: limit, resource)
    }

    private static func limit(
        of container: Container, _ resource: ResourceName, or defaults: ResourceList
    ) -> Quantity? {
        let own = container.limits[resource] ?? .zero
        let limit = own.value == 0 ? defaults[resource] ?? .zero : own
        return limit.value == 0 ? nil : limit
    }

    /// Returns the limit that stands to `request` as the container's own limit does to its own request; nil for none.
    static func limit(
        of container: Container, _ resource: ResourceName, for request: Quantity?, or defaults: ResourceList
    ) -> Quantity? {
        guard let limit = limit(of: container, resource, or: defaults), let request, request.value != 0 else {
            return nil
        }
        let own = container.requests[resource] ?? .zero
        if own.value == 0 || own.milliValue == limit.milliValue { return request }
        return scaled(limit, by: request, over: own, resource)
    }

    /// Returns `amount` · `factor` / `base`, rounded down to thousandths of a core or to bytes.
    private static func scaled(
        _ amount: Quantity, by factor: Quantity, over base: Quantity, _ resource: ResourceName
    ) -> Quantity {
        if resource == .cpu {
            let milli = Int128(amount.milliValue) * Int128(factor.milliValue) / Int128(Swift.max(1, base.milliValue))
            return Quantity(milli: Int64(clamping: milli))
        }
        let whole = Int128(amount.value) * Int128(factor.value) / Int128(Swift.max(1, base.value))
        return Quantity(Int64(clamping: whole), format: amount.format)
    }

    // MARK: - Whole pods

    private static func fit(
        _ found: inout [VerticalPodAutoscaler.ContainerRecommendation],
        _ amounts: WritableKeyPath<VerticalPodAutoscaler.ContainerRecommendation, ResourceList>,
        _ resource: ResourceName, into bounds: Bounds, of spec: PodSpec
    ) {
        var (limits, requests) = (Quantity.zero, Quantity.zero)
        for container in spec.containers {
            let own = found.first { $0.containerName == container.name }
            let request = own.map { $0[keyPath: amounts][resource] ?? .zero } ?? container.requests[resource] ?? .zero
            limits = limits + (limit(of: container, resource, for: request, or: bounds.default) ?? .zero)
            requests = requests + request
        }
        let (least, most) = (bounds.min[resource] ?? .zero, bounds.max[resource] ?? .zero)
        guard limits > .zero, least > limits || least > requests || (most > .zero && most < limits) else { return }
        // Too little is asked for in sum, or the limits that follow from it are too low or too high.
        let isTooMuch = most > .zero && most < limits
        let (factor, base) = least > requests ? (least, requests) : (isTooMuch ? most : least, limits)
        guard base > .zero else { return }
        for place in found.indices {
            guard let amount = found[place][keyPath: amounts][resource] else { continue }
            found[place][keyPath: amounts][resource] = scaled(amount, by: factor, over: base, resource)
        }
    }
}
