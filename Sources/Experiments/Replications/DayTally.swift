import Observations
import RunDatabase

/// The money of a stretch of time, and how full the cluster was at its extremes.
struct DayTally {
    /// In nano-dollars.
    var cost: Int64 = 0
    private var nodesMax: Int64 = 0
    private var podsMax: Int64 = 0
    private var cpuRequestedMax: Int64 = 0
    private var memoryRequestedMax: Int64 = 0
    /// nil before anything was seen.
    private var cpuFreeMin: Int64?
    private var memoryFreeMin: Int64?

    mutating func add(_ row: CapacityIntervalRow) {
        nodesMax = max(nodesMax, Int64(row.nodes))
        podsMax = max(podsMax, Int64(row.pods))
        cpuRequestedMax = max(cpuRequestedMax, row.requestedCPU)
        memoryRequestedMax = max(memoryRequestedMax, row.requestedMemory)
        let cpu = row.allocatableCPU - row.requestedCPU
        let memory = row.allocatableMemory - row.requestedMemory
        cpuFreeMin = min(cpuFreeMin ?? cpu, cpu)
        memoryFreeMin = min(memoryFreeMin ?? memory, memory)
    }

    var capacityMetrics: [ReplicationOutcome.Metric] {
        let rows: [(String, Int64, String)] = [
            ("cpu.free.min", cpuFreeMin ?? 0, "millicores"), ("cpu.requested.max", cpuRequestedMax, "millicores"),
            ("memory.free.min", memoryFreeMin ?? 0, "bytes"), ("memory.requested.max", memoryRequestedMax, "bytes"),
            ("nodes.max", nodesMax, "count"), ("pods.max", podsMax, "count"),
        ]
        return rows.map { ReplicationOutcome.Metric(name: $0.0, value: $0.1, unit: $0.2) }
    }
}
