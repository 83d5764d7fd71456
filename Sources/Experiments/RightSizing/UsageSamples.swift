import Autoscalers
import Chronology
import Simulation

/// What a container of all pods of a workload used, a sample of each of its pods at each look.
struct UsageSamples {
    /// How often each amount was seen, in thousandths of a core.
    private var cores: [Int64: Int64] = [:]
    /// How often each amount was seen, in MiB, rounded up.
    private var memory: [Int64: Int64] = [:]
    var history = ContainerHistory()

    mutating func add(_ usage: ContainerUsage, at instant: Instant) {
        if let cpu = usage.cpuMilli {
            cores[cpu, default: 0] += 1
            history.addCPU(milli: cpu, requestMilli: usage.requestMilli, at: instant)
        }
        if let bytes = usage.memoryBytes {
            memory[(bytes + (1 << 20) - 1) >> 20, default: 0] += 1
            history.addMemory(bytes: bytes, pod: usage.pod, at: instant)
        }
    }

    /// Whether anything is known of what it uses of the processor.
    var knowsCPU: Bool { !cores.isEmpty }
    /// Whether anything is known of what it uses of memory.
    var knowsMemory: Bool { !memory.isEmpty }

    /// Returns the least amount that covers a share of the time of all pods, in thousandths of a core.
    func cpuMilli(percentile: Int64) -> Int64? { Self.percentile(percentile, of: cores) }

    /// Returns the least amount that covers a share of the time of all pods, in bytes.
    func memoryBytes(percentile: Int64) -> Int64? { Self.percentile(percentile, of: memory).map { $0 << 20 } }

    /// Samples are taken at even times, so that their number is time.
    private static func percentile(_ percent: Int64, of counts: [Int64: Int64]) -> Int64? {
        let total = counts.values.reduce(0, +)
        var seen: Int64 = 0
        for amount in counts.keys.sorted() {
            seen += counts[amount] ?? 0
            if Int128(seen) * 100 >= Int128(total) * Int128(percent) { return amount }
        }
        return nil
    }
}
