import Experiments
import Synchronization

/// The line that tells how far a swarm is.
final class SwarmProgress: Sendable {
    private static let period: UInt64 = 250_000_000

    private let count: Int
    private let isShown: Bool
    private let began = Stopwatch.nanoseconds
    private let written = Mutex<UInt64>(0)

    init(count: Int, isQuiet: Bool) {
        self.count = count
        isShown = !isQuiet && Console.isErrorTerminal
    }

    /// Host seconds since the start.
    var seconds: Double { Double(Stopwatch.nanoseconds - began) / 1e9 }

    func show(_ report: SwarmReport) {
        guard isShown else { return }
        let time = Stopwatch.nanoseconds
        let isDue = written.withLock { last in
            guard time - last >= Self.period else { return false }
            last = time
            return true
        }
        guard isDue else { return }
        let left = Figures.clock(seconds * Double(count - report.count) / Double(max(1, report.count)))
        Console.errorPart("\r\(report.count) of \(count) seeds  \(report.failures.count) failed  \(left) left      ")
    }

    func clear() {
        if isShown { Console.errorPart("\r" + String(repeating: " ", count: 60) + "\r") }
    }
}
