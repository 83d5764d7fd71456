import KubernetesAPI
import Observations
import Scheduler
import SchedulingFramework

extension World {
    /// Tells what every plugin said about every node, when the run keeps that of this attempt.
    func recordDetail(_ attempt: SchedulingAttempt) {
        guard let observer, let detail = attempt.detail, let slot = tracker.slot(of: attempt.uid) else { return }
        var chosen: String?
        switch attempt.outcome {
        case .assumed(let node):
            if setup.decisionDetail == .failed { return }
            chosen = node
        case .unschedulable, .error: break
        }
        let blank = NodeVerdictRow(
            pod: tracker[slot].row, number: Int32(clamping: attempt.number), at: now, node: -1)
        func row(of node: String) -> NodeVerdictRow {
            var row = blank
            row.node = nodeByName[node].map { $0 + 1 } ?? -1
            return row
        }
        for (place, node) in detail.feasible.enumerated() {
            var row = row(of: node)
            row.isChosen = node == chosen
            row.isBest = detail.ties.contains(node) || detail.feasible.count == 1
            if !detail.totals.isEmpty { row.total = detail.totals[place] }
            row.scores = detail.scores.map {
                NodeVerdictRow.Score(plugin: $0.plugin.text, score: $0.scores[place])
            }
            observer.nodeVerdict(row)
        }
        for (node, verdict) in detail.infeasible {
            var row = row(of: node)
            row.plugin = verdict.plugin?.text ?? "PreFilter"
            row.reason = verdict.verdict.message
            observer.nodeVerdict(row)
        }
        guard let whole = detail.preFilter else { return }
        var row = blank
        row.plugin = whole.plugin?.text ?? "PreFilter"
        row.reason = whole.verdict.message
        observer.nodeVerdict(row)
    }
}
