/// Amounts of the three resources by which a machine's price is shared.
package struct ResourceAmounts: Hashable, Sendable {
    /// Processors in thousandths.
    package var cpuMilli: Int64
    /// Memory in bytes.
    package var memoryBytes: Int64
    /// GPUs in thousandths.
    package var gpuMilli: Int64

    /// Creates amounts from thousandths of cores, bytes and thousandths of GPUs.
    package init(cpuMilli: Int64, memoryBytes: Int64, gpuMilli: Int64 = 0) {
        self.cpuMilli = cpuMilli
        self.memoryBytes = memoryBytes
        self.gpuMilli = gpuMilli
    }

    /// Nothing of anything.
    package static let zero = ResourceAmounts(cpuMilli: 0, memoryBytes: 0)

    /// Returns the greater of both for each resource: what a pod is charged for, of its request and its usage.
    package static func max(_ request: ResourceAmounts, _ usage: ResourceAmounts) -> ResourceAmounts {
        ResourceAmounts(
            cpuMilli: Swift.max(request.cpuMilli, usage.cpuMilli),
            memoryBytes: Swift.max(request.memoryBytes, usage.memoryBytes),
            gpuMilli: Swift.max(request.gpuMilli, usage.gpuMilli))
    }

    /// Whether no amount is below zero.
    var isValid: Bool { cpuMilli >= 0 && memoryBytes >= 0 && gpuMilli >= 0 }
}
