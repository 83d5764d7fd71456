package import Chronology

/// What a container really uses over time.
package struct UsageCurve: Hashable, Sendable {
    /// An amount of one resource.
    package enum Amount: Hashable, Sendable {
        /// In milli-CPU, or in bytes.
        case absolute(Curve)
        /// In thousandths of the container's request.
        case permilleOfRequest(Curve)
    }

    /// nil when nobody said.
    package var cpu: Amount?
    /// nil when nobody said.
    package var memory: Amount?

    /// What shares of a request are of, in milli-CPU and bytes; nil for the request that the container has.
    package var cpuBasis: Int64?
    package var memoryBasis: Int64?
    /// What comes on top of `memory`, from the start of the container on; nil without a leak.
    package var memoryLeak: Growth?
    /// nil when nobody said.
    package var disk: DiskUsage?

    /// Creates a usage.
    package init(cpu: Amount? = nil, memory: Amount? = nil, memoryLeak: Growth? = nil, disk: DiskUsage? = nil) {
        self.cpu = cpu
        self.memory = memory
        self.memoryLeak = memoryLeak
        self.disk = disk
    }

    /// Returns the next instant at which an amount can change otherwise than by growing.
    package func nextChange(after instant: Instant, on clock: WallClock) -> Instant? {
        let next = [cpu, memory, disk?.base].compactMap { $0?.curve.nextChange(after: instant, on: clock) }
        return next.min()
    }
}

extension UsageCurve.Amount {
    /// The curve behind the amount.
    package var curve: Curve {
        switch self {
        case .absolute(let curve), .permilleOfRequest(let curve): curve
        }
    }

    /// Returns the amount at an instant, in the unit of `request` (milli-CPU or bytes).
    package func value(at instant: Instant, request: Int64, on clock: WallClock) -> Int64 {
        let value = curve.value(at: instant, on: clock)
        switch self {
        case .absolute: return value
        case .permilleOfRequest: return Int64(clamping: Int128(value) * Int128(request) / 1_000)
        }
    }
}
