import Chronology
import Observations
import RunDatabase

/// What the database tells of one scheduled change: what followed from it, until the workload had done as it was told.
struct ChangeStory {
    private let root: CauseStep
    private let number: Int
    private let chain: [CauseStep]
    private let clock: WallClock
    private let showsEach: Bool

    init(of root: CauseStep, in reader: RunReader, showsEach: Bool) throws(RunDatabaseError) {
        self.root = root
        self.showsEach = showsEach
        number = try reader.roots(of: CauseKind.change.name).count { $0.event <= root.event }
        chain = try reader.chain(from: root.event)
        clock = reader.run.clock
    }

    /// The story for people; it ends with a line break.
    var text: String {
        let time = clock.text(of: root.at.wholeSecond).replacing("T", with: " ").replacing("Z", with: "")
        let tree = CauseTree(chain, showsEach: showsEach).text(below: root)
        let last = chain.last.map { "  the last of \(chain.count) steps after \(StoryTime.length($0.after))\n" } ?? ""
        return "change/\(number): \(root.detail)\n  at \(time)\n\(last)\nCause and effect (times from the change)\n"
            + (tree.isEmpty ? "  nothing followed\n" : tree)
    }
}
