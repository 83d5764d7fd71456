/// The least that machines can cost which hold a demand, whatever is put where: no search can find a cheaper set.
///
/// With any weights on the resources that sum to one, the machines must hold the weighted demand. The bound of one choice
/// of weights is exact in integers; the weights are then improved step by step (a dual of the linear program in which
/// pods and machines may be cut to pieces).
package struct DemandBound {
    /// A machine: what it costs, and what pods may use of it, resource by resource.
    package struct Machine: Hashable, Sendable {
        package var cost: Int64
        package var room: [Int64]

        package init(cost: Int64, room: [Int64]) {
            self.cost = cost
            self.room = room
        }
    }

    /// What a machine holds of the demand of each resource, in units of `scale`, rounded up.
    private let shares: [[Int128]]
    private let costs: [Int128]
    private let resources: Int
    private static let scale: Int128 = 1 << 40
    private static let weightSum: Int128 = 1 << 12

    /// Prepares the bound of a demand; resources of which nothing is wanted do not count.
    package init(_ demand: [Int64], machines: [Machine]) {
        let wanted = demand.indices.filter { demand[$0] > 0 }
        resources = wanted.count
        costs = machines.map { Int128($0.cost) }
        shares = machines.map { machine in
            wanted.map { place in
                let whole = Int128(demand[place])
                return (Int128(max(0, machine.room[place])) * Self.scale + whole - 1) / whole
            }
        }
    }

    /// The least cost of machines of which there are as many as one wants; nil when none of them has some resource.
    package var ofMany: Int64? {
        improved { weights in
            var least: Int128?
            for (place, share) in shares.enumerated() {
                let held = Self.weighted(share, weights)
                guard held > 0 else { continue }
                let whole = Self.scale * Self.weightSum
                let cost = (costs[place] * whole + held - 1) / held
                least = min(least ?? cost, cost)
            }
            return least
        }
    }

    /// The least cost of those of the machines that must stay; nil when even all of them do not hold the demand.
    package var ofThese: Int64? {
        improved { weights in
            let held = shares.map { Self.weighted($0, weights) }
            let order = costs.indices.sorted { left, right in
                let (first, second) = (costs[left] * held[right], costs[right] * held[left])
                return first == second ? left < right : first < second
            }
            var missing = Self.scale * Self.weightSum
            var cost: Int128 = 0
            for place in order where held[place] > 0 {
                guard missing > held[place] else {
                    return cost + (costs[place] * missing + held[place] - 1) / held[place]
                }
                missing -= held[place]
                cost += costs[place]
            }
            return missing == 0 ? cost : nil
        }
    }

    private static func weighted(_ share: [Int128], _ weights: [Int128]) -> Int128 {
        var sum: Int128 = 0
        for place in share.indices { sum += share[place] * weights[place] }
        return sum
    }

    /// Moves weight from one resource to another for as long as that raises `bound`; nil as soon as that is nil.
    private func improved(_ bound: ([Int128]) -> Int128?) -> Int64? {
        guard resources > 0 else { return 0 }
        var best: (weights: [Int128], value: Int128)?
        for resource in 0..<resources {
            var weights = [Int128](repeating: 0, count: resources)
            weights[resource] = Self.weightSum
            guard let value = bound(weights) else { return nil }
            if value > best?.value ?? -1 { best = (weights, value) }
        }
        guard var (weights, value) = best else { return nil }
        var step = Self.weightSum / 2
        while step > 0 {
            var isBetter = false
            for from in 0..<resources {
                for to in 0..<resources where to != from && weights[from] >= step {
                    var moved = weights
                    moved[from] -= step
                    moved[to] += step
                    guard let other = bound(moved), other > value else { continue }
                    (weights, value, isBetter) = (moved, other, true)
                }
            }
            if !isBetter { step /= 2 }
        }
        return Int64(clamping: value)
    }
}
