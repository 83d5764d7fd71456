/// What a node offers and what its pods take of it, as plain numbers: a scheduler reads millions of them a second.
///
/// Scalar resources are left out; whoever needs them asks the `NodeInfo`.
package struct NodeUsage: Sendable {
    /// Thousandths of a CPU.
    var cpu = Amount()
    /// Bytes.
    var memory = Amount()
    /// Bytes.
    var ephemeralStorage = Amount()
    var allowedPods: Int64 = 0
    var podCount: Int64 = 0
    /// How evenly CPU and memory are used, 0 to 100, as `NodeResourcesBalancedAllocation` has it.
    var evenness: Int64 = 0
    /// CPU and memory, as `cpu` and `memory` have them, in floating point: two divisions for the price of one.
    var capacities = SIMD2<Double>.zero
    var requests = SIMD2<Double>.zero
    var counts = SIMD2<Double>.zero
    /// Whether scores worked out of these are those of whole numbers: all are small, and no capacity is 0.
    var isExact = false

    /// Below it, a hundredfold is a whole number in floating point, and a quotient up to 100 that is not whole is never
    /// rounded up to the next whole number.
    static let exactMax: Int64 = 1 << 45

    /// One resource of a node.
    struct Amount: Sendable {
        var allocatable: Int64 = 0
        var requested: Int64 = 0
        /// Like `requested`, with small amounts for containers that ask for nothing.
        var counted: Int64 = 0

        fileprivate var isExact: Bool {
            allocatable > 0 && allocatable < exactMax && requested >= 0 && requested < exactMax && counted >= 0
                && counted < exactMax
        }
    }

    package init() {}

    init(
        allocatable: ResourceAmounts, requested: ResourceAmounts, nonZeroRequested: ResourceAmounts,
        allowedPods: Int64, podCount: Int64
    ) {
        cpu = Amount(
            allocatable: allocatable.milliCPU, requested: requested.milliCPU, counted: nonZeroRequested.milliCPU)
        memory = Amount(
            allocatable: allocatable.memory, requested: requested.memory, counted: nonZeroRequested.memory)
        ephemeralStorage = Amount(
            allocatable: allocatable.ephemeralStorage, requested: requested.ephemeralStorage,
            counted: requested.ephemeralStorage)
        self.allowedPods = allowedPods
        self.podCount = podCount
        evenness = evenness(addingCPU: 0, memory: 0)
        capacities = SIMD2(Double(cpu.allocatable), Double(memory.allocatable))
        requests = SIMD2(Double(cpu.requested), Double(memory.requested))
        counts = SIMD2(Double(cpu.counted), Double(memory.counted))
        isExact = cpu.isExact && memory.isExact
    }

    /// Returns how evenly CPU and memory would be used with so much more; in floating point, as upstream.
    func evenness(addingCPU milliCPU: Int64, memory bytes: Int64) -> Int64 {
        if cpu.allocatable == 0 || memory.allocatable == 0 { return 100 }
        let first = min(1, Double(cpu.requested + milliCPU) / Double(cpu.allocatable))
        let second = min(1, Double(memory.requested + bytes) / Double(memory.allocatable))
        return Int64((1 - ((first - second) / 2).magnitude) * 100)
    }
}
