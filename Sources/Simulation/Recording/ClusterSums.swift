import Chronology
import Observations

/// The sums over the cluster that the capacity report is made of.
struct ClusterSums {
    var since = Instant.start
    var nodes = TimeIntegral()
    var pods = TimeIntegral()
    var pending = TimeIntegral()
    var allocatableCPU = TimeIntegral()
    var requestedCPU = TimeIntegral()
    var allocatableMemory = TimeIntegral()
    var requestedMemory = TimeIntegral()
    var allocatableGPU = TimeIntegral()
    var requestedGPU = TimeIntegral()

    /// Returns the means of the stretch that ends at `now`, and begins the next one.
    mutating func take(at now: Instant) -> CapacityIntervalRow {
        defer { since = now }
        return CapacityIntervalRow(
            from: since, to: now, nodes: Int32(clamping: nodes.takeMean(from: since, to: now)),
            pods: Int32(clamping: pods.takeMean(from: since, to: now)),
            pending: Int32(clamping: pending.takeMean(from: since, to: now)),
            allocatableCPU: allocatableCPU.takeMean(from: since, to: now),
            requestedCPU: requestedCPU.takeMean(from: since, to: now),
            allocatableMemory: allocatableMemory.takeMean(from: since, to: now),
            requestedMemory: requestedMemory.takeMean(from: since, to: now),
            allocatableGPU: allocatableGPU.takeMean(from: since, to: now),
            requestedGPU: requestedGPU.takeMean(from: since, to: now))
    }
}

/// What the pods of one workload used in the current stretch.
struct DemandSums {
    var since = Instant.start
    var cpu = TimeIntegral()
    var memory = TimeIntegral()
    var pods = TimeIntegral()

    /// Returns the means of the stretch that ends at `now`, or nil when no pod ran in it; begins the next one.
    mutating func take(controller: Int32, at now: Instant) -> DemandIntervalRow? {
        let from = since
        let pods = pods.takeMean(from: from, to: now)
        let cpu = cpu.takeMean(from: from, to: now)
        let memory = memory.takeMean(from: from, to: now)
        since = now
        guard pods > 0, from < now else { return nil }
        return DemandIntervalRow(
            controller: controller, from: from, to: now, cpu: cpu / pods, memory: memory / pods,
            pods: Int32(clamping: pods))
    }
}
