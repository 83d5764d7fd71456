/// A filter that for most shapes follows from the plain numbers of a node.
package protocol UsageFilterPlugin: FilterPlugin {
    /// Returns what pods of `shape` need, or nil when the plugin has to be asked.
    func demand(of shape: PodShape) -> UsageDemand?
}

/// A score that for most shapes follows from the plain numbers of a node.
package protocol UsageScorePlugin: ScorePlugin {
    /// Returns how nodes score for pods of `shape`, or nil when the plugin has to be asked.
    func formula(for shape: PodShape) -> UsageFormula?
}

/// What a pod needs of a node to fit it.
package struct UsageDemand: Sendable {
    let milliCPU: Int64
    let memory: Int64
    let ephemeralStorage: Int64

    /// One more than the largest shortage.
    package static let shortages = 128

    /// Returns 0 when the pod fits, else a number that says what there is too little of: equal numbers, equal verdicts.
    package func shortage(on usage: UnsafePointer<NodeUsage>) -> Int {
        var bits = usage.pointee.podCount + 1 > usage.pointee.allowedPods ? 1 : 0
        if milliCPU > 0 { bits |= Self.bits(milliCPU, usage.pointee.cpu) << 1 }
        if memory > 0 { bits |= Self.bits(memory, usage.pointee.memory) << 3 }
        if ephemeralStorage > 0 { bits |= Self.bits(ephemeralStorage, usage.pointee.ephemeralStorage) << 5 }
        return bits
    }

    private static func bits(_ wanted: Int64, _ amount: NodeUsage.Amount) -> Int {
        if wanted <= amount.allocatable - amount.requested { return 0 }
        return wanted > amount.allocatable ? 3 : 1
    }
}

/// The score of a node, 0 to 100, for pods of one shape.
package struct UsageFormula: Sendable {
    enum Kind: UInt8, Sendable {
        case leastAllocated, mostAllocated, balanced
    }

    let kind: Kind
    let milliCPU: Int64
    let memory: Int64
    var cpuWeight: Int64 = 1
    var memoryWeight: Int64 = 1

    package func score(on usage: UnsafePointer<NodeUsage>) -> Int64 {
        if kind == .balanced {
            let evenness = usage.pointee.evenness(addingCPU: milliCPU, memory: memory)
            return 50 + (50 + evenness - usage.pointee.evenness) / 2
        }
        var sum: Int64 = 0
        var weights: Int64 = 0
        func add(_ asked: Int64, _ amount: NodeUsage.Amount, weight: Int64) {
            guard amount.allocatable != 0 else { return }
            let used = min(amount.counted + asked, amount.allocatable)
            let counts = kind == .leastAllocated ? amount.allocatable - used : used
            sum += weight * (counts * 100 / amount.allocatable)
            weights += weight
        }
        add(milliCPU, usage.pointee.cpu, weight: cpuWeight)
        add(memory, usage.pointee.memory, weight: memoryWeight)
        return weights == 2 ? sum >> 1 : weights == 0 ? 0 : sum / weights
    }
}

extension ScoredResource {
    /// The weights of CPU and memory when `resources` are these two and others that `shape` does not ask for.
    static func cpuAndMemory(
        _ resources: [ScoredResource], of list: [ResourceWeight], for shape: PodShape
    ) -> (cpu: Int64, memory: Int64)? {
        var cpu: Int64?
        var memory: Int64?
        for resource in resources {
            switch resource.kind {
            case .cpu:
                if cpu != nil { return nil }
                cpu = resource.weight
            case .memory:
                if memory != nil { return nil }
                memory = resource.weight
            case .ephemeralStorage: return nil
            case .scalar: if shape.requests.scalar(list[resource.place].name) != 0 { return nil }
            }
        }
        guard let cpu, let memory else { return nil }
        return (cpu, memory)
    }
}
