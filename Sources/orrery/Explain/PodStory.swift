import Chronology
import Observations
import RunDatabase
import Scheduler
import Simulation

/// What the database tells of one pod: what it is, how it fared, and what was decided about it.
struct PodStory {
    private static let shownIntervals = 20
    private static let shownAttempts = 10

    private let pod: PodRecord
    private let intervals: [PodIntervalRow]
    private let attempts: [AttemptRow]
    private let warnings: [EventRecord]
    private let sizing: [EventRecord]
    private let nodeNames: [Int32: String]
    private let run: RunRecord
    private let clock: WallClock
    private let showsEach: Bool

    init(of pod: PodRecord, in reader: RunReader, showsEach: Bool) throws(RunDatabaseError) {
        self.pod = pod
        self.showsEach = showsEach
        intervals = try reader.intervals(ofPod: pod.pod)
        attempts = try reader.attempts(ofPod: pod.pod)
        let events = try reader.events(of: "Pod \(pod.namespace)/\(pod.name)")
        var warnings: [EventRecord] = []
        for var event in events where event.isWarning || event.reason == "Preempted" {
            if event.reason == "FailedScheduling" { continue }
            if event.reason == "Preempted" { event.message = try Self.naming(event.message, in: reader) }
            warnings.append(event)
        }
        self.warnings = warnings
        sizing = events.filter { ["RequestsFromVPA", "EvictedByVPA"].contains($0.reason) }
        var names: [Int32: String] = [:]
        for node in try reader.nodes() { names[node.node] = node.name }
        nodeNames = names
        run = reader.run
        clock = run.clock
    }

    /// Returns a message with the names of the pods whose uids stand in it.
    private static func naming(_ message: String, in reader: RunReader) throws(RunDatabaseError) -> String {
        var words: [String] = []
        for word in message.split(separator: " ", omittingEmptySubsequences: false).map(String.init) {
            let isUID = word.utf8.count == 36 && word.contains("-")
            let other = isUID ? try reader.pods(named: word).first : nil
            words.append(other.map { "\($0.namespace)/\($0.name)" } ?? word)
        }
        return words.joined(separator: " ")
    }

    /// The attempt that says why the pod is where it is: the one that bound it, else the last that failed.
    var decisive: AttemptRow? { attempts.last { $0.outcome == "bound" } ?? attempts.last }

    /// Returns the row that covers the attempt with a number; a row may stand for several that failed alike.
    func row(of number: Int) -> AttemptRow? {
        attempts.last { Int($0.number) <= number && number < Int($0.number) + Int($0.count) }
    }

    /// Which attempts there are, as a sentence fragment.
    var attemptRange: String {
        guard let first = attempts.first, let last = attempts.last else { return "there was none" }
        return "there are \(first.number) to \(Int(last.number) + Int(last.count) - 1)"
    }

    /// Returns which attempt a table is about; it ends with a line break.
    func heading(of found: (at: Instant, attempt: SchedulingAttempt)) -> String {
        "Attempt \(found.attempt.number) at \(time(found.at)): \(found.attempt.feasibleNodes) of "
            + "\(found.attempt.evaluatedNodes) nodes were feasible\n"
    }

    /// The story for people; it ends with a line break.
    var text: String {
        [heading, verdict, life, sizes, decisions, troubles].filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private var heading: String {
        var parts = [
            "\(Figures.fixed(Double(pod.requestCPU) / 1000, pod.requestCPU % 1000 == 0 ? 0 : 2)) cores",
            Figures.bytes(pod.requestMemory),
        ]
        if pod.requestGPU > 0 { parts.append("\(pod.requestGPU) GPU") }
        parts.append("priority \(pod.priority)")
        let bare = "Pod \(pod.namespace)/\(pod.name)"
        let owner = pod.controller.flatMap { $0 == bare ? nil : " of \($0)" } ?? ""
        return "pod \(pod.namespace)/\(pod.name)\(owner), requests \(parts.joined(separator: ", "))\n"
    }

    private var verdict: String {
        guard let decisive else {
            if let first = intervals.first(where: { nodeNames[$0.node] != nil }), let node = nodeNames[first.node] {
                return first.from == .start
                    ? "  It was on \(node) when the run began.\n"
                    : "  It came with its node, \(node): no scheduler was asked.\n"
            }
            return "  No scheduler has tried to place it: none has its schedulerName, scheduling gates hold it, or it "
                + "came at the very end.\n"
        }
        guard decisive.outcome == "bound" else {
            return "  It is on no node: \(decisive.message.isEmpty ? decisive.outcome : decisive.message)\n"
        }
        let node = nodeNames[decisive.node] ?? "a node"
        let ties = decisive.ties > 1 ? ", \(decisive.ties) nodes shared the best score" : ""
        return "  Placed on \(node) at \(time(decisive.last)), attempt \(decisive.number), after waiting "
            + "\(Self.rounded(decisive.waited)): \(decisive.feasible) of \(decisive.evaluated) nodes were feasible\(ties).\n"
    }

    private var life: String {
        var columns = TextColumns([.left, .left, .right, .left])
        func add(_ state: String, _ node: Int32, from: Instant, to: Instant) {
            columns.add([time(from), state, Self.rounded(to - from), nodeNames[node] ?? "-"])
        }
        let hidden = hidden(intervals.count, of: Self.shownIntervals)
        // The first and the last are what people ask about.
        let first = hidden > 0 ? Self.shownIntervals / 2 : intervals.count
        for interval in intervals.prefix(first) + intervals.dropFirst(first + hidden) {
            add(interval.state.name, interval.node, from: interval.from, to: interval.to)
        }
        let told = intervals.last?.to ?? pod.createdAt
        if !run.isClosed, pod.end == nil, told < run.reached { add("not known", -1, from: told, to: run.reached) }
        var lines = columns.text().split(separator: "\n").map { $0 + "\n" }
        if hidden > 0 { lines.insert("  … \(hidden) between (--all shows all)\n", at: first) }
        var text = "Life\n" + lines.joined()
        if let end = pod.end {
            let reason = end.reason.isEmpty ? "" : " (\(end.reason))"
            let restarts = end.restarts == 0 ? "" : ", \(end.restarts) restarts"
            text +=
                end.isAlive
                ? "  still there \(run.isFinished ? "at the end of the run" : "when the run was stopped"), "
                    + "phase \(end.phase)\(reason)\(restarts)\n"
                : "  ended at \(time(end.endedAt)), phase \(end.phase)\(reason)\(restarts)\n"
        }
        return text
    }

    private var decisions: String {
        guard !attempts.isEmpty else { return "" }
        var text = "Decisions\n"
        text += before(attempts.count)
        for attempt in visible(attempts) {
            let times = attempt.count > 1 ? " to \(time(attempt.last)), \(attempt.count) times" : ""
            let node = nodeNames[attempt.node].map { " to \($0)" } ?? ""
            text += "  \(time(attempt.first))\(times)  \(attempt.outcome)\(node)\n"
            var columns = TextColumns([.left, .right, .left])
            for rejection in attempt.rejections {
                columns.add([rejection.plugin, "\(rejection.nodes)", rejection.reason])
            }
            text += columns.text(indent: "    ")
        }
        return text
    }

    /// What a VerticalPodAutoscaler made of its requests, and whether it evicted the pod for others.
    private var sizes: String {
        guard !sizing.isEmpty else { return "" }
        var columns = TextColumns([.left, .left, .left])
        for event in visible(sizing) {
            let what = event.reason == "EvictedByVPA" ? "evicted" : "given requests"
            columns.add([time(event.first), what, event.message])
        }
        return "By the VerticalPodAutoscaler\n" + before(sizing.count) + columns.text()
    }

    private var troubles: String {
        guard !warnings.isEmpty else { return "" }
        var columns = TextColumns([.left, .right, .left, .left])
        for event in visible(warnings) {
            columns.add([time(event.first), "×\(event.count)", event.reason, event.message])
        }
        let title = warnings.allSatisfy(\.isWarning) ? "Warnings" : "Warnings and preemption"
        return title + "\n" + before(warnings.count) + columns.text()
    }

    /// How many of so many are left out, unless all are asked for.
    private func hidden(_ count: Int, of shown: Int) -> Int { showsEach ? 0 : max(0, count - shown) }

    private func visible<Element>(_ all: [Element]) -> ArraySlice<Element> {
        all.dropFirst(hidden(all.count, of: Self.shownAttempts))
    }

    private func before(_ count: Int) -> String {
        let hidden = hidden(count, of: Self.shownAttempts)
        return hidden > 0 ? "  … \(hidden) before (--all shows all)\n" : ""
    }

    private func time(_ instant: Instant) -> String {
        clock.text(of: instant.wholeSecond).replacing("T", with: " ").replacing("Z", with: "")
    }

    /// Returns a length of time with no more precision than a person wants.
    private static func rounded(_ duration: Duration) -> String {
        let step: Int64 = duration.nanoseconds >= 60_000_000_000 ? 1_000_000_000 : 1_000_000
        return Duration(nanoseconds: (duration.nanoseconds + step / 2) / step * step).description
    }
}
