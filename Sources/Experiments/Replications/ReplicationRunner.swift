import Foundation
package import RunDatabase
import Synchronization

/// Runs replications in worker processes, one for each processor unless it is told otherwise.
///
/// A replication that ends its process is tried once more in a new one, and told as crashed when it does so again.
package struct ReplicationRunner: Sendable {
    /// How often a replication may end its process.
    package static let tries = 2

    private let program: SwarmWorker
    private let parallelism: Int
    private let arguments: [String]

    /// Prepares workers; `arguments` make the program one that runs `ReplicationWorker`.
    package init(program: SwarmWorker = .current, parallelism: Int? = nil, arguments: [String]) {
        self.program = program
        self.parallelism = max(1, parallelism ?? ProcessInfo.processInfo.activeProcessorCount)
        self.arguments = arguments
    }

    private struct State {
        var next = 0
        var trouble: (any Error)?
        var isStopped = false
    }

    /// Runs all jobs; `tell` hears of each as it ends, one at a time, and stops the rest by returning false or by
    /// throwing.
    package func run(
        _ jobs: [ReplicationJob], tell: @escaping @Sendable (ReplicationJob, ReplicationOutcome) throws -> Bool
    ) throws {
        // A worker that dies must not take us along when it is told of its next job.
        signal(SIGPIPE, SIG_IGN)
        let state = Mutex(State())
        // Each thread only waits for its process. What jobs share, such as the texts of a scenario, is read under the lock:
        // the rooms below count references without locks of their own.
        DispatchQueue.concurrentPerform(iterations: min(parallelism, max(1, jobs.count))) { _ in
            var worker: ReplicationProcess?
            while let (place, line) = state.withLock({ take(&$0, jobs) }) {
                do {
                    let outcome = try outcome(of: line, &worker)
                    try state.withLock { state in
                        // What is done is told even when the rest is stopped.
                        if state.trouble != nil { return }
                        if try !tell(jobs[place], outcome) { state.isStopped = true }
                    }
                } catch {
                    state.withLock { state in
                        if state.trouble == nil { state.trouble = error }
                        state.isStopped = true
                    }
                }
            }
            worker?.end()
        }
        if let trouble = state.withLock({ $0.trouble }) { throw trouble }
    }

    private func take(_ state: inout sending State, _ jobs: [ReplicationJob]) -> (place: Int, line: String)? {
        guard !state.isStopped, state.next < jobs.count else { return nil }
        defer { state.next += 1 }
        return (state.next, jobs[state.next].line)
    }

    private func outcome(of line: String, _ worker: inout ReplicationProcess?) throws -> ReplicationOutcome {
        var last = ReplicationOutcome()
        for _ in 0..<Self.tries {
            let process = try worker ?? ReplicationProcess(program: program, arguments: arguments)
            let (outcome, isAlive) = process.run(line)
            worker = isAlive ? process : nil
            if isAlive { return outcome }
            last = outcome
        }
        return last
    }
}
