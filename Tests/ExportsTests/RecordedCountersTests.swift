import Chronology
import Foundation
import Observations
import RunDatabase
import Testing

@testable import Exports

@Suite("Series out of the database")
struct RecordedCountersTests {
    private func attempt(_ outcome: String, _ first: Int64, _ last: Int64, _ count: Int32) -> AttemptRow {
        AttemptRow(
            pod: 1, number: 1, first: .start + .seconds(first), last: .start + .seconds(last), count: count,
            outcome: outcome, node: -1, evaluated: 1, feasible: 0, ties: 0, score: 0, waited: .zero, message: "",
            rejections: [])
    }

    /// An hour with attempts, two outages of the API server that overlap, and one of the scheduler that does not end.
    private func lines(step: Duration, of family: DerivedFamily) throws -> [String] {
        let path = NSTemporaryDirectory() + "/orrery-counters-\(UUID().uuidString).sqlite"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let writer = try RunWriter(path: path)
        writer.begin(
            RunHeader(
                scenario: "s", seed: 1, version: "0", startDate: "1970-01-01T00:00:00Z", horizon: .hours(1), inputs: [],
                parameters: [], warnings: []))
        writer.pod(
            PodRow(
                pod: 1, uidHigh: 0, uidLow: 1, namespace: "a", name: "p", controller: -1, requestCPU: 0,
                requestMemory: 0, requestGPU: 0, priority: 0, createdAt: .start))
        for row in [
            attempt("bound", 0, 0, 1), attempt("unschedulable", 600, 1_600, 11), attempt("unschedulable", 700, 700, 2),
            attempt("gated", 1, 1, 1),
        ] { writer.attempt(row) }
        for (number, kind, from, to) in [
            (1, "APIServerOutage", 600, 1_200), (2, "APIServerOutage", 900, 1_800), (3, "SchedulerCrash", 3_000, nil),
            (4, "NodeCrash", 0, 60),
        ] as [(Int32, String, Int64, Int64?)] {
            writer.fault(
                FaultRow(
                    fault: number, name: "f\(number)", kind: kind, target: "", from: .start + .seconds(from),
                    to: to.map { .start + .seconds($0) } ?? .never))
        }
        writer.node(
            NodeRow(
                node: 1, name: "n1", machineType: "m", zone: "a", pool: "p", purchase: "on-demand", pricePerHour: 0,
                capacityCPU: 0, capacityMemory: 0, capacityGPU: 0, allocatableCPU: 0, allocatableMemory: 0,
                allocatablePods: 0, allocatableGPU: 0, launchedAt: .start))
        for (at, reason) in [(700, "Evicted"), (710, "OOMKilled"), (1_300, "Evicted"), (1_310, "Evicted")] as [(Int64, String)] {
            writer.pressureKill(
                PressureKillRow(
                    pod: 1, node: 1, container: "", at: .start + .seconds(at), reason: reason,
                    signal: reason == "Evicted" ? "memory.available" : "limit"))
        }
        for half in 0..<2 as Range<Int64> {
            writer.costAsset(
                CostAssetRow(
                    kind: "control-plane", node: -1, name: "c", from: .start + .minutes(30 * half),
                    to: .start + .minutes(30 * half + 30), amount: 50_000_000))
        }
        writer.finish(RunFooter(digest: "00", events: 1, end: .start + .hours(1), status: "complete"))
        try writer.close()
        let plan = ExportPlan(from: .start, to: .start + .hours(1), step: step)
        let spool = try SeriesSpool()
        try RecordedCounters(RunReader(path: path), plan, into: spool).record()
        var bytes: [UInt8] = []
        var text = OpenMetricsText(plan, startDate: StartDate(unixSeconds: 0))
        try text.write(spool) { bytes += $0 }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
            .filter { $0.hasPrefix(family.family.sampleName + "{") }
    }

    private func values(_ lines: [String], of part: String) -> [String] {
        lines.filter { $0.contains(part) }.map { String($0.split(separator: " ")[1]) }
    }

    @Test("equal attempts are spread over their time, and none of them gets lost")
    func attempts() throws {
        let lines = try lines(step: .minutes(5), of: .schedulingAttempts)
        #expect(values(lines, of: "\"scheduled\"") == Array(repeating: "1", count: 13))
        // One at 600 s and two at 700 s; ten more evenly until 1,600 s.
        #expect(
            values(lines, of: "\"unschedulable\"")
                == ["0", "0", "1", "6", "9", "12", "13", "13", "13", "13", "13", "13", "13"])
        #expect(lines.allSatisfy { !$0.contains("gated") })
    }

    @Test("the API server and the scheduler do not answer while faults say so")
    func outages() throws {
        let lines = try lines(step: .minutes(5), of: .up)
        #expect(
            values(lines, of: "apiserver") == ["1", "1", "0", "0", "0", "0", "1", "1", "1", "1", "1", "1", "1"])
        #expect(values(lines, of: "kube-scheduler") == Array(repeating: "1", count: 10) + ["0", "0", "0"])
    }

    @Test("evictions are counted from 0 on, and kills by the kernel are none")
    func evictions() throws {
        let lines = try lines(step: .minutes(10), of: .evictions)
        #expect(values(lines, of: "memory.available") == ["0", "0", "1", "3", "3", "3", "3"])
        #expect(lines.count == 7 && lines[0].contains("instance=\"n1:10250\""))
    }

    @Test("the control plane costs what the ledger says, by the hour")
    func money() throws {
        let lines = try lines(step: .minutes(20), of: .managementCost)
        #expect(values(lines, of: "opencost") == ["0.1", "0.1", "0.1"])
    }
}
