import Costs
import Observations

/// What an hour of a machine costs, split as OpenCost splits it; in dollars.
struct NodePrice {
    let total: Double
    let core: Double
    let gibibyte: Double
    let gpu: Double
    let gpus: Double
    let isSpot: Bool

    /// Returns nil for a machine whose price is not known.
    init?(_ machine: NodeRow) {
        guard machine.pricePerHour > 0 else { return nil }
        let capacity = ResourceAmounts(
            cpuMilli: machine.capacityCPU, memoryBytes: machine.capacityMemory, gpuMilli: machine.capacityGPU * 1_000)
        let parts = ResourceRatios.openCost.split(NanoDollars(machine.pricePerHour), capacity: capacity)
        func unitPrice(_ part: NanoDollars, _ amount: Double) -> Double {
            amount > 0 ? Double(part.amount) / 1e9 / amount : 0
        }
        total = Double(machine.pricePerHour) / 1e9
        core = unitPrice(parts.cpu, Double(machine.capacityCPU) / 1e3)
        gibibyte = unitPrice(parts.memory, Double(machine.capacityMemory) / Double(1 << 30))
        gpu = unitPrice(parts.gpu, Double(machine.capacityGPU))
        gpus = Double(machine.capacityGPU)
        isSpot = machine.purchase == Purchase.spot.rawValue
    }
}
