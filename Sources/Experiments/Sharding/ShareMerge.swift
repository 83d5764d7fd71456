package import RunDatabase

/// Takes the outcomes that other files of an experiment hold into one.
package enum ShareMerge {
    /// Records the outcomes that `parts` have of `replications` in `file`; returns the replications that no file has an
    /// outcome of.
    ///
    /// A part of another experiment, or of other inputs, is an error.
    package static func merge(
        _ parts: [ExperimentReader], into file: ExperimentFile, of experiment: ExperimentRow,
        _ replications: [ReplicationRow]
    ) throws(RunDatabaseError) -> [ReplicationRow] {
        var open: [Int: ReplicationRow] = [:]
        for row in try file.plan(replications) { open[row.id] = row }
        for part in parts {
            guard part.experiment.plan == experiment.plan, part.experiment.version == experiment.version
            else { throw .otherExperiment(path: part.path) }
            for row in try part.replications(withDays: true) {
                guard let outcome = row.outcome, let known = open[row.id] else { continue }
                // Paths differ from machine to machine; the inputs are the same, and so is the place in the plan.
                guard row.variant == known.variant, row.seed == known.seed, row.tie == known.tie else {
                    throw .otherExperiment(path: part.path)
                }
                try file.record(outcome, of: row.id)
                open[row.id] = nil
            }
        }
        return replications.filter { open[$0.id] != nil }
    }
}
