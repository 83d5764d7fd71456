package import RunDatabase
package import Scenarios
import Simulation

/// The replications of a comparison: each variant with each seed, and each of those with each stream of tie-breaks.
///
/// Runs of one seed share their chance: demand, failures and delays are drawn from streams that depend on the seed and
/// on names only, so that a variant differs by what it changes.
package struct ComparisonPlan: Sendable {
    package let experiment: ExperimentRow
    package let variants: [VariantRow]
    /// By variant, then by seed, then by stream of tie-breaks.
    package let replications: [ReplicationRow]
    package let inputs: [(name: String, text: String)]

    /// The metrics of replications beside those that scenarios can bound, those of services and those of machines.
    package static let extraMetrics = [
        "cost.commitmentWaste", "cost.traffic", "cpu.free.min", "cpu.requested.max", "memory.free.min",
        "memory.requested.max", "nodes.max", "pending.podTime", "pods.max",
    ]

    /// Makes the plan of an experiment that was loaded.
    package init(_ loaded: LoadedExperiment, document: ExperimentDocument) {
        experiment = ExperimentRow(
            name: document.name, question: document.question, kind: .compare, version: Orrery.version,
            plan: ReplicationBatch.plan(of: loaded.inputs))
        variants = loaded.variants.map {
            VariantRow(name: $0.name, changes: $0.settings.map(\.text), isBaseline: $0.isBaseline)
        }
        inputs = loaded.inputs
        var rows: [ReplicationRow] = []
        let ties = document.ties == 0 ? [0] : Array(1...document.ties)
        for (place, variant) in loaded.variants.enumerated() {
            var number = 0
            for seed in document.seeds {
                for tie in ties {
                    number += 1
                    rows.append(
                        ReplicationRow(
                            id: rows.count + 1, variant: place + 1, number: number, seed: seed, tie: tie,
                            request: loaded.request(of: variant, seed: seed, tie: tie).text))
                }
            }
        }
        replications = rows
    }
}
