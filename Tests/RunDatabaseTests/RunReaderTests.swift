import Chronology
import Foundation
import GRDB
@testable import RunDatabase
import Observations
import Testing

@Suite struct RunReaderTests {
    let folder: TemporaryFolder
    let reader: RunReader

    init() throws {
        folder = try TemporaryFolder()
        let writer = try RunWriter(path: folder.file("a.sqlite"))
        SyntheticRun.send(pods: 1_000, to: writer)
        SyntheticRun.finish(writer)
        try writer.close()
        reader = try RunReader(path: folder.file("a.sqlite"))
    }

    @Test("the run comes back as it was told")
    func run() throws {
        let run = reader.run
        #expect(run.scenario == "synthetic")
        #expect(run.seed == .max)
        #expect(run.status == .failed)
        #expect(run.digest == "abcd")
        #expect(run.events == 4_321)
        #expect(run.reached == SyntheticRun.time(100_000))
        #expect(run.horizon == .days(30))
        #expect(run.schema == RunSchema.version)
        #expect(run.clock.text(of: .start) == "2026-01-01T06:00:00Z")
        #expect(try reader.inputs().map(\.name) == ["scenario.yaml", "a.yaml"])
        #expect(try reader.inputs().map(\.text) == ["kind: Scenario\n", ""])
        #expect(try reader.parameters() == [RunText(name: "watch", text: "5ms")])
        #expect(try reader.warnings() == ["w1", "w2"])
    }

    @Test(
        "a pod is found by name, namespace and uid",
        arguments: [
            ("web-7", 1), ("default/web-7", 1), ("01234567-89ab-4cde-8000-000000000007", 1), ("other/web-7", 0),
            ("web", 0), ("01234567-89ab-4cde-8000-00000000000", 0),
        ])
    func pods(name: String, count: Int) throws {
        let pods = try reader.pods(named: name)
        #expect(pods.count == count)
        for pod in pods {
            #expect(pod.pod == 7)
            #expect(pod.uid == "01234567-89ab-4cde-8000-000000000007")
            #expect(pod.controller == "Deployment default/web")
            #expect(pod.nodeName == "n3")
            #expect(pod.end?.phase == "Succeeded")
            #expect(pod.createdAt == SyntheticRun.time(7))
        }
    }

    @Test("a pod's attempts, states and events come back in order")
    func onePod() throws {
        let attempts = try reader.attempts(ofPod: 7)
        #expect(attempts.map(\.outcome) == ["unschedulable", "bound"])
        #expect(attempts.map(\.node) == [-1, 3])
        #expect(
            attempts[0].rejections == [
                RejectionRow(plugin: "NodeResourcesFit", reason: "Insufficient cpu", nodes: 3),
                RejectionRow(plugin: "TaintToleration", reason: "a taint", nodes: 1),
            ])
        #expect(try reader.intervals(ofPod: 7).map(\.state) == [.pending, .starting, .ready])
        #expect(try reader.intervals(ofPod: 7).map(\.node) == [-1, 3, 3])
        let events = try reader.events(of: "Pod default/web-7")
        #expect(events.map(\.reason) == ["Scheduled", "Started"])
        #expect(events.map(\.count) == [1, 2])
        #expect(events.map(\.message) == ["placed web-7", "placed web-7"])
        #expect(events[1].last == SyntheticRun.time(11))
    }

    @Test("sums and single facts come back")
    func facts() throws {
        let totals = try reader.totals()
        #expect(totals.podsCreated == 1_000)
        #expect(totals.podsFailed == 100)
        #expect(totals.podsSucceeded == 900)
        #expect(totals.nodesRegistered == 4)
        let costs = try reader.costs()
        #expect(costs == CostTotals(total: 1_000, pods: 700, idle: 300, overhead: 0, controlPlane: 0, other: 0))
        #expect(try reader.costsByNamespace() == [NamedCost(name: "default", cost: 700)])
        #expect(try reader.costsByController() == [NamedCost(name: "Deployment default/web", cost: 700)])
        #expect(
            try reader.checkpoints() == [
                CheckpointRow(events: 3_996, at: SyntheticRun.time(1_003), digest: "d999", trail: [1, 0xFFFF, 258])
            ])
        #expect(try reader.metrics() == [MetricRow(name: "evictions", value: 3, unit: "pods")])
        #expect(try reader.brokenAssertions() == ["no pod fails: expected 0, got 2"])
        #expect(try reader.faults().map(\.to) == [.never])
        #expect(try reader.nodes().first == SyntheticRun.node(0))
    }

    @Test("pods that ran and that no money went to are counted, once the ledger is closed", arguments: [true, false])
    func withoutCost(isFinished: Bool) throws {
        let path = folder.file("free.sqlite")
        let writer = try RunWriter(path: path)
        writer.begin(SyntheticRun.header())
        writer.node(SyntheticRun.node(0))
        // One with requests, one that uses something, one that does neither, one that never had a node.
        for (pod, request) in [100, 0, 0, 0].enumerated() {
            let pod = Int32(pod)
            writer.pod(
                PodRow(
                    pod: pod, uidHigh: 0, uidLow: UInt64(pod), namespace: "default", name: "p\(pod)", controller: -1,
                    requestCPU: Int64(request), requestMemory: 0, requestGPU: 0, priority: 0, createdAt: .start))
            writer.podEnd(
                PodEndRow(
                    pod: pod, node: pod == 3 ? -1 : 0, phase: "Running", reason: "", restarts: 0, isAlive: isFinished,
                    endedAt: SyntheticRun.time(60)))
        }
        writer.costAsset(
            CostAssetRow(kind: "node", node: 0, name: "n0", from: .start, to: SyntheticRun.time(60), amount: 1_000))
        for pod in 0..<2 as Range<Int32> {
            writer.costAllocation(
                CostAllocationRow(
                    account: "pod", node: 0, controller: -1, pod: pod, from: .start, to: SyntheticRun.time(60), cpu: 400,
                    memory: 0, gpu: 0, other: 0))
        }
        if isFinished {
            writer.finish(RunFooter(digest: "abcd", events: 1, end: SyntheticRun.time(60), status: "complete"))
        }
        try writer.close()
        #expect(try RunReader(path: path).totals().podsWithoutCost == (isFinished ? 1 : 0))
    }

    @Test(
        "nodes ready at the end are those whose last state says so, and those of the last known hour before the end",
        arguments: [
            ([NodeState.booting, .ready], true, 1), ([.ready, .cordoned], true, 1), ([.ready, .notReady], true, 0),
            ([.ready, .gone], true, 0), ([.ready, .notReady], false, 5),
        ])
    func readyAtTheEnd(states: [NodeState], isFinished: Bool, ready: Int64) throws {
        let path = folder.file("ready.sqlite")
        let writer = try RunWriter(path: path)
        writer.begin(SyntheticRun.header())
        writer.node(SyntheticRun.node(0))
        for (place, state) in states.enumerated() {
            let place = Int64(place)
            writer.nodeInterval(
                NodeIntervalRow(
                    node: 0, state: state, from: SyntheticRun.time(30 * place), to: SyntheticRun.time(30 * place + 30)))
        }
        writer.capacity(
            CapacityIntervalRow(
                from: .start, to: SyntheticRun.time(60), nodes: 5, pods: 0, pending: 0, allocatableCPU: 0,
                requestedCPU: 0, allocatableMemory: 0, requestedMemory: 0, allocatableGPU: 0, requestedGPU: 0))
        if isFinished {
            writer.finish(RunFooter(digest: "abcd", events: 1, end: SyntheticRun.time(60), status: "complete"))
        }
        try writer.close()
        #expect(try RunReader(path: path).totals().nodesReady == ready)
    }

    @Test(
        "of a run that broke off the money is known up to the last whole day, where the sides balance",
        arguments: [(20, 18, 700), (18, 0, 0), (1, 0, 0)] as [(Int64, Int64, Int64)])
    func brokenOff(reached: Int64, settled: Int64, total: Int64) throws {
        let path = folder.file("broken.sqlite")
        let writer = try RunWriter(path: path)
        writer.begin(SyntheticRun.header())
        writer.node(SyntheticRun.node(0))
        func credit(_ account: String, from: Int64, to: Int64, _ amount: Int64) {
            writer.costAllocation(
                CostAllocationRow(
                    account: account, node: 0, controller: -1, pod: -1, from: .start + .hours(from), to: .start + .hours(to),
                    cpu: amount, memory: 0, gpu: 0, other: 0))
        }
        // Pods are written when they end, the machine at midnight; the run begins at six in the morning.
        credit("pod", from: 0, to: 1, 300)
        if reached >= 18 {
            credit("idle", from: 0, to: 18, 400)
            writer.costAsset(
                CostAssetRow(kind: "node", node: 0, name: "n0", from: .start, to: .start + .hours(18), amount: 700))
        }
        if reached > 18 { credit("pod", from: 18, to: 19, 50) }
        writer.podInterval(
            PodIntervalRow(pod: 0, state: .pending, node: -1, from: .start, to: .start + .hours(reached)))
        try writer.close()
        let reader = try RunReader(path: path)
        #expect(reader.run.settled == Instant.start + .hours(settled))
        let costs = try reader.costs()
        #expect(costs.total == total && costs.pods + costs.idle == total && costs.isKnown == (settled > 0))
        // Reports see no more, neither in tables nor in views.
        for table in ["cost_allocation", "cost_allocation_view", "cost_asset", "cost_asset_view"] {
            let count = table.hasPrefix("cost_asset") ? 1 : 2
            #expect(try reader.query("SELECT * FROM \(table)").rows.count == (settled > 0 ? count : 0))
        }
    }

    @Test("what a load balancer costs is its namespace's")
    func namespaces() throws {
        let path = folder.file("balancer.sqlite")
        let writer = try RunWriter(path: path)
        writer.begin(SyntheticRun.header())
        for (account, namespace, amount) in [("load-balancer", "shop", 30), ("idle", "", 70)] as [(String, String, Int64)] {
            writer.costAllocation(
                CostAllocationRow(
                    account: account, namespace: namespace, node: -1, controller: -1, pod: -1, from: .start,
                    to: SyntheticRun.time(60), cpu: 0, memory: 0, gpu: 0, other: amount))
        }
        writer.finish(RunFooter(digest: "abcd", events: 1, end: SyntheticRun.time(60), status: "complete"))
        try writer.close()
        #expect(try RunReader(path: path).costsByNamespace() == [NamedCost(name: "shop", cost: 30)])
    }

    @Test(
        "machines that never came up are not registered",
        arguments: [
            ([NodeState.booting], true, 0), ([.booting, .failed], true, 0), ([.failed], false, 0), ([.booting], false, 1),
            ([.booting, .notReady], true, 1), ([.booting, .ready, .gone], true, 1), ([], false, 1),
        ] as [([NodeState], Bool, Int64)])
    func registered(states: [NodeState], isFinished: Bool, count: Int64) throws {
        let path = folder.file("registered.sqlite")
        let writer = try RunWriter(path: path)
        writer.begin(SyntheticRun.header())
        writer.node(SyntheticRun.node(0))
        for (place, state) in states.enumerated() {
            let from = SyntheticRun.time(30 * Int64(place))
            writer.nodeInterval(NodeIntervalRow(node: 0, state: state, from: from, to: from + .seconds(30)))
        }
        if isFinished {
            writer.finish(RunFooter(digest: "abcd", events: 1, end: SyntheticRun.time(90), status: "complete"))
        }
        try writer.close()
        #expect(try RunReader(path: path).totals().nodesRegistered == count)
    }

    @Test(
        "the peak is when most was requested, and the fullest hour where no peak is known or machines were fewer in it",
        arguments: [(true, 500, 0.6), (false, 500, 0.5), (true, 800, 0.8)] as [(Bool, Int64, Double)])
    func peak(isKnown: Bool, first: Int64, expected: Double) throws {
        let path = folder.file("peak.sqlite")
        let writer = try RunWriter(path: path)
        writer.begin(SyntheticRun.header())
        for (hour, mean, peak, allocatable) in [(0, first, 900, 1_000), (1, 300, 1_200, 2_000)] as [(Int64, Int64, Int64, Int64)] {
            var row = CapacityIntervalRow(
                from: .start + .hours(hour), to: .start + .hours(hour + 1), nodes: 1, pods: 0, pending: 0,
                allocatableCPU: 1_000, requestedCPU: mean, allocatableMemory: 1, requestedMemory: 0, allocatableGPU: 0,
                requestedGPU: 0)
            if isKnown { (row.peakRequestedCPU, row.peakAllocatableCPU) = (peak, allocatable) }
            writer.capacity(row)
        }
        writer.finish(RunFooter(digest: "abcd", events: 1, end: .start + .hours(2), status: "complete"))
        try writer.close()
        let fullness = try #require(try RunReader(path: path).fullness()?.cpu)
        #expect(fullness.peak == expected && fullness.peak >= fullness.requestedShare)
    }

    @Test("views show times as RFC 3339 and money in dollars")
    func views() throws {
        let pod = try reader.query("SELECT created, ended, phase, controller FROM pod_view WHERE id = 7").rows
        #expect(
            pod == [
                [
                    .text("2026-01-01T06:00:07.000Z"), .text("2026-01-01T06:00:11.000Z"), .text("Succeeded"),
                    .text("Deployment default/web"),
                ]
            ])
        #expect(try reader.query("SELECT healed FROM fault_view").rows == [[.null]])
        #expect(try reader.query("SELECT usd FROM cost_asset_view").rows == [[.real(1e-6)]])
    }

    @Test("what cannot be read is said in words")
    func errors() throws {
        let none = folder.file("none.sqlite")
        #expect(throws: RunDatabaseError.noSuchFile(path: none)) { try RunReader(path: none) }
        let text = folder.file("text.sqlite")
        // Longer than the header of an SQLite file.
        try Data(repeating: 0x61, count: 200).write(to: URL(fileURLWithPath: text))
        #expect(throws: RunDatabaseError.notADatabase(path: text)) { try RunReader(path: text) }
        #expect(throws: RunDatabaseError.notADatabase(path: folder.path)) { try RunReader(path: folder.path) }
        let other = folder.file("other.sqlite")
        try DatabaseQueue(path: other).write { try $0.execute(sql: "CREATE TABLE t (a)") }
        #expect(throws: RunDatabaseError.notARun(path: other)) { try RunReader(path: other) }
        let newer = folder.file("newer.sqlite")
        try FileManager.default.copyItem(atPath: reader.path, toPath: newer)
        try DatabaseQueue(path: newer).write { try $0.execute(sql: "PRAGMA user_version = 99") }
        #expect(throws: RunDatabaseError.newerSchema(path: newer, found: 99, known: RunSchema.version)) {
            try RunReader(path: newer)
        }
        #expect(throws: RunDatabaseError.self) { try reader.query("SELECT nothing FROM nowhere") }
        #expect(throws: RunDatabaseError.self) { try reader.query("DELETE FROM pod") }
    }
}
