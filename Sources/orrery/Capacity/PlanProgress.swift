import Costs
import Experiments

/// The line that tells how far a search for machines is: runs, and the best set so far.
final class PlanProgress {
    private static let period: UInt64 = 250_000_000

    private let trialsMax: Int
    private let isShown: Bool
    private let began = Stopwatch.nanoseconds
    private var written: UInt64 = 0
    private var width = 0

    init(trialsMax: Int, isQuiet: Bool) {
        self.trialsMax = trialsMax
        isShown = !isQuiet && Console.isErrorTerminal
    }

    /// Shows what there is so far, unless that was done a moment ago.
    func show(_ plan: MachinePlan) {
        guard isShown else { return }
        let time = Stopwatch.nanoseconds
        guard time - written >= Self.period else { return }
        written = time
        let line = Self.text(plan.trials, of: trialsMax, best: plan.best?.set, seconds: Double(time - began) / 1e9)
        Console.errorPart("\r" + line + String(repeating: " ", count: max(0, width - line.count)))
        width = line.count
    }

    /// Takes the line away.
    func clear() {
        guard width > 0 else { return }
        Console.errorPart("\r" + String(repeating: " ", count: width) + "\r")
        width = 0
    }

    /// Returns the line; `seconds` is the host's time since the start.
    static func text(_ trials: Int, of most: Int, best: MachineSet?, seconds: Double) -> String {
        let found = best.map { "\($0.machines) machines for $\($0.price.exact)/h" } ?? "nothing"
        return "\(trials) runs of at most \(most)  best so far: \(found)  \(Figures.clock(seconds))"
    }
}
