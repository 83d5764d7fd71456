// Counterpart: OpenCost's default prices (configs/default.json), of which only the proportions are used here.

/// The proportions by which a machine's price is split between its CPUs, memory and GPUs.
package struct ResourceRatios: Hashable, Sendable {
    /// What a thousandth of a core weighs.
    package let perMilliCPU: Int64
    /// What a GiB of memory weighs.
    package let perGibibyte: Int64
    /// What a thousandth of a GPU weighs.
    package let perMilliGPU: Int64

    /// Creates proportions; only their ratio counts, and none may be negative.
    package init(perMilliCPU: Int64, perGibibyte: Int64, perMilliGPU: Int64) {
        precondition(perMilliCPU >= 0 && perGibibyte >= 0 && perMilliGPU >= 0, "a proportion must not be negative")
        self.perMilliCPU = perMilliCPU
        self.perGibibyte = perGibibyte
        self.perMilliGPU = perMilliGPU
    }

    /// OpenCost's: $0.031611 a core, $0.004237 a GiB and $0.95 a GPU, an hour; written in nano-dollars.
    package static let openCost = ResourceRatios(
        perMilliCPU: 31_611, perGibibyte: 4_237_000, perMilliGPU: 950_000)

    /// Returns `total` split between CPU, memory and GPU for a machine with `capacity`; the parts sum to the total.
    ///
    /// A machine on which nothing weighs anything puts all of it on CPU.
    package func split(_ total: NanoDollars, capacity: ResourceAmounts) -> ResourceCharge {
        let weights = [
            Int128(capacity.cpuMilli) * Int128(perMilliCPU),
            (Int128(capacity.memoryBytes) * Int128(perGibibyte)) >> 30,
            Int128(capacity.gpuMilli) * Int128(perMilliGPU),
        ]
        return ResourceCharge(splitting: total, by: weights.map { Int64(clamping: $0) })
    }
}
