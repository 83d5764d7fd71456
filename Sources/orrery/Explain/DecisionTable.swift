import Scheduler
import SchedulingFramework

/// A decision of the scheduler as a table: what each plugin gave to each node, or why it refused it.
struct DecisionTable {
    private let attempt: SchedulingAttempt
    private let shown: Int

    /// Creates the table of an attempt whose detail was captured; at most `shown` nodes are written.
    init(_ attempt: SchedulingAttempt, shown: Int) {
        self.attempt = attempt
        self.shown = shown
    }

    /// The table; it ends with a line break.
    var text: String {
        guard let detail = attempt.detail else { return "no detail was captured\n" }
        return [scores(detail), refusals(detail)].filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private var chosen: String? {
        switch attempt.outcome {
        case .assumed(let node): node
        case .unschedulable(let nominated, _): nominated
        case .error: nil
        }
    }

    private func scores(_ detail: AttemptDetail) -> String {
        guard !detail.totals.isEmpty else {
            guard let only = detail.feasible.first else { return "" }
            return detail.feasible.count == 1
                ? "Scores\n  \(only) was the only feasible node, so nothing was scored.\n" : ""
        }
        let ranked = detail.feasible.indices.sorted { first, second in
            let left = (detail.totals[first], detail.feasible[first] == chosen ? 1 : 0)
            let right = (detail.totals[second], detail.feasible[second] == chosen ? 1 : 0)
            return left == right ? first < second : left > right
        }
        var columns = TextColumns([.left, .left, .right] + detail.scores.map { _ in .right })
        columns.add(["", "node", "total"] + detail.scores.map(\.plugin.text))
        for place in ranked.prefix(shown) {
            let name = detail.feasible[place]
            let mark = name == chosen ? "*" : detail.ties.contains(name) ? "=" : ""
            columns.add([mark, name, "\(detail.totals[place])"] + detail.scores.map { "\($0.scores[place])" })
        }
        var text =
            "Scores (weighted; * chosen" + (detail.ties.count > 1 ? ", = same total" : "") + ")\n" + columns.text()
        if ranked.count > shown { text += "  … and \(ranked.count - shown) more feasible nodes (--all shows all)\n" }
        return text
    }

    private func refusals(_ detail: AttemptDetail) -> String {
        if let whole = detail.preFilter {
            return "Refused as a whole\n  \(Self.line(whole))\n"
        }
        guard !detail.infeasible.isEmpty else { return "" }
        var columns = TextColumns([.left, .left, .left])
        for refusal in detail.infeasible.prefix(shown) {
            columns.add([refusal.node, Self.plugin(refusal.verdict), refusal.verdict.verdict.message])
        }
        var text = "Refused nodes (\(detail.infeasible.count))\n" + counts + columns.text()
        let hidden = detail.infeasible.count - shown
        if hidden > 0 { text += "  … and \(hidden) more (--all shows all)\n" }
        return text
    }

    /// How many nodes each reason ruled out; nothing when every node is listed anyway.
    private var counts: String {
        guard let detail = attempt.detail, detail.infeasible.count > shown else { return "" }
        var reasons: [(plugin: String, reason: String, nodes: Int)] = []
        for refusal in detail.infeasible {
            let (plugin, reason) = (Self.plugin(refusal.verdict), refusal.verdict.verdict.message)
            if let place = reasons.firstIndex(where: { $0.plugin == plugin && $0.reason == reason }) {
                reasons[place].nodes += 1
            } else {
                reasons.append((plugin, reason, 1))
            }
        }
        var columns = TextColumns([.right, .left, .left])
        let ranked = reasons.indices.sorted { left, right in
            reasons[left].nodes == reasons[right].nodes ? left < right : reasons[left].nodes > reasons[right].nodes
        }
        for place in ranked {
            columns.add(["\(reasons[place].nodes) ×", reasons[place].plugin, reasons[place].reason])
        }
        return columns.text()
    }

    private static func plugin(_ verdict: NodeVerdict) -> String { verdict.plugin?.text ?? "PreFilter" }

    private static func line(_ verdict: NodeVerdict) -> String { "\(plugin(verdict)): \(verdict.verdict.message)" }
}
