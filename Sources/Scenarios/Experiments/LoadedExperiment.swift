package import KubernetesAPI

/// What loading an experiment came to: every variant is known to run, or everything is told that keeps one from it.
package struct LoadedExperiment: Sendable {
    /// nil exactly when there is an error among the diagnostics.
    package let document: ExperimentDocument?
    package let variants: [ExperimentVariant]
    /// The scenario's path from the working directory.
    package let base: String
    /// The metrics to look at, in order; none twice.
    package let metrics: [String]
    /// The metric of each axis of the Pareto table.
    package let pareto: [(role: String, metric: String)]
    /// Everything that was read: the experiment first.
    package let inputs: [(name: String, text: String)]
    package let diagnostics: [Diagnostic]

    /// Returns what one run is asked for; `tie` is the number of its stream of tie-breaks, from 1, or 0.
    package func request(of variant: ExperimentVariant, seed: UInt64, tie: Int) -> RunRequest {
        var request = RunRequest()
        request.scenario = base
        request.seed = String(seed)
        request.settings = variant.settings.map(\.text)
        if tie > 0 { request.settings += ["scheduler.tieBreak=seeded", "scheduler.tieBreakStream=\(tie)"] }
        return request
    }
}
