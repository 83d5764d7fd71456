import KubernetesAPI
import Scheduler
import SchedulingFramework

/// Finds the differences between an attempt and what was recorded.
enum Comparison {
    static func text(_ ours: String, _ recorded: String, _ what: String, _ differences: inout [String]) {
        if ours != recorded { differences.append("\(what): \"\(ours)\" instead of \"\(recorded)\"") }
    }

    static func nomination(_ attempt: SchedulingAttempt, _ expected: GoldenDecision, _ differences: inout [String]) {
        guard case .unschedulable(let nominated, let victims) = attempt.outcome else {
            differences.append("nothing was nominated; recorded is \(expected.nominatedNode ?? "nothing")")
            return
        }
        text(nominated ?? "none", expected.nominatedNode ?? "none", "nominated node", &differences)
        let ours = victims.map { "\($0.namespace)/\($0.name)" }.sorted()
        // Each victim once: the record repeats one whose eviction was sent twice.
        let recorded = Set(expected.victims.map(\.pod)).sorted()
        if ours != recorded { differences.append("victims: \(ours) instead of \(recorded)") }
    }

    /// Compares the attempt that decided; `first` is the one that nominated, if there was one.
    static func attempt(
        _ attempt: SchedulingAttempt, before first: SchedulingAttempt?, _ expected: GoldenDecision,
        _ differences: inout [String]
    ) {
        var node: String?
        if case .assumed(let chosen) = attempt.outcome { node = chosen }
        text(node ?? "none", expected.decision ?? "none", "decision", &differences)
        if let message = expected.message { text(attempt.message, message, "message", &differences) }
        guard let detail = attempt.detail else {
            differences.append("there is no detail")
            return
        }
        if let feasible = expected.feasible {
            // Recorded is what passed every filter: also the node after which the search ended.
            list(detail.feasible + [detail.surplus].compactMap { $0 }, feasible, "feasible", &differences)
        }
        if let ties = expected.ties, expected.decision != nil { list(detail.ties, ties, "ties", &differences) }
        infeasible(detail, first?.detail, expected, &differences)
        scores(detail, expected, &differences)
    }

    private static func list(_ ours: [String], _ recorded: [String], _ what: String, _ differences: inout [String]) {
        let ours = ours.sorted()
        let recorded = recorded.sorted()
        if ours == recorded { return }
        let extra = ours.filter { !recorded.contains($0) }
        let missing = recorded.filter { !ours.contains($0) }
        differences.append("\(what): too many \(extra), missing \(missing)")
    }

    private static func infeasible(
        _ detail: AttemptDetail, _ first: AttemptDetail?, _ expected: GoldenDecision, _ differences: inout [String]
    ) {
        guard let recorded = expected.infeasible else { return }
        var ours: [String: GoldenDecision.Refusal] = [:]
        // A retry looks at the nominated node alone: what is recorded of the others stems from the first attempt.
        let earlier = (first?.infeasible ?? []).filter { !detail.feasible.contains($0.node) }
        for entry in earlier + detail.infeasible {
            ours[entry.node] = GoldenDecision.Refusal(
                plugin: entry.verdict.plugin?.text ?? "", code: entry.verdict.verdict.code.rawValue,
                reasons: entry.verdict.verdict.reasons.sorted())
        }
        for node in Set(ours.keys).union(recorded.keys).sorted() where ours[node] != recorded[node] {
            let left = ours[node].map { "\($0.plugin) \($0.code) \($0.reasons)" } ?? "feasible"
            let right = recorded[node].map { "\($0.plugin) \($0.code) \($0.reasons)" } ?? "feasible"
            differences.append("\(node): \(left) instead of \(right)")
        }
    }

    private static func scores(_ detail: AttemptDetail, _ expected: GoldenDecision, _ differences: inout [String]) {
        guard let recorded = expected.scores else { return }
        var ours: [String: [String: Int64]] = [:]
        for column in detail.scores {
            for (node, score) in zip(detail.feasible, column.scores) {
                ours[node, default: [:]][column.plugin.text] = score
            }
        }
        for node in Set(ours.keys).union(recorded.keys).sorted() where ours[node] != recorded[node] {
            let left = ours[node] ?? [:]
            let right = recorded[node] ?? [:]
            for plugin in Set(left.keys).union(right.keys).sorted() where left[plugin] != right[plugin] {
                let mine = left[plugin].map { "\($0)" } ?? "no score"
                let theirs = right[plugin].map { "\($0)" } ?? "no score"
                differences.append("\(node): \(plugin) \(mine) instead of \(theirs)")
            }
        }
        guard let totals = expected.total else { return }
        for (node, total) in zip(detail.feasible, detail.totals) where totals[node] != total {
            differences.append("\(node): total \(total) instead of \(totals[node].map { "\($0)" } ?? "none")")
        }
    }
}
