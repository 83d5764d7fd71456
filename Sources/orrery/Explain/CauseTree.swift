import Observations
import RunDatabase

/// A chain of cause and effect as an indented list: what followed from what, and how long after the beginning.
struct CauseTree {
    /// Steps that are alike, and what followed from them.
    private struct Group {
        var steps: [CauseStep]
        var key: String
    }

    private let children: [Int32: [CauseStep]]
    private let showsEach: Bool

    /// Creates the tree of a chain; with `showsEach` no steps are put together.
    init(_ steps: [CauseStep], showsEach: Bool) {
        var children: [Int32: [CauseStep]] = [:]
        for step in steps { children[step.parent, default: []].append(step) }
        self.children = children
        self.showsEach = showsEach
    }

    /// The lines below the beginning; each ends with a line break.
    func text(below root: CauseStep) -> String {
        var columns = TextColumns([.left, .left])
        add(below: [root], depth: 0, to: &columns)
        return columns.text()
    }

    private func add(below parents: [CauseStep], depth: Int, to columns: inout TextColumns) {
        for group in groups(below: parents) {
            columns.add([
                Self.time(of: group.steps), String(repeating: "  ", count: depth) + CausePhrase.text(group.steps),
            ])
            add(below: group.steps, depth: depth + 1, to: &columns)
        }
    }

    /// Returns what followed at once from `parents`, like with like, in the order of the first of each.
    private func groups(below parents: [CauseStep]) -> [Group] {
        var groups: [Group] = []
        let key = parents.first.map(Self.key)
        for step in following(parents) where showsEach || Self.key(step) != key {
            if !showsEach, let place = groups.firstIndex(where: { $0.key == Self.key(step) }) {
                groups[place].steps.append(step)
            } else {
                groups.append(Group(steps: [step], key: Self.key(step)))
            }
        }
        guard !showsEach else { return groups }
        // A pull that fails again follows from the failure before: such steps are one group.
        for place in groups.indices {
            var next = groups[place].steps
            while !next.isEmpty {
                next = following(next).filter { Self.key($0) == groups[place].key }
                groups[place].steps += next
            }
            groups[place].steps.sort { $0.event < $1.event }
        }
        return groups
    }

    private func following(_ parents: [CauseStep]) -> [CauseStep] {
        parents.flatMap { children[$0.event] ?? [] }.sorted { $0.event < $1.event }
    }

    /// Steps of the same kind, by the same actor and for the same reason are alike.
    private static func key(_ step: CauseStep) -> String {
        let detail = CauseKind(name: step.kind).map { CausePhrase.detail(of: step, $0) } ?? ""
        return "\(step.kind)\n\(step.actor)\n\(detail)"
    }

    static func time(of steps: [CauseStep]) -> String {
        guard let first = steps.map(\.after).min(), let last = steps.map(\.after).max() else { return "" }
        let (from, to) = (StoryTime.length(first), StoryTime.length(last))
        return from == to ? from : "\(from) to \(to)"
    }
}
