import Chronology
import Observations
import RunDatabase
import Testing

@Suite struct RecoveryViewTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func time(_ seconds: Int64) -> Instant { SyntheticRun.time(seconds) }

    /// A fault from 100 s to 150 s that hits pods of two workloads; the second is whole again when `second` says.
    private func write(second: Int64?) throws -> RunReader {
        let writer = try RunWriter(path: folder.file("a.sqlite"), overwrite: true)
        SyntheticRun.send(pods: 4, to: writer)
        writer.controller(ControllerRow(controller: 1, namespace: "default", kind: "Deployment", name: "api"))
        writer.fault(FaultRow(fault: 1, name: "f", kind: "k", target: "n0", from: time(100), to: time(150)))
        var count: Int32 = 0
        func step(
            _ kind: CauseKind, _ seconds: Int64, pod: Int32 = -1, controller: Int32 = -1, node: Int32 = -1,
            isHit: Bool = false, cost: Int64 = 0
        ) {
            count += 1
            var row = CauseEventRow(
                event: count, parent: count == 1 ? -1 : 1, root: 1, at: time(seconds), kind: kind, actor: "a", fault: 1,
                node: node, pod: pod, controller: controller)
            row.isHit = isHit
            row.lost = cost > 0 ? .seconds(30) : .zero
            row.cost = cost
            writer.causeEvent(row)
        }
        step(.fault, 100)
        step(.nodeNotReady, 140, node: 0)
        step(.nodeNotReady, 145, node: 1)
        step(.podUnready, 141, pod: 0, controller: 0, isHit: true)
        step(.podUnready, 142, pod: 1, controller: 1, isHit: true)
        // The same pod again is one pod.
        step(.podDeleted, 160, pod: 0, controller: 0, isHit: true)
        step(.workLost, 160, pod: 0, controller: 0, cost: 7)
        step(.workLost, 161, pod: 1, controller: 1, cost: 4)
        step(.podReplaced, 161, pod: 2, controller: 0)
        step(.machineLaunched, 160, node: 2)
        step(.podBound, 170, pod: 2, controller: 0)
        step(.podReady, 180, pod: 2, controller: 0)
        // Whole before the last hit does not count.
        step(.workloadWhole, 150, controller: 0)
        step(.workloadWhole, 180, controller: 0)
        if let second { step(.workloadWhole, second, controller: 1) }
        writer.service(ServiceRow(service: 1, namespace: "default", name: "web"))
        writer.service(ServiceRow(service: 2, namespace: "default", name: "api"))
        writer.service(ServiceRow(service: 3, namespace: "default", name: "cache"))
        for (service, from, to, failed, lost, isViolated) in [
            (1, 0, 90, 1_000, 0, true), (1, 90, 110, 20_000, 0, true), (1, 110, 190, 5_000, 0, false),
            (1, 190, 210, 40_000, 0, true), (1, 210, 300, 9_000, 0, true), (2, 0, 300, 300_000, 0, true),
            // What is lost at the strike counts, and what is lost at the end of the window does not.
            (3, 0, 100, 8_000, 8_000, false), (3, 100, 150, 2_000, 1_000, false), (3, 150, 200, 4_000, 4_000, false),
            (3, 200, 300, 100_000, 16_000, false),
        ] as [(Int32, Int64, Int64, Int64, Int64, Bool)] {
            var row = ServiceIntervalRow(service: service, from: time(from), to: time(to))
            row.requests = 400_000
            // Three of four requests to the second service are made by the others.
            row.users = service == 2 ? 100_000 : 400_000
            row.failed = failed
            row.lost = lost
            row.isViolated = isViolated
            writer.serviceInterval(row)
        }
        writer.finish(RunFooter(digest: "d", events: 1, end: time(300), status: "complete"))
        try writer.close()
        return try RunReader(path: folder.file("a.sqlite"))
    }

    @Test("lengths, counts, requests and money are as worked out by hand")
    func whole() throws {
        let reader = try write(second: 200)
        let fault = try #require(try reader.faultOutcomes().first)
        #expect(fault.podsHit == 2 && fault.workloadsHit == 2 && fault.notRecovered == 0)
        #expect(fault.detected == 40 && fault.evicted == 60 && fault.rescheduled == 70 && fault.ready == 80)
        #expect(fault.recovery == 100 && fault.podsEvicted == 1 && fault.podsReplaced == 1)
        // From 100 s to 200 s: half of 20, all of 5, half of 40; a third of the other service's 300, of which a fourth are users'.
        #expect(fault.requestsLost == 10 + 5 + 20 + 25 + (8 + 2))
        #expect(fault.violated == 10 + 10 + 100)
        #expect(fault.workLost == 60 && fault.workLostCost == 11)
        // 0.192 dollars an hour for 40 s.
        #expect(fault.machinesLaunched == 1 && fault.machinesCost == 192_000_000 * 40 / 3_600)
        let workloads = try reader.workloadRecoveries(ofFault: 1)
        #expect(workloads.map(\.title) == ["Deployment default/web", "Deployment default/api"])
        #expect(workloads.map(\.recovery) == [80, 100])
        #expect(workloads.map(\.firstHit) == [41, 42])
        #expect(workloads.map(\.workLostCost) == [7, 4])
        #expect(try reader.query("SELECT window_s FROM recovery_view WHERE fault = 1").rows == [[.real(100)]])
    }

    @Test(
        "a share of an interval's requests is told as the nearest whole number",
        arguments: [(0.4, 0), (0.5, 1), (143_980.59, 143_981)] as [(Double, Int64)])
    func requests(lost: Double, told: Int64) throws {
        var fault = try #require(try write(second: nil).faultOutcomes().first)
        fault.requestsLost = lost
        #expect(fault.requestsFailed == told)
    }

    @Test("what is never whole again has no recovery, and its window ends with the run")
    func never() throws {
        let reader = try write(second: nil)
        let fault = try #require(try reader.faultOutcomes().first)
        #expect(fault.recovery == nil && fault.notRecovered == 1)
        #expect(fault.requestsLost == 10 + 5 + 40 + 9 + 50 + (8 + 2 + 4 + 100))
        #expect(try reader.workloadRecoveries(ofFault: 1).map(\.recovery) == [80, nil])
    }
}
