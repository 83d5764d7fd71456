import ArgumentParser
import Experiments
import Foundation

/// `orrery replicate`: the worker of `compare` and `forecast`.
struct ReplicateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replicate", abstract: "Runs replications that standard input asks for.", shouldDisplay: false)

    func run() throws {
        ReplicationWorker.work { Console.out($0 + "\n") }
    }
}
