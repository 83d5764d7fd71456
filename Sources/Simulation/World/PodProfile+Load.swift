import Chronology
import KubernetesAPI
import Machines
package import Workloads

extension PodProfile {
    /// How often the memory of a leaking pod is recorded and charged anew: with its value in the middle of the step.
    static let leakStep = Duration.minutes(15)

    /// What a container would use of the processor now, in thousandths of a core; `serves` when its pod gets requests, which
    /// keep the processors of a machine of a lower `speed` busy for longer.
    func cpuWanted(
        _ container: Int, serves: Bool, speed: Int64, at now: Instant, on clock: WallClock
    ) -> Int64 {
        let request = containers[container].requests[.cpu]?.milliValue ?? 0
        let usage = behaviors[container].usage
        let basis = usage.cpuBasis ?? request
        let own = usage.cpu?.value(at: now, request: basis, on: clock) ?? idleCPU(basis)
        return serves ? own + serviceCPU(of: container, at: speed) : own
    }

    /// What a container that started at `start` holds of its machine's memory, until its usage changes; requests in
    /// flight are in the one that answers them.
    func memory(
        _ container: Int, since start: Instant, serves: Bool, at now: Instant, on clock: WallClock
    ) -> GrowingAmount {
        let request = containers[container].requests[.memory]?.value ?? 0
        let usage = behaviors[container].usage
        let basis = usage.memoryBasis ?? request
        var base = usage.memory?.value(at: now, request: basis, on: clock) ?? assumedMemory(container)
        if serves, container == server { base += serviceLoad?.memory ?? 0 }
        guard let leak = usage.memoryLeak else { return GrowingAmount(base: max(0, base)) }
        return GrowingAmount(base: max(0, base), growth: leak.bytes, per: leak.period, since: start)
    }

    /// What a container holds of which nobody says it: what it requests, but less than what the kernel would kill it for.
    private func assumedMemory(_ container: Int) -> Int64 {
        let request =
            behaviors[container].usage.memoryBasis ?? containers[container].requests[.memory]?.value ?? 0
        guard let limit = containers[container].limits[.memory]?.value, limit > 0 else { return request }
        return min(request, limit - 1)
    }

    /// What a container that started at `start` holds of its machine's disk, until its usage changes.
    func disk(_ container: Int, since start: Instant, at now: Instant, on clock: WallClock) -> GrowingAmount {
        guard let usage = behaviors[container].usage.disk else { return .zero }
        let request = containers[container].requests[.ephemeralStorage]?.value ?? 0
        let base = max(0, usage.base.value(at: now, request: request, on: clock))
        guard let growth = usage.growth else { return GrowingAmount(base: base) }
        return GrowingAmount(base: base, growth: growth.bytes, per: growth.period, since: start)
    }

    /// Returns the next instant at which what is recorded of the pods changes.
    func nextRecordedChange(after now: Instant, on clock: WallClock) -> Instant? {
        let next = nextUsageChange(after: now, on: clock)
        guard leaks else { return next }
        let step = Self.leakStep.nanoseconds
        let grid = Instant(nanoseconds: (now.nanoseconds / step + 1) * step)
        return min(next ?? grid, grid)
    }
}

extension Behavior {
    /// Whether anything is known of what the container uses.
    package var saysUsage: Bool { usage.cpu != nil || usage.memory != nil || usage.disk != nil }
}
