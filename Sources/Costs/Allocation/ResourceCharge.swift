/// Money by the resource it was paid for.
package struct ResourceCharge: Hashable, Sendable {
    /// What was paid for processors.
    package var cpu: NanoDollars
    /// What was paid for memory.
    package var memory: NanoDollars
    /// What was paid for GPUs.
    package var gpu: NanoDollars

    /// Creates a charge from its parts.
    package init(cpu: NanoDollars, memory: NanoDollars, gpu: NanoDollars) {
        self.cpu = cpu
        self.memory = memory
        self.gpu = gpu
    }

    /// No charge.
    package static let zero = ResourceCharge(cpu: .zero, memory: .zero, gpu: .zero)

    /// The sum over the resources.
    package var total: NanoDollars { cpu + memory + gpu }

    package static func + (left: ResourceCharge, right: ResourceCharge) -> ResourceCharge {
        ResourceCharge(cpu: left.cpu + right.cpu, memory: left.memory + right.memory, gpu: left.gpu + right.gpu)
    }

    package static func - (left: ResourceCharge, right: ResourceCharge) -> ResourceCharge {
        ResourceCharge(cpu: left.cpu - right.cpu, memory: left.memory - right.memory, gpu: left.gpu - right.gpu)
    }

    package static func += (left: inout ResourceCharge, right: ResourceCharge) { left = left + right }

    /// Splits an amount by largest remainder; without any weight all of it is CPU's.
    init(splitting total: NanoDollars, by weights: [Int64]) {
        let parts = Apportionment.largestRemainder(
            total: total.amount, weights: weights.allSatisfy { $0 == 0 } ? [1, 0, 0] : weights)
        self.init(cpu: NanoDollars(parts[0]), memory: NanoDollars(parts[1]), gpu: NanoDollars(parts[2]))
    }
}

/// What a node cost and where it went: `total` is the sum of the other three, to the nano-dollar.
package struct NodeBill: Hashable, Sendable {
    /// What the provider bills for the machine.
    package let total: NanoDollars
    /// What pods were charged.
    package let allocated: ResourceCharge
    /// What was paid for and used by nobody, time billed beyond the machine's life included; never negative.
    package let idle: ResourceCharge
    /// What the kubelet's and the system's reservations took.
    package let overhead: ResourceCharge

    /// The bill of a node that was just opened.
    package static let nothing = NodeBill(total: .zero, allocated: .zero, idle: .zero, overhead: .zero)
}
