import Chronology

/// What one pod holds of its node, and what it has come to owe.
struct PodMeter: Hashable {
    let account: Account
    /// The slot of its node.
    let node: Int32
    private var held = ResourceAmounts.zero
    /// What must be taken off (held x the node's unit) to leave what the pod owes.
    private var offsetCPU: Int128 = 0
    private var offsetMemory: Int128 = 0
    private var offsetGPU: Int128 = 0

    init(account: Account, node: Int32) {
        self.account = account
        self.node = node
    }

    /// Holds `amounts` from `now` on, on its node's meter.
    mutating func hold(_ amounts: ResourceAmounts, on meter: inout NodeMeter, at now: Instant) {
        meter.accrue(to: now)
        offsetCPU += Int128(amounts.cpuMilli - held.cpuMilli) * meter.cpu.unit
        offsetMemory += Int128(amounts.memoryBytes - held.memoryBytes) * meter.memory.unit
        offsetGPU += Int128(amounts.gpuMilli - held.gpuMilli) * meter.gpu.unit
        meter.hold(amounts, insteadOf: held)
        held = amounts
    }

    /// Returns what the pod owes by the state of its node's meter, rounded down for each resource.
    func owed(on meter: borrowing NodeMeter) -> ResourceCharge {
        ResourceCharge(
            cpu: meter.cpu.money(Int128(held.cpuMilli) * meter.cpu.unit - offsetCPU),
            memory: meter.memory.money(Int128(held.memoryBytes) * meter.memory.unit - offsetMemory),
            gpu: meter.gpu.money(Int128(held.gpuMilli) * meter.gpu.unit - offsetGPU))
    }
}
