import Experiments
import Foundation
import RunDatabase

/// Where an experiment's database goes.
enum ExperimentOutput {
    /// Returns the path for an experiment's database when the user names none; relative to the working directory.
    static func defaultPath(_ verb: String, _ name: String) -> String {
        let plain = name.map { $0.isLetter || $0.isNumber || "-_.".contains($0) ? $0 : "-" }
        return "reports/out/\(verb)-\(String(plain)).sqlite"
    }

    /// Opens the file of an experiment, or goes on with it; ends with what is in the way.
    ///
    /// A file that holds another experiment is replaced when `restarts`, or when the user did not name it.
    static func open(
        _ path: String, isNamed: Bool, restarts: Bool, begin: (ExperimentFile) throws(RunDatabaseError) -> Void
    ) throws -> ExperimentFile {
        do {
            let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            Console.error("error: cannot write \(path): \(OutputFile.reason(error))")
            throw Exit.badInput.code
        }
        if restarts, (try? ExperimentReader(path: path)) != nil { OutputFile.remove(path) }
        do throws(RunDatabaseError) {
            let file = try ExperimentFile(path: path)
            try begin(file)
            return file
        } catch {
            guard case .otherExperiment = error else {
                Console.error("error: \(error)")
                throw Exit.badInput.code
            }
            guard !isNamed else {
                Console.error("error: \(error), or let it begin anew with --restart")
                throw Exit.badInput.code
            }
            Console.error("\(path) held another experiment, or an earlier state of this one: it begins anew")
        }
        OutputFile.remove(path)
        return try RunFile.attempt { () throws(RunDatabaseError) in
            let file = try ExperimentFile(path: path)
            try begin(file)
            return file
        }
    }
}
