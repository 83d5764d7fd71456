import Chronology
import Observations
import RunDatabase
import Testing

@testable import orrery

@Suite("What explain tells of a pod")
struct PodStoryTests {
    static func minute(_ minutes: Int64) -> Instant { .start + .minutes(minutes) }

    /// The story of a pod that crashes every other minute for 50 minutes, once another has been deleted for the second.
    static func story(showsEach: Bool = false, end: PodEndRow?, isFinished: Bool = true) throws -> String {
        let folder = try TemporaryFolder()
        let path = folder.path + "/run.sqlite"
        let writer = try RunWriter(path: path)
        writer.begin(
            RunHeader(
                scenario: "s", seed: 1, version: "0.1", startDate: "2026-01-01T00:00:00Z", horizon: .hours(1), inputs: [],
                parameters: [], warnings: []))
        for (pod, name) in [(1, "low"), (2, "high")] as [(Int32, String)] {
            writer.pod(
                PodRow(
                    pod: pod, uidHigh: 0x0123_4567_89AB_4CDE, uidLow: 0x8000_0000_0000_0000 | UInt64(pod), namespace: "d",
                    name: name, controller: -1, requestCPU: 100, requestMemory: 1, requestGPU: 0, priority: 0,
                    createdAt: .start))
        }
        for number in 0..<50 as Range<Int64> {
            let (from, to) = (minute(number), minute(number + 1))
            let state = number % 2 == 0 ? PodState.ready : .unready
            writer.podInterval(PodIntervalRow(pod: 1, state: state, node: -1, from: from, to: to))
            writer.event(
                EventRow(
                    at: from, isWarning: true, object: "Pod d/low", reason: "BackOff", message: "crash \(number)",
                    source: "kubelet"))
            writer.event(
                EventRow(
                    at: from, isWarning: false, object: "Pod d/low", reason: "RequestsFromVPA", message: "size \(number)",
                    source: "vpa"))
        }
        writer.event(
            EventRow(
                at: minute(50), isWarning: false, object: "Pod d/low", reason: "Preempted",
                message: "Preempted by pod 01234567-89ab-4cde-8000-000000000002 on node n1", source: "default-scheduler"))
        if let end { writer.podEnd(end) }
        if !isFinished { writer.checkpoint(CheckpointRow(events: 1, at: minute(55), digest: "d", trail: [1])) }
        if isFinished { writer.finish(RunFooter(digest: "d", events: 1, end: minute(60), status: "complete")) }
        try writer.close()
        let reader = try RunReader(path: path)
        return try PodStory(of: #require(reader.pods(named: "low").first), in: reader, showsEach: showsEach).text
    }

    static func end(isAlive: Bool, _ phase: String = "Running") -> PodEndRow {
        PodEndRow(pod: 1, node: -1, phase: phase, reason: "", restarts: 0, isAlive: isAlive, endedAt: minute(60))
    }

    @Test("a long story is cut with a word on how much, and not at all with --all")
    func cut() throws {
        let short = try Self.story(end: Self.end(isAlive: false))
        for text in [
            "  … 30 between (--all shows all)\n  2026-01-01 00:40:00", "Warnings and preemption\n  … 41 before",
            "By the VerticalPodAutoscaler\n  … 40 before (--all shows all)\n",
        ] {
            #expect(short.contains(text), "\(text)\n\(short)")
        }
        #expect(short.contains("2026-01-01 00:09:00  unready") && short.contains("2026-01-01 00:49:00  unready"))
        #expect(!short.contains("2026-01-01 00:20:00") && !short.contains("crash 40"))
        let long = try Self.story(showsEach: true, end: Self.end(isAlive: false))
        #expect(!long.contains("…") && long.contains("crash 0\n") && long.contains("size 0\n"))
        #expect(long.contains("2026-01-01 00:20:00  ready"))
    }

    @Test("who preempted a pod is named")
    func preempted() throws {
        #expect(try Self.story(end: Self.end(isAlive: false)).contains("Preempted by pod d/high on node n1\n"))
    }

    @Test(
        "a pod that is there when the run ends is not said to live, and of a process that was killed its end is not known",
        arguments: [
            (end(isAlive: true, "Succeeded"), true, "still there at the end of the run, phase Succeeded"),
            (end(isAlive: true), false, "still there when the run was stopped, phase Running"),
            (nil, false, "2026-01-01 00:50:00  not known"), (end(isAlive: false), true, "ended at 2026-01-01 01:00:00"),
        ] as [(PodEndRow?, Bool, String)])
    func ends(end: PodEndRow?, isFinished: Bool, text: String) throws {
        let story = try Self.story(end: end, isFinished: isFinished)
        #expect(story.contains(text), "\(story)")
        #expect(story.contains("not known") == text.contains("not known"))
    }
}
