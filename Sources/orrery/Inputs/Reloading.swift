import ArgumentParser
import RunDatabase
import Scenarios
import Simulation

/// Makes a run's setup anew out of its database.
enum Reloading {
    /// Returns the setup that the database's inputs give, or ends with what is wrong with them.
    static func setup(of reader: RunReader) throws -> WorldSetup {
        let loaded = ScenarioLoader.reload(inputs: try inputs(of: reader))
        guard !loaded.hasErrors, let setup = loaded.setup else {
            DiagnosticPrinter.show(loaded.diagnostics, isQuiet: true)
            Console.error("error: the inputs in \(reader.path) cannot be read again")
            throw Exit.badInput.code
        }
        return setup
    }

    /// Returns the inputs of a run that can be repeated, or ends with why it cannot.
    static func inputs(of reader: RunReader) throws -> [(name: String, text: String)] {
        let run = reader.run
        if run.version != Orrery.version {
            Console.error(
                "warning: the run was made by Orrery \(run.version), this is \(Orrery.version): another model may decide "
                    + "otherwise")
        }
        let parameters = try RunFile.attempt { () throws(RunDatabaseError) in try reader.parameters() }
        guard !parameters.contains(where: { $0.name == WorldSetup.liveExtenders && $0.text == "true" }) else {
            Console.error(
                "error: the run asked live extenders, whose answers are not in the database: it cannot be replayed")
            throw Exit.badInput.code
        }
        let inputs = try RunFile.attempt { () throws(RunDatabaseError) in try reader.inputs() }
        return inputs.map { (name: $0.name, text: $0.text) }
    }
}
