import Chronology
import Observations
import RunDatabase

/// What the database tells of one node: what it is, how it fared, what befell it and why, and what became of its pods.
struct NodeStory {
    private static let shown = 20

    private let node: NodeRow
    private let intervals: [(state: String, from: Instant, to: Instant)]
    private let steps: [CauseStep]
    private let ends: [(reason: String, pods: Int64)]
    private let warnings: [EventRecord]
    private let clock: WallClock
    private let showsEach: Bool

    init(of node: NodeRow, in reader: RunReader, showsEach: Bool) throws(RunDatabaseError) {
        self.node = node
        self.showsEach = showsEach
        var intervals = try reader.intervals(ofNode: node.node)
        let told = intervals.last?.to ?? node.launchedAt
        if !reader.run.isClosed, told < reader.run.reached {
            intervals.append((state: "not known", from: told, to: reader.run.reached))
        }
        self.intervals = intervals
        steps = try reader.steps(ofNode: node.node)
        ends = try reader.podEnds(onNode: node.node)
        warnings = try reader.events(of: "Node \(node.name)").filter(\.isWarning)
        clock = reader.run.clock
    }

    /// The story for people; it ends with a line break.
    var text: String { [heading, life, causes, pods, troubles].filter { !$0.isEmpty }.joined(separator: "\n") }

    private var heading: String {
        let place = [node.zone, node.pool.isEmpty ? "" : "pool \(node.pool)"].filter { !$0.isEmpty }
        let price = node.pricePerHour > 0 ? ", \(StoryTime.dollars(node.pricePerHour)) an hour" : ""
        return "node \(node.name): \(node.machineType), \(node.purchase)\(price)"
            + (place.isEmpty ? "" : " in " + place.joined(separator: ", ")) + "\n  "
            + "\(Figures.fixed(Double(node.allocatableCPU) / 1000, 2)) cores and \(Figures.bytes(node.allocatableMemory)) "
            + "for up to \(node.allocatablePods) pods\n"
    }

    private var life: String {
        var columns = TextColumns([.left, .left, .right])
        for interval in visible(intervals) {
            columns.add([time(interval.from), interval.state, StoryTime.length(interval.to - interval.from)])
        }
        return "Life\n" + columns.text() + hidden(intervals.count)
    }

    private var causes: String {
        guard !steps.isEmpty else { return "" }
        var columns = TextColumns([.left, .left, .left])
        for step in visible(steps) {
            columns.add([
                time(step.at), CausePhrase.text([step]), "\(StoryTime.length(step.after)) after \(step.origin)",
            ])
        }
        return "What befell it\n" + columns.text() + hidden(steps.count)
    }

    private var pods: String {
        guard !ends.isEmpty else { return "" }
        var columns = TextColumns([.right, .left])
        for end in ends { columns.add(["\(end.pods)", end.reason]) }
        return "Its pods, by how they ended\n" + columns.text()
    }

    private var troubles: String {
        guard !warnings.isEmpty else { return "" }
        var columns = TextColumns([.left, .right, .left, .left])
        for event in visible(warnings) {
            columns.add([time(event.first), "×\(event.count)", event.reason, event.message])
        }
        return "Warnings\n" + columns.text() + hidden(warnings.count)
    }

    private func visible<Element>(_ all: [Element]) -> ArraySlice<Element> {
        showsEach ? all[...] : all.prefix(Self.shown)
    }

    private func hidden(_ count: Int) -> String {
        showsEach || count <= Self.shown ? "" : "  … and \(count - Self.shown) more (--all shows all)\n"
    }

    private func time(_ instant: Instant) -> String {
        clock.text(of: instant.wholeSecond).replacing("T", with: " ").replacing("Z", with: "")
    }
}
