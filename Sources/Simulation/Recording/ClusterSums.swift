import Chronology
import Observations

/// The sums over the cluster that the capacity report is made of.
struct ClusterSums {
    /// The moment at which most was requested of a resource, and what could be allocated then.
    struct Peak {
        private(set) var requested: Int64 = 0
        private(set) var allocatable: Int64 = 0

        /// Notes what held for some time; of equal moments the one with the most machines counts.
        mutating func note(requested: Int64, allocatable: Int64) {
            guard requested > self.requested || (requested == self.requested && allocatable > self.allocatable)
            else { return }
            (self.requested, self.allocatable) = (requested, allocatable)
        }
    }

    var since = Instant.start
    // Since the last row, up to `notedTo`.
    private var peakCPU = Peak()
    private var peakMemory = Peak()
    private var notedTo = Instant.start
    var nodes = TimeIntegral()
    var pods = TimeIntegral()
    var pending = TimeIntegral()
    var allocatableCPU = TimeIntegral()
    var requestedCPU = TimeIntegral()
    var allocatableMemory = TimeIntegral()
    var requestedMemory = TimeIntegral()
    var allocatableGPU = TimeIntegral()
    var requestedGPU = TimeIntegral()

    /// Notes what has held until `now`, before any of it changes: what comes and goes within an instant is no peak.
    mutating func notePeaks(until now: Instant) {
        guard notedTo < now else { return }
        notedTo = now
        peakCPU.note(requested: requestedCPU.value, allocatable: allocatableCPU.value)
        peakMemory.note(requested: requestedMemory.value, allocatable: allocatableMemory.value)
    }

    /// Returns the means of the stretch that ends at `now`, and begins the next one.
    mutating func take(at now: Instant) -> CapacityIntervalRow {
        notePeaks(until: now)
        defer {
            since = now
            (peakCPU, peakMemory) = (Peak(), Peak())
        }
        var row = CapacityIntervalRow(
            from: since, to: now, nodes: Int32(clamping: nodes.takeMean(from: since, to: now)),
            pods: Int32(clamping: pods.takeMean(from: since, to: now)),
            pending: Int32(clamping: pending.takeMean(from: since, to: now)),
            allocatableCPU: allocatableCPU.takeMean(from: since, to: now),
            requestedCPU: requestedCPU.takeMean(from: since, to: now),
            allocatableMemory: allocatableMemory.takeMean(from: since, to: now),
            requestedMemory: requestedMemory.takeMean(from: since, to: now),
            allocatableGPU: allocatableGPU.takeMean(from: since, to: now),
            requestedGPU: requestedGPU.takeMean(from: since, to: now))
        (row.peakRequestedCPU, row.peakAllocatableCPU) = (peakCPU.requested, peakCPU.allocatable)
        (row.peakRequestedMemory, row.peakAllocatableMemory) = (peakMemory.requested, peakMemory.allocatable)
        return row
    }
}

/// What one pod is counted to use: thousandths of a core, and bytes.
struct PodUsage {
    var cpu: Int64 = 0
    var memory: Int64 = 0
    /// The part of each that nobody has said.
    var assumedCPU: Int64 = 0
    var assumedMemory: Int64 = 0
}

/// What the pods of one workload used in the current stretch.
struct DemandSums {
    var since: Instant
    var cpu = TimeIntegral()
    var memory = TimeIntegral()
    var pods = TimeIntegral()
    var assumedCPU = TimeIntegral()
    var assumedMemory = TimeIntegral()

    /// Counts what a pod uses now in place of what it used before.
    mutating func change(from old: PodUsage, to new: PodUsage, at now: Instant) {
        cpu.add(new.cpu - old.cpu, at: now)
        memory.add(new.memory - old.memory, at: now)
        // In most runs everything is assumed, or nothing, and does not change.
        if new.assumedCPU != old.assumedCPU { assumedCPU.add(new.assumedCPU - old.assumedCPU, at: now) }
        if new.assumedMemory != old.assumedMemory { assumedMemory.add(new.assumedMemory - old.assumedMemory, at: now) }
    }

    /// Returns the means of the stretch that ends at `now`, or nil when no pod ran in it; begins the next one.
    ///
    /// The number of pods is rounded up: what a pod used that ran for a part of the stretch only is spread over all of it.
    mutating func take(controller: Int32, at now: Instant) -> DemandIntervalRow? {
        let from = since
        let areas = (pods: pods.takeArea(to: now), cpu: cpu.takeArea(to: now), memory: memory.takeArea(to: now))
        let assumed = (cpu: assumedCPU.takeArea(to: now), memory: assumedMemory.takeArea(to: now))
        since = now
        guard areas.pods > 0 else { return nil }
        let length = Int128((now - from).nanoseconds)
        let pods = (areas.pods + length - 1) / length
        func each(_ area: Int128) -> Int64 { Int64((area + length * pods / 2) / (length * pods)) }
        var row = DemandIntervalRow(
            controller: controller, from: from, to: now, cpu: each(areas.cpu), memory: each(areas.memory),
            pods: Int32(clamping: pods))
        (row.assumedCPU, row.assumedMemory) = (each(assumed.cpu), each(assumed.memory))
        return row
    }
}
