package import Chronology
package import Observations
import RunDatabase

// MARK: - Faults that never struck

extension RunSummary {
    /// How many of them are named one by one.
    private static let unstruckShown = 12

    var unstruckLines: [String] {
        guard !unstruck.isEmpty else { return [] }
        var lines = ["Faults that never struck  \(unstruck.count)"]
        lines += unstruck.prefix(Self.unstruckShown).map { "  \($0.name) (\($0.kind)): \($0.account(by: run.clock))" }
        let rest = unstruck.count - Self.unstruckShown
        if rest > 0 { lines.append("  and \(rest) more: table unstruck_fault") }
        return lines
    }
}

extension UnstruckFaultRow {
    /// When it was to strike, and why it did not.
    package func account(by clock: WallClock) -> String {
        guard let due else { return reason }
        let time = clock.text(of: due.wholeSecond).replacing("T", with: " ").replacing("Z", with: "")
        return "due at \(time), and \(reason)"
    }
}
