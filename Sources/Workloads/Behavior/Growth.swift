package import Chronology

/// Bytes that are added evenly for as long as a container runs: memory that it leaks, logs that it writes.
package struct Growth: Hashable, Sendable {
    /// Above zero.
    package var bytes: Int64
    /// The time in which `bytes` are added; above zero.
    package var period: Duration

    /// Creates a growth.
    package init(bytes: Int64, per period: Duration) {
        self.bytes = bytes
        self.period = period
    }
}

/// What a container holds of its machine's disk: logs and writable layer, or what it writes into a volume.
package struct DiskUsage: Hashable, Sendable {
    /// What is there when the container has started.
    package var base: UsageCurve.Amount
    /// nil for an amount that stays.
    package var growth: Growth?
    /// The emptyDir volume that it goes into; its content outlives the container.
    package var volume: String?

    /// Creates a usage of the disk.
    package init(base: UsageCurve.Amount, growth: Growth? = nil, volume: String? = nil) {
        self.base = base
        self.growth = growth
        self.volume = volume
    }
}
