// Kubernetes counterpart: noderesources/fit.go (v1.36).
// Deliberate differences: DRA and in-place resize are not modelled.

package import KubernetesAPI

/// Keeps pods off nodes without enough left for their requests, and ranks nodes by what would be left.
package struct NodeResourcesFit: SchedulerPlugin {
    package enum Strategy: Hashable, Sendable {
        case leastAllocated
        case mostAllocated
        case requestedToCapacityRatio([UtilizationPoint])
    }

    /// The plugin's arguments (`NodeResourcesFitArgs`).
    package struct Arguments: Hashable, Sendable {
        package var strategy: Strategy = .leastAllocated
        package var resources = ResourceWeight.cpuAndMemory
        /// Extended resources that the filter leaves to somebody else.
        package var ignoredResources: [String] = []
        /// Prefixes, up to the slash, of extended resources that the filter leaves to somebody else.
        package var ignoredResourceGroups: [String] = []

        package init() {}
    }

    package static let name: PluginName = "NodeResourcesFit"
    package let arguments: Arguments
    private let scored: [ScoredResource]

    package init(arguments: Arguments = Arguments()) {
        self.arguments = arguments
        scored = ScoredResource.all(arguments.resources)
    }
}

// MARK: - Filter

extension NodeResourcesFit: FilterPlugin {
    package var filterScope: PluginScope { .nodeUsage }

    package func filter(_ pod: PodInfo, on node: NodeInfo, state: CycleState) -> Verdict {
        let wanted = pod.shape.requests
        // The common case first, without an allocation.
        if node.podCount < node.allowedPods, wanted.scalars.isEmpty,
            wanted.milliCPU <= node.allocatable.milliCPU - node.requested.milliCPU || wanted.milliCPU == 0,
            wanted.memory <= node.allocatable.memory - node.requested.memory || wanted.memory == 0,
            wanted.ephemeralStorage == 0
                || wanted.ephemeralStorage <= node.allocatable.ephemeralStorage - node.requested.ephemeralStorage
        {
            return .success
        }
        return shortage(of: wanted, on: node)
    }

    private func shortage(of wanted: ResourceAmounts, on node: NodeInfo) -> Verdict {
        var verdict = Verdict.success
        func refuse(_ reason: String, isHopeless: Bool) {
            verdict.reasons.append(reason)
            verdict.code = isHopeless || verdict.code == .unresolvable ? .unresolvable : .unschedulable
        }
        if node.podCount + 1 > node.allowedPods { refuse("Too many pods", isHopeless: false) }
        if wanted.isEmpty { return verdict }
        func compare(_ wanted: Int64, _ allocatable: Int64, _ requested: Int64, _ reason: @autoclosure () -> String) {
            guard wanted > 0, wanted > allocatable - requested else { return }
            refuse(reason(), isHopeless: wanted > allocatable)
        }
        compare(wanted.milliCPU, node.allocatable.milliCPU, node.requested.milliCPU, "Insufficient cpu")
        compare(wanted.memory, node.allocatable.memory, node.requested.memory, "Insufficient memory")
        compare(
            wanted.ephemeralStorage, node.allocatable.ephemeralStorage, node.requested.ephemeralStorage,
            "Insufficient ephemeral-storage")
        for scalar in wanted.scalars where !isIgnored(scalar.name) {
            compare(
                scalar.amount, node.allocatable.scalar(scalar.name), node.requested.scalar(scalar.name),
                "Insufficient \(scalar.name)")
        }
        return verdict
    }

    /// Whether the filter leaves a resource to somebody else.
    package func isIgnored(_ name: ResourceName) -> Bool {
        if arguments.ignoredResources.isEmpty && arguments.ignoredResourceGroups.isEmpty { return false }
        guard name.isExtended else { return false }
        let group = name.text.prefix { $0 != "/" }
        return arguments.ignoredResources.contains(name.text) || arguments.ignoredResourceGroups.contains(String(group))
    }
}

extension NodeResourcesFit: UsageFilterPlugin {
    package func demand(of shape: PodShape) -> UsageDemand? {
        let wanted = shape.requests
        guard wanted.scalars.allSatisfy({ isIgnored($0.name) }) else { return nil }
        return UsageDemand(
            milliCPU: wanted.milliCPU, memory: wanted.memory, ephemeralStorage: wanted.ephemeralStorage)
    }
}

// MARK: - Score

extension NodeResourcesFit: ScorePlugin {
    package var scoreScope: PluginScope { .nodeUsage }

    package func score(_ pod: PodInfo, on node: NodeInfo, in snapshot: Snapshot, state: CycleState) -> Int64 {
        var sum: Int64 = 0
        var weights: Int64 = 0
        for resource in scored {
            let use = ResourceUse(resource, of: arguments.resources, pod: pod.shape, on: node, nonZero: true)
            guard use.allocatable != 0 else { continue }
            let score = self.score(use)
            if case .requestedToCapacityRatio = arguments.strategy, score <= 0 { continue }
            sum += score * resource.weight
            weights += resource.weight
        }
        guard weights != 0 else { return 0 }
        switch arguments.strategy {
        case .leastAllocated, .mostAllocated: return sum / weights
        // Rounded half up; both are positive.
        case .requestedToCapacityRatio: return (2 * sum + weights) / (2 * weights)
        }
    }

    private func score(_ use: ResourceUse) -> Int64 {
        switch arguments.strategy {
        case .leastAllocated:
            return use.requested > use.allocatable ? 0 : (use.allocatable - use.requested) * 100 / use.allocatable
        case .mostAllocated:
            return min(use.requested, use.allocatable) * 100 / use.allocatable
        case .requestedToCapacityRatio(let points):
            let percent = use.requested > use.allocatable ? 100 : use.requested * 100 / use.allocatable
            return UtilizationCurve.score(points, at: percent)
        }
    }
}

extension NodeResourcesFit: UsageScorePlugin {
    package func formula(for shape: PodShape) -> UsageFormula? {
        let kind: UsageFormula.Kind
        switch arguments.strategy {
        case .leastAllocated: kind = .leastAllocated
        case .mostAllocated: kind = .mostAllocated
        case .requestedToCapacityRatio: return nil
        }
        guard let weights = ScoredResource.cpuAndMemory(scored, of: arguments.resources, for: shape) else { return nil }
        return UsageFormula(
            kind: kind, milliCPU: shape.scoredRequests.milliCPU, memory: shape.scoredRequests.memory,
            cpuWeight: weights.cpu, memoryWeight: weights.memory)
    }
}
