import Chronology
import Observations
import RunDatabase

/// The beginning of a run about which a report is asked one thing.
extension RunWriter {
    /// Begins a run without inputs, from the first day of 2026 on.
    func beginPlainRun(for horizon: Duration) {
        begin(
            RunHeader(
                scenario: "s", seed: 1, version: "0.1", startDate: "2026-01-01T00:00:00Z", horizon: horizon, inputs: [],
                parameters: [], warnings: []))
    }

    /// Writes its only machine, of one processor and a GiB, which is there from the start.
    func plainNode() {
        node(
            NodeRow(
                node: 1, name: "n", machineType: "m", zone: "a", pool: "p", purchase: "on-demand", pricePerHour: 1_000,
                capacityCPU: 1_000, capacityMemory: 1 << 30, capacityGPU: 0, allocatableCPU: 1_000,
                allocatableMemory: 1 << 30, allocatablePods: 9, allocatableGPU: 0, launchedAt: .start))
    }
}
