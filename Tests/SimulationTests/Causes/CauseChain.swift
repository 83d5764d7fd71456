import Chronology
import Observations

/// Chains of cause and effect as lines that a test can compare.
struct CauseChain {
    let notes: Notebook
    let steps: [CauseEventRow]

    /// The chain that the first fault or change called so began.
    init(of notes: Notebook, beginning: CauseKind = .fault, at number: Int = 0) {
        self.notes = notes
        let roots = notes.causes.filter { $0.kind == beginning && $0.parent < 0 }
        steps = roots.count > number ? notes.causes.filter { $0.root == roots[number].event } : []
    }

    /// Each step: two spaces for each step before it, what happened to what by whom, and the seconds since the beginning.
    var lines: [String] {
        steps.map { step in
            let node = notes.nodes.first { $0.node == step.node }?.name
            // Names of pods are random: they are numbered as they come.
            let pod = step.pod < 0 ? nil : "pod-\(step.pod)"
            let subject = [pod, node].compactMap { $0 }.joined(separator: "@")
            let depth = String(repeating: "  ", count: Int(step.depth))
            let seconds = (step.at - (steps.first?.at ?? .start)).nanoseconds / 1_000_000_000
            return "\(depth)\(step.kind) \(subject.isEmpty ? "-" : subject) \(step.actor) \(seconds)"
        }
    }

    /// The kinds along the way from the beginning to a step.
    func path(to step: CauseEventRow) -> [CauseKind] {
        var path: [CauseKind] = []
        var next: CauseEventRow? = step
        while let current = next {
            path.insert(current.kind, at: 0)
            next = steps.first { $0.event == current.parent }
        }
        return path
    }

    func all(_ kind: CauseKind) -> [CauseEventRow] { steps.filter { $0.kind == kind } }
}
