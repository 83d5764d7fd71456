// Kubernetes counterpart: noderesources/balanced_allocation.go (v1.36). Deliberate differences: no DRA.

import KubernetesAPI

/// Ranks nodes by how much the pod evens out the shares in which their resources are used.
package struct NodeResourcesBalancedAllocation: SchedulerPlugin {
    package static let name: PluginName = "NodeResourcesBalancedAllocation"
    /// Weights play no part.
    package let resources: [ResourceWeight]
    private let scored: [ScoredResource]

    package init(resources: [ResourceWeight] = ResourceWeight.cpuAndMemory) {
        self.resources = resources
        scored = ScoredResource.all(resources)
    }
}

// MARK: - Score

extension NodeResourcesBalancedAllocation: PreScorePlugin, ScorePlugin {
    package var preScoreScope: PluginScope { .nodeObject }
    package var scoreScope: PluginScope { .nodeUsage }

    package func preScore(_ pod: PodInfo, nodes: [NodeInfo], in snapshot: Snapshot, state: CycleState) -> Verdict {
        asksForAny(pod.shape) ? .success : .skip
    }

    package func score(_ pod: PodInfo, on node: NodeInfo, in snapshot: Snapshot, state: CycleState) -> Int64 {
        // Pods that ask for nothing come here only when a profile has switched the pre-score off.
        guard asksForAny(pod.shape) else { return 0 }
        var with = Spread()
        var without = Spread()
        for resource in scored {
            let use = ResourceUse(resource, of: resources, pod: pod.shape, on: node, nonZero: false)
            guard use.allocatable != 0 else { continue }
            with.add(use.requested, of: use.allocatable)
            without.add(use.allocated, of: use.allocatable)
        }
        return 50 + (50 + with.evenness - without.evenness) / 2
    }

    private func asksForAny(_ shape: PodShape) -> Bool {
        for resource in scored {
            let amount =
                switch resource.kind {
                case .cpu: shape.requests.milliCPU
                case .memory: shape.requests.memory
                case .ephemeralStorage: shape.requests.ephemeralStorage
                case .scalar: shape.requests.scalar(resources[resource.place].name)
                }
            if amount != 0 { return true }
        }
        return false
    }
}

extension NodeResourcesBalancedAllocation: UsageScorePlugin {
    package func formula(for shape: PodShape) -> UsageFormula? {
        guard asksForAny(shape), ScoredResource.cpuAndMemory(scored, of: resources, for: shape) != nil else {
            return nil
        }
        return UsageFormula(kind: .balanced, milliCPU: shape.requests.milliCPU, memory: shape.requests.memory)
    }
}

// MARK: - The rule

extension NodeResourcesBalancedAllocation {
    /// The shares in use of several resources. Upstream computes in floating point: so must this, in the same order.
    struct Spread {
        private var first = 0.0
        private var second = 0.0
        private var rest: [Double] = []
        private var count = 0
        private var sum = 0.0

        mutating func add(_ used: Int64, of capacity: Int64) {
            let share = min(1, Double(used) / Double(capacity))
            switch count {
            case 0: first = share
            case 1: second = share
            default: rest.append(share)
            }
            count += 1
            sum += share
        }

        /// 100 less the standard deviation of the shares in percent.
        var evenness: Int64 {
            var deviation = 0.0
            if count == 2 {
                deviation = ((first - second) / 2).magnitude
            } else if count > 2 {
                let mean = sum / Double(count)
                var squares = (first - mean) * (first - mean)
                squares += (second - mean) * (second - mean)
                for share in rest { squares += (share - mean) * (share - mean) }
                deviation = (squares / Double(count)).squareRoot()
            }
            return Int64((1 - deviation) * 100)
        }
    }
}
