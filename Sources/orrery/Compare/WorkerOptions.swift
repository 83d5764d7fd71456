import ArgumentParser
import Experiments
import RunDatabase

/// How worker processes carry out the runs of an experiment, for the commands that make one.
struct WorkerOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Processes at a time; auto takes one for each processor.", valueName: "K|auto"))
    var parallel = "auto"

    @Flag(help: "Begins anew where the database holds runs already.")
    var restart = false

    func validate() throws { _ = try ProcessCount.parsed(parallel) }

    /// Returns what hands runs to processes of this program.
    func runner() throws -> ReplicationRunner {
        ReplicationRunner(parallelism: try ProcessCount.parsed(parallel), arguments: ["replicate"])
    }

    /// Runs what has no outcome yet, and returns whether all have one now.
    func run(_ rows: [ReplicationRow], in file: ExperimentFile, isQuiet: Bool) throws -> Bool {
        Interruption.watch()
        let progress = ReplicationProgress(isQuiet: isQuiet)
        let batch = ReplicationBatch(file: file, runner: try runner())
        defer { progress.clear() }
        do {
            return try batch.run(rows) {
                progress.show($0)
                return !Interruption.isRequested
            }
        } catch {
            progress.clear()
            Console.error("error: \(error)")
            throw Exit.badInput.code
        }
    }
}
