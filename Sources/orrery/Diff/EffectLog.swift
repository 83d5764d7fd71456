import Chronology
import Observations

/// Notes in words what a run tells while somebody listens: what one event does.
final class EffectLog: SelectiveObserver {
    /// Whether it listens.
    var isOpen = false
    /// What was told, in order.
    private(set) var lines: [String] = []
    // Names by their rows, which count from 1.
    private var pods: [String] = []
    private var nodes: [String] = []

    /// Forgets what was told, and listens from now on.
    func begin() {
        lines = []
        isOpen = true
    }

    private func note(_ line: String) { if isOpen { lines.append(line) } }
    private func pod(_ row: Int32) -> String { name(row, in: pods) }
    private func node(_ row: Int32) -> String { name(row, in: nodes) }
    private func name(_ row: Int32, in names: [String]) -> String {
        names.indices.contains(Int(row) - 1) ? names[Int(row) - 1] : "-"
    }

    func node(_ row: NodeRow) {
        nodes.append(row.name)
        note("machine \(row.name) is launched")
    }

    func nodeInterval(_ row: NodeIntervalRow) { note("node \(node(row.node)) is no longer \(row.state.name)") }

    func pod(_ row: PodRow) {
        pods.append("\(row.namespace)/\(row.name)")
        note("pod \(row.namespace)/\(row.name) is created")
    }

    func podInterval(_ row: PodIntervalRow) { note("pod \(pod(row.pod)) is no longer \(row.state.name)") }

    func podEnd(_ row: PodEndRow) { note("pod \(pod(row.pod)) ends: \(row.phase)") }

    func event(_ row: EventRow) { note("event \(row.reason) of \(row.object): \(row.message)") }

    func attempt(_ row: AttemptRow) {
        note("pod \(pod(row.pod)) is \(row.outcome)" + (row.node > 0 ? " to \(node(row.node))" : ""))
    }
}
