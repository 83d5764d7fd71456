import ArgumentParser
import RunDatabase
import Scenarios
import Simulation

/// Makes a run's setup anew out of its database.
enum Reloading {
    /// Returns the setup that the database's inputs give, or ends with what is wrong with them.
    static func setup(of reader: RunReader) throws -> WorldSetup {
        let run = reader.run
        if run.version != Orrery.version {
            Console.error(
                "warning: the run was made by Orrery \(run.version), this is \(Orrery.version): another model may decide "
                    + "otherwise")
        }
        let inputs = try RunFile.attempt { () throws(RunDatabaseError) in try reader.inputs() }
        let loaded = ScenarioLoader.reload(inputs: inputs.map { (name: $0.name, text: $0.text) })
        guard !loaded.hasErrors, let setup = loaded.setup else {
            DiagnosticPrinter.show(loaded.diagnostics, isQuiet: true)
            Console.error("error: the inputs in \(reader.path) cannot be read again")
            throw Exit.badInput.code
        }
        return setup
    }
}
