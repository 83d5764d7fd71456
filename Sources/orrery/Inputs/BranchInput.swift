import ArgumentParser
import Chronology
import Observations
import RunDatabase
import Scenarios
import Simulation

/// Makes the setup of a run that branches off from another one.
enum BranchInput {
    /// Returns the setup that the inputs in the database at `path` give, with what the options change from `instant` on.
    static func load(_ path: String, at instant: String, _ options: InputOptions) throws -> LoadedScenario {
        let reader = try RunFile.open(path)
        let inputs = try Reloading.inputs(of: reader)
        var fork = ForkRequest(at: instant)
        fork.parent = "\(reader.run.scenario), digest \(reader.run.digest ?? "none: the run is incomplete")"
        fork.settings = options.settings
        fork.duration = options.duration
        fork.schedulerConfiguration = options.schedulerConfig
        let loaded = ScenarioLoader.fork(inputs: inputs, as: fork)
        if let at = loaded.setup?.branches.last?.at, !reader.run.isFinished {
            let rows = try RunFile.attempt { () throws(RunDatabaseError) in try reader.checkpoints() }
            let last = rows.last?.at ?? .start
            guard at <= last else {
                Console.error(
                    "error: the run in \(path) was stopped; what it recorded can be compared up to "
                        + "\(last.sinceStart) after the start, and \(instant) is later")
                throw Exit.badInput.code
            }
        }
        return loaded
    }
}
