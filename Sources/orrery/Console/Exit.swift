import ArgumentParser
import Foundation

/// How the command ends.
enum Exit: Int32 {
    case done = 0
    /// An assertion, an invariant or a comparison failed.
    case failed = 1
    /// The input or the command line is wrong.
    case badInput = 2
    /// Stopped by SIGINT, as shells count it.
    case interrupted = 130

    /// The error that makes ArgumentParser end with this code and say nothing more.
    var code: ExitCode { ExitCode(rawValue) }

    /// Ends the process.
    func now() -> Never { exit(rawValue) }
}
