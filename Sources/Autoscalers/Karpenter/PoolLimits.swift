import KubernetesAPI

/// What a pool may still buy by its `limits`.
struct PoolLimits: Sendable {
    private static let nodes: ResourceName = "nodes"

    /// In thousandths, so that shares of CPUs count.
    private var left: [(name: ResourceName, milli: Int64)]

    /// Begins with all that `pool` may have.
    init(_ pool: KarpenterNodePool) {
        left = pool.limits.entries.map { ($0.name, $0.amount.milliValue) }
    }

    var isEmpty: Bool { left.isEmpty }

    /// Takes off a machine that there is.
    mutating func subtract(_ capacity: ResourceList) {
        for place in left.indices { left[place].milli -= Self.amount(left[place].name, capacity) }
    }

    /// Gives back a machine that is gone.
    mutating func add(_ capacity: ResourceList) {
        for place in left.indices { left[place].milli += Self.amount(left[place].name, capacity) }
    }

    /// Takes off the most that a machine of any of `models` can have.
    mutating func subtractLargest(_ models: [MachineModel]) {
        for place in left.indices {
            left[place].milli -= models.map { Self.amount(left[place].name, $0.capacity) }.max() ?? 0
        }
    }

    /// Whether a machine with this capacity may be bought.
    func allow(_ capacity: ResourceList) -> Bool {
        left.allSatisfy { Self.amount($0.name, capacity) <= $0.milli }
    }

    private static func amount(_ name: ResourceName, _ capacity: ResourceList) -> Int64 {
        name == nodes ? 1000 : capacity[name]?.milliValue ?? 0
    }
}
