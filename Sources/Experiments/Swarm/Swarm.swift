import Foundation
import Synchronization

/// Many seeds, each drawn, run and judged in worker processes; the results are the same at any parallelism.
package struct Swarm: Sendable {
    /// Seeds that a worker gets at a time: few enough that all are busy to the end, many enough that starting it costs
    /// nothing.
    private static let slice: UInt64 = 50

    package let seeds: ClosedRange<UInt64>
    package let parallelism: Int
    private let worker: SwarmWorker
    private let arguments: @Sendable (ClosedRange<UInt64>) -> [String]

    /// Prepares a swarm; `arguments` call the worker for some seeds.
    package init(
        seeds: ClosedRange<UInt64>, parallelism: Int, worker: SwarmWorker,
        arguments: @escaping @Sendable (ClosedRange<UInt64>) -> [String]
    ) {
        self.seeds = seeds
        self.parallelism = max(1, parallelism)
        self.worker = worker
        self.arguments = arguments
    }

    private struct State {
        var next: UInt64?
        var report = SwarmReport()
        var trouble: (any Error)?
        var isStopped = false
    }

    /// Runs all seeds; `progress` is told what is there so far after each, and stops the swarm by returning false.
    package func run(progress: @escaping @Sendable (SwarmReport) -> Bool) throws -> SwarmReport {
        let state = Mutex(State(next: seeds.lowerBound))
        // Each thread only waits for its process.
        DispatchQueue.concurrentPerform(iterations: parallelism) { _ in
            while let slice = state.withLock({ take(&$0) }) {
                do {
                    try run(slice) { seed, outcome in
                        state.withLock { state in
                            state.report.add(seed, outcome)
                            if !progress(state.report) { state.isStopped = true }
                            return !state.isStopped
                        }
                    }
                } catch {
                    state.withLock {
                        $0.trouble = error
                        $0.isStopped = true
                    }
                }
            }
        }
        return try state.withLock { state in
            if let trouble = state.trouble { throw trouble }
            return state.report
        }
    }

    private func take(_ state: inout sending State) -> ClosedRange<UInt64>? {
        guard !state.isStopped, let first = state.next else { return nil }
        let last = min(seeds.upperBound, first.addingReportingOverflow(Self.slice - 1).partialValue)
        state.next = last == seeds.upperBound ? nil : last + 1
        return first...max(first, last)
    }

    /// Runs some seeds; a seed that ends its worker is told as a crash, and another worker goes on behind it.
    private func run(_ slice: ClosedRange<UInt64>, tell: (UInt64, SwarmCheck.Outcome) -> Bool) throws {
        var first = slice.lowerBound
        while first <= slice.upperBound {
            var open: UInt64?
            var last: UInt64?
            var goesOn = true
            let end = try worker.run(arguments(first...slice.upperBound)) { (line: SwarmLine) in
                switch line {
                case .began(let seed): open = seed
                case .ended(let seed, let outcome):
                    open = nil
                    last = seed
                    goesOn = tell(seed, outcome)
                }
                return goesOn
            }
            guard goesOn else { return }
            if last == slice.upperBound, open == nil { return }
            // One that died between two seeds, or before the first, must not be lost either.
            let culprit = open ?? last.map { $0 + 1 } ?? first
            guard tell(culprit, SwarmCheck.Outcome(failure: end.failure)) else { return }
            first = culprit + 1
        }
    }
}
