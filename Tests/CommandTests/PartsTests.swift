import Chronology
import Exports
import Observations
import Simulation
import Testing

@testable import orrery

@Suite("The parts of the command")
struct PartsTests {
    static func checkpoint(_ events: Int64, _ trail: [UInt16], _ digest: String = "d") -> CheckpointRow {
        CheckpointRow(events: events, at: .start, digest: digest, trail: trail)
    }

    @Test("a comparison of checkpoints finds the first event that differs")
    func comparison() {
        let recorded = [Self.checkpoint(3, [1, 2, 3]), Self.checkpoint(5, [4, 5])]
        let rows: [(replayed: [CheckpointRow], event: Int64?, isMissing: Bool)] = [
            (recorded, nil, false),
            ([Self.checkpoint(3, [1, 9, 3])], 2, false),
            ([Self.checkpoint(3, [1, 2, 3]), Self.checkpoint(5, [9, 5])], 4, false),
            ([Self.checkpoint(3, [1, 2, 3], "other")], 3, false),
            ([Self.checkpoint(3, [1, 2, 3]), Self.checkpoint(4, [4])], 5, true),
        ]
        for row in rows {
            let comparison = CheckpointComparison(recorded)
            for checkpoint in row.replayed { comparison.checkpoint(checkpoint) }
            #expect(comparison.difference?.event == row.event)
            #expect((comparison.difference?.isMissing ?? false) == row.isMissing)
            if row.event == nil { #expect(comparison.isExhausted && comparison.compared == 5) }
        }
    }

    @Test("the line of a plan tells runs, the best set so far and the time")
    func planProgress() {
        #expect(
            PlanProgress.text(3, of: 200, best: nil, seconds: 65) == "3 runs of at most 200  best so far: nothing  1:05")
    }

    /// Bytes, and what is said of so many.
    static let sizes: [(bytes: Int64, step: Int64, part: String?)] = [
        (1 << 30, 30, nil), (3 << 29, 30, "--step 1m makes it about 1 GiB, and a window"),
        (40 << 30, 30, "samples; a window (--start, --end) makes it smaller"),
    ]

    @Test("an export of many bytes is told of, with what makes it smaller", arguments: sizes)
    func exportSize(row: (bytes: Int64, step: Int64, part: String?)) {
        let plan = ExportPlan(from: .start, to: .start + .hours(24), step: .seconds(row.step))
        let notice = MetricsExport.notice(of: OpenMetricsSize(bytes: row.bytes, samples: 7_000, series: 7), plan)
        #expect((notice == nil) == (row.part == nil))
        if let part = row.part { #expect(notice?.contains(part) ?? false, "\(notice ?? "")") }
    }

    @Test(
        "of two runs that are the same as far as both go, one is over only when it came to its end",
        arguments: [(true, true, 9), (true, false, 9), (false, true, nil), (false, false, nil)] as [(Bool, Bool, Int64?)])
    func brokenOff(shorterIsFinished: Bool, longerIsFinished: Bool, event: Int64?) {
        let rows = [Self.checkpoint(4, [1, 2, 3, 4]), Self.checkpoint(8, [5, 6, 7, 8]), Self.checkpoint(9, [9])]
        let shorter = FirstDifference.Series(checkpoints: Array(rows.prefix(2)), isFinished: shorterIsFinished)
        let longer = FirstDifference.Series(checkpoints: rows, isFinished: longerIsFinished)
        for outcome in [FirstDifference.find(shorter, longer), FirstDifference.find(longer, shorter)] {
            #expect(outcome.difference?.event == event && outcome.shared == 8)
        }
    }

    @Test(
        "scenarios are told from manifests",
        arguments: [
            ("apiVersion: orrery.dev/v1\nkind: Scenario\n", true), ("kind: \"Scenario\" # mine\n", true),
            ("{\"apiVersion\": \"orrery.dev/v1\", \"kind\": \"Scenario\"}", true),
            ("apiVersion: v1\nkind: Pod\n", false), ("apiVersion: v1\nkind: List\nitems:\n- kind: Scenario\n", false),
            ("# kind: Scenario\n", false), ("", false),
        ])
    func scenario(_ text: String, expected: Bool) {
        #expect(ScenarioPath.isScenario(text: text) == expected)
    }

    @Test("the progress line names date, share, rate and time left")
    func progress() {
        #expect(
            ProgressLine.text(date: "2026-01-08 12:00", share: 0.25, events: 100_000, seconds: 2)
                == "2026-01-08 12:00  25.0%  50k events/s  0:06 left")
        #expect(ProgressLine.text(date: "x", share: 0, events: 0, seconds: 0) == "x  0.0%  0 events/s  …")
    }

    @Test("numbers are written as people read them")
    func figures() {
        #expect(Figures.grouped(1_234_567) == "1,234,567")
        #expect(Figures.grouped(-12) == "-12")
        #expect(Figures.clock(3 * 3600 + 65) == "3:01:05")
        #expect(Figures.bytes(512 << 20) == "512 MiB")
        #expect(Figures.bytes(3 << 29) == "1.50 GiB")
        #expect(Figures.rate(999) == "999" && Figures.rate(1_250) == "1.2k" && Figures.rate(2_500_000) == "2.50M")
    }

    @Test("columns are aligned, and no line ends with blanks")
    func columns() {
        var columns = TextColumns([.left, .right])
        columns.add(["a", "1"])
        columns.add(["bcd", "10"])
        #expect(columns.text(indent: "") == "a     1\nbcd  10\n")
        var loose = TextColumns([.right, .left])
        loose.add(["1", ""])
        #expect(loose.text(indent: "") == "1\n")
    }
}
