import ArgumentParser
import Experiments
import Foundation

/// `orrery replicate`: the worker of `compare` and `forecast`.
struct ReplicateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replicate", abstract: "Runs replications that standard input asks for.", shouldDisplay: false)

    func run() throws {
        // Control-C reaches all processes of a terminal: who started this one says when it ends.
        signal(SIGINT, SIG_IGN)
        ReplicationWorker.work { Console.out($0 + "\n") }
    }
}
