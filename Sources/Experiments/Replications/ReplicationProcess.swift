import Foundation
import RunDatabase

/// A process of its own that runs replications one after the other, as it is told.
final class ReplicationProcess {
    /// What a worker prints before the outcome of a replication; other lines are remarks.
    static let mark = "orrery-replication\t"
    /// What ends a worker.
    static let farewell = LineProcess.farewell
    /// Lines of a dying process that are kept.
    private static let keptLines = 12

    private let process: LineProcess

    /// Starts the program with `arguments`.
    init(program: SwarmWorker, arguments: [String]) throws {
        process = try LineProcess(program: program, arguments: arguments)
    }

    /// Runs the job that `line` tells of; one that ends the process is told as a crash, and the process is of no use
    /// then.
    func run(_ job: String) -> (outcome: ReplicationOutcome, isAlive: Bool) {
        var remarks: [String] = []
        if process.write(job) {
            while let line = process.readLine() {
                if line.hasPrefix(Self.mark),
                    let outcome = try? JSONDecoder().decode(
                        ReplicationOutcome.self, from: Data(line.utf8.dropFirst(Self.mark.utf8.count)))
                {
                    return (outcome, true)
                }
                if remarks.count < Self.keptLines { remarks.append(line) }
            }
        }
        let reason = process.reasonOfEnd()
        let fatal = remarks.first { $0.contains("Fatal error") || $0.contains("rror:") } ?? remarks.first
        var outcome = ReplicationOutcome()
        outcome.message = "the process ended (\(reason))" + (fatal.map { ": \($0)" } ?? "")
        return (outcome, false)
    }

    /// Ends the process.
    func end() { process.end() }

    /// Ends the process in the middle of its work.
    func kill() { process.kill() }
}
