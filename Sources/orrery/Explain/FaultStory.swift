import Chronology
import RunDatabase

/// What the database tells of one strike of a fault: what followed from it, and how everything came to be whole again.
struct FaultStory {
    private let fault: FaultOutcome
    private let chain: [CauseStep]
    private let delayed: [CauseStep]
    private let workloads: [WorkloadRecovery]
    private let strikes: Int
    private let clock: WallClock
    private let showsEach: Bool

    init(of fault: FaultOutcome, strikes: Int, in reader: RunReader, showsEach: Bool) throws(RunDatabaseError) {
        self.fault = fault
        self.strikes = strikes
        self.showsEach = showsEach
        chain = try reader.chain(ofFault: fault.fault)
        delayed = try chain.first.map { root throws(RunDatabaseError) in try reader.delayed(by: root.event) } ?? []
        workloads = try reader.hasCauses ? reader.workloadRecoveries(ofFault: fault.fault) : []
        clock = reader.run.clock
    }

    /// The story for people; it ends with a line break.
    var text: String { [heading, tree, held, figures, table].filter { !$0.isEmpty }.joined(separator: "\n") }

    private var heading: String {
        let end = fault.to.map { "healed after \(StoryTime.length($0 - fault.from))" } ?? "not healed within the run"
        let title = strikes > 1 ? "fault/\(fault.name)#\(fault.number)" : fault.title
        var text = "\(title): \(fault.kind) of \(fault.target)\n  struck at \(time(fault.from)), \(end)\n"
        if strikes > 1 { text += "  strike \(fault.number) of \(strikes); the others are fault/\(fault.name)#NUMBER\n" }
        return text
    }

    private var tree: String {
        guard let root = chain.first else { return "Nothing is recorded of what followed.\n" }
        let text = CauseTree(chain, showsEach: showsEach).text(below: root)
        return "Cause and effect (times from the strike)\n" + (text.isEmpty ? "  nothing followed\n" : text)
    }

    /// What it held up in other chains, like with like.
    private var held: String {
        guard !delayed.isEmpty else { return "" }
        var groups: [(key: String, steps: [CauseStep])] = []
        for step in delayed {
            let key = "\(step.kind)\n\(step.actor)\n\(step.root)"
            if !showsEach, let place = groups.firstIndex(where: { $0.key == key }) {
                groups[place].steps.append(step)
            } else {
                groups.append((key, [step]))
            }
        }
        var columns = TextColumns([.left, .left])
        for group in groups {
            var steps = group.steps
            for place in steps.indices {
                steps[place].after = steps[place].at - fault.from
                steps[place].delayedBy = nil
            }
            let origin = steps.first.map { " (follows from: \($0.origin))" } ?? ""
            columns.add([CauseTree.time(of: steps), CausePhrase.text(steps) + origin])
        }
        return "Held up (times from the strike)\n" + columns.text()
    }

    private var figures: String {
        var columns = TextColumns([.left, .left])
        func add(_ name: String, _ seconds: Double?, _ rest: String = "") {
            if let seconds { columns.add([name, StoryTime.length(seconds: seconds) + rest]) }
        }
        add("detected", fault.detected, ": the first node not ready")
        add("evicted", fault.evicted, ": the last of \(Self.count(fault.podsEvicted, "pod")) deleted")
        add("rescheduled", fault.rescheduled, ": the last of \(Self.count(fault.podsReplaced, "successor")) bound")
        add("ready", fault.ready, ": the last pod ready again")
        if fault.notRecovered > 0 {
            columns.add([
                "whole again", "never: \(fault.notRecovered) of \(Self.count(fault.workloadsHit, "workload"))",
            ])
        } else {
            let hit = "\(Self.count(fault.workloadsHit, "workload")), \(Self.count(fault.podsHit, "pod")) hit"
            add("whole again", fault.recovery, ": the last of \(hit)")
        }
        add("held up", fault.delayedUntil, ": the last of \(Self.count(fault.stepsDelayed, "step")) in other chains")
        if fault.requestsFailed > 0 { columns.add(["requests lost", Figures.grouped(fault.requestsFailed)]) }
        if fault.violated > 0 { columns.add(["objective missed", StoryTime.length(seconds: fault.violated)]) }
        if fault.workLost > 0 {
            columns.add([
                "work lost",
                "\(StoryTime.length(seconds: fault.workLost)), worth \(StoryTime.dollars(fault.workLostCost))",
            ])
        }
        if fault.machinesLaunched > 0 {
            columns.add(["machines", "\(fault.machinesLaunched) launched, \(StoryTime.dollars(fault.machinesCost))"])
        }
        let text = columns.text()
        return text.isEmpty ? "" : "Recovery (times from the strike)\n" + text
    }

    private var table: String {
        guard workloads.count > 1 else { return "" }
        var columns = TextColumns([.left, .right, .right, .right, .right, .right, .right])
        columns.add(["workload", "hit", "evicted", "replaced", "rescheduled", "ready", "whole again"])
        for workload in workloads {
            func cell(_ seconds: Double?) -> String { seconds.map { StoryTime.length(seconds: $0) } ?? "-" }
            columns.add([
                workload.title, "\(workload.podsHit)", "\(workload.podsEvicted)", "\(workload.podsReplaced)",
                cell(workload.rescheduled), cell(workload.ready), cell(workload.recovery),
            ])
        }
        return "By workload\n" + columns.text()
    }

    private static func count(_ number: Int64, _ noun: String) -> String {
        "\(Figures.grouped(number)) \(noun)\(number == 1 ? "" : "s")"
    }

    private func time(_ instant: Instant) -> String {
        clock.text(of: instant.wholeSecond).replacing("T", with: " ").replacing("Z", with: "")
    }
}
