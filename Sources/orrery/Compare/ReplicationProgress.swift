import Experiments
import Synchronization

/// The line that tells how far the replications of an experiment are.
final class ReplicationProgress: Sendable {
    private static let period: UInt64 = 250_000_000

    private struct State {
        var written: UInt64 = 0
        /// What was done when the first was heard of: those of earlier calls cost no time.
        var before: Int?
    }

    private let isShown: Bool
    private let began = Stopwatch.nanoseconds
    private let state = Mutex(State())

    init(isQuiet: Bool) { isShown = !isQuiet && Console.isErrorTerminal }

    func show(_ progress: ReplicationBatch.Progress) {
        guard isShown else { return }
        let time = Stopwatch.nanoseconds
        let before: Int? = state.withLock { state in
            let before = state.before ?? progress.done - 1
            state.before = before
            guard time - state.written >= Self.period else { return nil }
            state.written = time
            return before
        }
        guard let before else { return }
        let seconds = Double(time - began) / 1e9
        let left = seconds * Double(progress.count - progress.done) / Double(max(1, progress.done - before))
        Console.errorPart(
            "\r\(progress.done) of \(progress.count) runs  \(progress.lost) lost  \(Figures.clock(left)) left      ")
    }

    func clear() {
        if isShown { Console.errorPart("\r" + String(repeating: " ", count: 60) + "\r") }
    }
}
