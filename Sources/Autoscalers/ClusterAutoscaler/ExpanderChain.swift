import Chronology
import KubernetesAPI
import SchedulingFramework

// Kubernetes counterpart: expander/factory/chain.go and its strategies.
// Deliberate difference: the price is that of the machines alone, for what the pods ask of CPU and memory.

/// Chooses one of several groups that could grow.
struct ExpanderChain {
    let parameters: ClusterAutoscaler.Parameters
    let pending: [PendingGroup]
    let now: Instant

    /// Returns the option that is left when each expander has taken out those that are not the best; the last is drawn.
    func choice(_ options: [ScaleUpOption]) -> ScaleUpOption? {
        var left = options
        for expander in parameters.expanders where left.count > 1 { left = best(left, by: expander) }
        return left.count > 1 ? left[draw(left)] : left.first
    }

    private func best(_ options: [ScaleUpOption], by expander: ClusterAutoscaler.Expander) -> [ScaleUpOption] {
        switch expander {
        case .random: [options[draw(options)]]
        case .mostPods: Self.lowest(options) { -Int128($0.podCount) }
        case .leastNodes: Self.lowest(options) { Int128($0.nodeCount) }
        case .leastWaste: Self.lowest(options, waste)
        case .price: priced(options)
        case .priority: preferred(options)
        }
    }

    private static func lowest(_ options: [ScaleUpOption], _ score: (ScaleUpOption) -> Int128) -> [ScaleUpOption] {
        let scores = options.map(score)
        guard let lowest = scores.min() else { return options }
        return options.indices.filter { scores[$0] == lowest }.map { options[$0] }
    }

    private func requests(_ option: ScaleUpOption) -> (milliCPU: Int128, memory: Int128) {
        var sum: (milliCPU: Int128, memory: Int128) = (0, 0)
        for (place, count) in option.placed.enumerated() where count > 0 {
            let wanted = pending[place].kind.shape.requests
            sum.milliCPU += Int128(wanted.milliCPU) * Int128(count)
            sum.memory += Int128(wanted.memory) * Int128(count)
        }
        return sum
    }

    /// The idle shares of CPU and memory together, in billionths.
    private func waste(_ option: ScaleUpOption) -> Int128 {
        let capacity = ResourceAmounts(option.node.node.status.capacity)
        let wanted = requests(option)
        func idle(_ wanted: Int128, _ whole: Int64) -> Int128 {
            let whole = Int128(whole) * Int128(option.nodeCount)
            return whole > 0 ? (whole - wanted) * 1_000_000_000 / whole : 0
        }
        return idle(wanted.milliCPU, capacity.milliCPU) + idle(wanted.memory, capacity.memory)
    }

    /// Those with the lowest price for what the pods ask for, a GiB being worth 134 thousandths of a CPU; a group
    /// without a price only when none has any.
    private func priced(_ options: [ScaleUpOption]) -> [ScaleUpOption] {
        let known = options.filter { $0.group.pricePerHour != nil }
        if known.isEmpty { return options }
        return Self.lowest(known) { option in
            let wanted = requests(option)
            let worth = max(1, wanted.milliCPU + wanted.memory * 134 / (1 << 30))
            return Int128(option.group.pricePerHour ?? 0) * Int128(option.nodeCount) * 1000 / worth
        }
    }

    /// Those of the highest tier; all when none is in any.
    private func preferred(_ options: [ScaleUpOption]) -> [ScaleUpOption] {
        let tiers = options.map { option in
            parameters.priorities.filter { tier in
                tier.patterns.contains { Self.matches(Array($0.utf8)[...], Array(option.group.name.utf8)[...]) }
            }.map(\.priority).max()
        }
        guard let highest = tiers.compactMap({ $0 }).max() else { return options }
        return options.indices.filter { tiers[$0] == highest }.map { options[$0] }
    }

    private static func matches(_ pattern: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>) -> Bool {
        guard let first = pattern.first else { return text.isEmpty }
        let isDotted = first == 0x2E && pattern.dropFirst().first == 0x2A
        if first == 0x2A || isDotted {
            let rest = pattern.dropFirst(isDotted ? 2 : 1)
            for start in text.startIndex...text.endIndex where matches(rest, text[start...]) { return true }
            return false
        }
        return first == text.first && matches(pattern.dropFirst(), text.dropFirst())
    }

    /// Draws by the seed, the time and the names, so that the same question has the same answer.
    private func draw(_ options: [ScaleUpOption]) -> Int {
        var hash = 0xcbf2_9ce4_8422_2325 ^ (parameters.seed &* 0x9E37_79B9_7F4A_7C15)
        hash = (hash ^ UInt64(bitPattern: now.nanoseconds)) &* 0x100_0000_01b3
        for option in options {
            for byte in option.group.name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        }
        hash = (hash ^ hash >> 31) &* 0xBF58_476D_1CE4_E5B9
        hash ^= hash >> 32
        return Int(hash % UInt64(options.count))
    }
}
