import Foundation
import RunDatabase

/// A process of its own that runs replications one after the other, as it is told.
final class ReplicationProcess {
    /// What a worker prints before the outcome of a replication; other lines are remarks.
    static let mark = "orrery-replication\t"
    /// What ends a worker.
    static let farewell = "end"
    /// Lines of a dying process that are kept.
    private static let keptLines = 12

    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private var rest = Data()

    /// Starts the program with `arguments`.
    init(program: SwarmWorker, arguments: [String]) throws {
        process.executableURL = program.program
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(SwarmWorker.environment) { $1 }
        process.standardInput = input
        process.standardOutput = output
        process.standardError = output
        try process.run()
    }

    /// Runs the job that `line` tells of; one that ends the process is told as a crash, and the process is of no use
    /// then.
    func run(_ job: String) -> (outcome: ReplicationOutcome, isAlive: Bool) {
        var remarks: [String] = []
        if write(job) {
            while let line = readLine() {
                if line.hasPrefix(Self.mark),
                    let outcome = try? JSONDecoder().decode(
                        ReplicationOutcome.self, from: Data(line.utf8.dropFirst(Self.mark.utf8.count)))
                {
                    return (outcome, true)
                }
                if remarks.count < Self.keptLines { remarks.append(line) }
            }
        }
        process.waitUntilExit()
        let isSignal = process.terminationReason == .uncaughtSignal
        let reason = "\(isSignal ? "signal" : "exit code") \(process.terminationStatus)"
        let fatal = remarks.first { $0.contains("Fatal error") || $0.contains("rror:") } ?? remarks.first
        var outcome = ReplicationOutcome()
        outcome.message = "the process ended (\(reason))" + (fatal.map { ": \($0)" } ?? "")
        return (outcome, false)
    }

    /// Ends the process.
    func end() {
        guard process.isRunning else { return }
        if !write(Self.farewell) { process.terminate() }
        process.waitUntilExit()
    }

    /// Ends the process in the middle of its work.
    func kill() { process.terminate() }

    private func write(_ line: String) -> Bool {
        (try? input.fileHandleForWriting.write(contentsOf: Data((line + "\n").utf8))) != nil
    }

    private func readLine() -> String? {
        while true {
            if let place = rest.firstIndex(of: 10) {
                let line = String(decoding: rest[rest.startIndex..<place], as: UTF8.self)
                rest = Data(rest[rest.index(after: place)...])
                return line
            }
            let data = output.fileHandleForReading.availableData
            if data.isEmpty { return nil }
            rest.append(data)
        }
    }
}
