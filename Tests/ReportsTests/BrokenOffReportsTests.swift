import Chronology
import Observations
@testable import Reports
import RunDatabase
import Testing

@Suite("Reports of a run that was stopped, and of one whose process was killed")
struct BrokenOffReportsTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static func hour(_ hours: Int64) -> Instant { .start + .hours(hours) }

    /// A node that was up within an hour and is ready ever since, with a pod on half of it, for 30 hours; a pod waits.
    private func reader(isStopped: Bool) throws -> RunReader {
        let path = folder.file("\(isStopped).sqlite")
        let writer = try RunWriter(path: path, overwrite: true)
        writer.beginPlainRun(for: .days(3))
        writer.plainNode()
        writer.controller(ControllerRow(controller: 1, namespace: "d", kind: "Deployment", name: "web"))
        for pod in 1...2 as ClosedRange<Int32> {
            writer.pod(
                PodRow(
                    pod: pod, uidHigh: 0, uidLow: UInt64(pod), namespace: "d", name: "p\(pod)", controller: 1,
                    requestCPU: 500, requestMemory: 1 << 29, requestGPU: 0, priority: 0, createdAt: .start))
        }
        writer.attempt(
            AttemptRow(
                pod: 2, number: 1, first: .start, last: .start, count: 1, outcome: "unschedulable", node: -1, evaluated: 0,
                feasible: 0, ties: 0, score: 0, waited: .zero, message: "no", rejections: []))
        writer.nodeInterval(NodeIntervalRow(node: 1, state: .booting, from: .start, to: Self.hour(1)))
        writer.podInterval(PodIntervalRow(pod: 1, state: .pending, node: -1, from: .start, to: Self.hour(1)))
        writer.podInterval(PodIntervalRow(pod: 1, state: .starting, node: 1, from: Self.hour(1), to: Self.hour(2)))
        writer.capacity(
            CapacityIntervalRow(
                from: .start, to: Self.hour(24), nodes: 1, pods: 1, pending: 0, allocatableCPU: 1_000, requestedCPU: 500,
                allocatableMemory: 1 << 30, requestedMemory: 1 << 29, allocatableGPU: 0, requestedGPU: 0))
        bill(from: .start, to: Self.hour(24), in: writer)
        writer.checkpoint(CheckpointRow(events: 9, at: Self.hour(30), digest: "d", trail: [1]))
        if isStopped {
            bill(from: Self.hour(24), to: Self.hour(30), in: writer)
            writer.nodeInterval(NodeIntervalRow(node: 1, state: .ready, from: Self.hour(1), to: Self.hour(30)))
            writer.podInterval(PodIntervalRow(pod: 1, state: .ready, node: 1, from: Self.hour(2), to: Self.hour(30)))
            writer.podEnd(
                PodEndRow(
                    pod: 1, node: 1, phase: "Running", reason: "", restarts: 0, isAlive: true, endedAt: Self.hour(30)))
            writer.podInterval(PodIntervalRow(pod: 2, state: .pending, node: -1, from: .start, to: Self.hour(30)))
            writer.podEnd(
                PodEndRow(
                    pod: 2, node: -1, phase: "Pending", reason: "", restarts: 0, isAlive: true, endedAt: Self.hour(30)))
            writer.stop(digest: "d")
        }
        try writer.close()
        return try RunReader(path: path)
    }

    private func bill(from: Instant, to: Instant, in writer: RunWriter) {
        let amount = (to - from).wholeSeconds * 1_000
        writer.costAsset(CostAssetRow(kind: "node", node: 1, name: "n", from: from, to: to, amount: amount))
        for (account, controller) in [("idle", -1), ("pod", 1)] as [(String, Int32)] {
            writer.costAllocation(
                CostAllocationRow(
                    account: account, node: 1, controller: controller, pod: -1, from: from, to: to, cpu: amount / 4,
                    memory: amount / 4, gpu: 0, other: 0))
        }
    }

    private static let states: [SQLValue] = [.text("booting"), .text("ready")]

    @Test(
        "what is not told is said to be not known, and what is told is told",
        arguments: [
            ("idle", "why", [.text("too few pods ask for it")], [.text("not known: the run broke off")]),
            ("idle", "cpu_requested", [.real(50)], [.null]),
            ("idle-by-cause", "cause", [.text("headroom"), .text("unusable")], [.text("not known")]),
            ("utilization", "nodes", [.real(1)], [.real(1)]),
            ("spreadsheet", "replicas", [.real(0.97), .real(0.97)], [.null, .null]),
            ("nodes", "state", states, [.text("booting"), .text("not known")]),
            ("pending", "still_pending", [.integer(1)], [.integer(1)]),
            ("nodes", "ended", times(1, 30), times(1, 30)),
            ("summary", "item", [.text("pods running at the end")], [.text("pods on nodes in the last hour known")]),
        ] as [(String, String, [SQLValue], [SQLValue])])
    func known(report: String, column: String, stopped: [SQLValue], killed: [SQLValue]) throws {
        let definition = try ReportCatalog(userFolder: folder.path, builtIn: shippedReports).report(named: report)
        for (isStopped, expected) in [(true, stopped), (false, killed)] {
            let table = try ReportRunner.run(definition, on: reader(isStopped: isStopped))
            let place = try #require(table.columns.firstIndex(of: column))
            var values = table.rows.map { $0[place] }
            if report == "summary" { values = values.filter { (stopped + killed).contains($0) } }
            #expect(values == expected, "\(isStopped)")
        }
    }

    private static func times(_ hours: Int64...) -> [SQLValue] {
        hours.map { .text($0 < 24 ? "2026-01-01T0\($0):00:00.000Z" : "2026-01-02T06:00:00.000Z") }
    }

    @Test("the books of a run that was stopped are closed where it was, those of one that was killed at midnight")
    func books() throws {
        let (stopped, killed) = (try reader(isStopped: true), try reader(isStopped: false))
        #expect(stopped.run.isStopped && !killed.run.isStopped && stopped.run.digest == nil)
        #expect(stopped.run.settled == Self.hour(30) && killed.run.settled == Self.hour(24))
        #expect(try stopped.costs().total == 108_000_000 && killed.costs().total == 86_400_000)
        #expect(try stopped.totals().podsRunning == 1 && stopped.totals().nodesReady == 1)
    }

    @Test("the machines of a page are not said never to have come up")
    func page() throws {
        let words = "not known what the machine was doing"
        let stopped = try RunPage(of: reader(isStopped: true)).html()
        #expect(!stopped.contains(words) && stopped.contains("1d5h"), "\(stopped)")
        let killed = try RunPage(of: reader(isStopped: false)).html()
        #expect(killed.contains(words) && !killed.contains("did not come up"))
    }
}
