import Chronology
import Foundation
import Observations
import Reports
import RunDatabase
import Testing

@Suite struct IdleByCauseTests {
    static let day = Duration.days(1)
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A node of 4 cores and 4 GiB that pods may ask for, ready from 6:00 on, with idle money of 1,000,000 for CPU and
    /// 2,000,000 for memory, and pods of 1 core and 1 GiB for the whole day as the shape that is asked for.
    private func run(
        holding held: [(cpu: Int64, memory: Int64, from: Int64, to: Int64)], shapes: [(cpu: Int64, memory: Int64)],
        ready: Int64 = 0, pods: Int64 = 110, daemon: Int64 = 0
    ) throws -> [String: [Int64]] {
        let writer = try RunWriter(path: folder.file("idle.sqlite"))
        writer.begin(
            RunHeader(
                scenario: "idle", seed: 1, version: "0.1", startDate: "2026-01-01T00:00:00Z", horizon: Self.day,
                inputs: [], parameters: [], warnings: []))
        func hour(_ hour: Int64) -> Instant { .start + .hours(hour) }
        writer.node(
            NodeRow(
                node: 1, name: "n1", machineType: "t", zone: "a", pool: "main", purchase: "on-demand", pricePerHour: 1,
                capacityCPU: 4_000, capacityMemory: 5 << 30, capacityGPU: 0, allocatableCPU: 4_000,
                allocatableMemory: 4 << 30, allocatablePods: pods, allocatableGPU: 0, launchedAt: .start))
        if ready > 0 { writer.nodeInterval(NodeIntervalRow(node: 1, state: .booting, from: .start, to: hour(ready))) }
        writer.nodeInterval(NodeIntervalRow(node: 1, state: .ready, from: hour(ready), to: hour(24)))
        writer.controller(ControllerRow(controller: 1, namespace: "d", kind: "Deployment", name: "web"))
        writer.controller(ControllerRow(controller: 2, namespace: "d", kind: "DaemonSet", name: "agent"))
        var number: Int32 = 0
        func pod(_ cpu: Int64, _ memory: Int64, of controller: Int32) -> Int32 {
            number += 1
            writer.pod(
                PodRow(
                    pod: number, uidHigh: 0, uidLow: UInt64(number), namespace: "d", name: "p\(number)",
                    controller: controller, requestCPU: cpu, requestMemory: memory, requestGPU: 0, priority: 0,
                    createdAt: .start))
            return number
        }
        for shape in shapes {
            let id = pod(shape.cpu, shape.memory, of: 1)
            writer.podInterval(PodIntervalRow(pod: id, state: .pending, node: -1, from: .start, to: hour(24)))
        }
        for part in held {
            // Pods of a DaemonSet hold room, and are no shape that another pod has.
            let id = pod(part.cpu, part.memory, of: 2)
            writer.podInterval(
                PodIntervalRow(pod: id, state: .ready, node: 1, from: hour(part.from), to: hour(part.to)))
        }
        func credit(_ account: String, _ controller: Int32, _ cpu: Int64, _ memory: Int64) {
            writer.costAllocation(
                CostAllocationRow(
                    account: account, node: 1, controller: controller, pod: -1, from: .start, to: hour(24), cpu: cpu,
                    memory: memory, gpu: 0, other: 0))
        }
        credit("idle", -1, 1_000_000, 2_000_000)
        credit("overhead", -1, 30, 40)
        if daemon > 0 { credit("pod", 2, daemon, 0) }
        writer.costAsset(
            CostAssetRow(
                kind: "node", node: 1, name: "n1", from: .start, to: hour(24), amount: 3_000_070 + daemon))
        writer.finish(RunFooter(digest: "00", events: 1, end: hour(24), status: "complete"))
        try writer.close()
        let report = try ReportCatalog(userFolder: folder.path, builtIn: shippedReports).report(named: "idle-by-cause")
        let table = try ReportRunner.run(report, on: RunReader(path: folder.file("idle.sqlite")), settings: ["by=pool"])
        var found: [String: [Int64]] = [:]
        var sum: Int64 = 0
        for row in table.rows {
            guard case .text(let cause) = row[1], case .real(let cpu) = row[2], case .real(let memory) = row[3],
                case .integer(let total) = row[7]
            else { continue }
            found[cause] = [Int64((cpu * 1e9).rounded()), Int64((memory * 1e9).rounded())]
            sum += total
        }
        #expect(sum == 3_000_070 + daemon)
        found["reservation"] = nil
        return found
    }

    static let gib: Int64 = 1 << 30

    @Test("an empty node is headroom for what fits")
    func headroom() throws {
        let found = try run(holding: [], shapes: [(1_000, Self.gib)])
        #expect(found == ["headroom": [1_000_000, 2_000_000]])
    }

    @Test("a node without pods to compare is headroom")
    func noShape() throws {
        #expect(try run(holding: [], shapes: []) == ["headroom": [1_000_000, 2_000_000]])
    }

    @Test("a resource of which there is enough beside one that is used up is stranded")
    func stranded() throws {
        let found = try run(holding: [(3_500, Self.gib, 0, 24)], shapes: [(1_000, Self.gib)])
        #expect(found == ["fragmentation": [1_000_000, 0], "unschedulable shape": [0, 2_000_000]])
    }

    @Test("too little of everything is fragmentation")
    func fragmentation() throws {
        let found = try run(holding: [(3_500, 3996 << 20, 0, 24)], shapes: [(1_000, Self.gib)])
        #expect(found == ["fragmentation": [1_000_000, 2_000_000]])
    }

    @Test("a node that has no place for another pod strands everything")
    func slots() throws {
        let found = try run(holding: [(100, Self.gib, 0, 24)], shapes: [(1_000, Self.gib)], pods: 1)
        #expect(found == ["unschedulable shape": [1_000_000, 2_000_000]])
    }

    @Test("money goes by what was free for how long")
    func overTime() throws {
        // A quarter of the day not ready, then empty for half of it, then half full for a quarter: 1 to 2 to 1/2 by CPU.
        let found = try run(
            holding: [(2_000, 4 * Self.gib, 18, 24)], shapes: [(1_000, Self.gib)], ready: 6)
        #expect(found["unusable"] == [285_714, 666_667])
        #expect(found["headroom"] == [571_429, 1_333_333])
        // In the last quarter there is CPU without memory.
        #expect(found["unschedulable shape"] == [142_857, 0])
    }

    @Test("of two shapes each counts by its time")
    func twoShapes() throws {
        let found = try run(holding: [(2_000, 2 * Self.gib, 0, 24)], shapes: [(1_000, Self.gib), (3_000, Self.gib)])
        #expect(found["headroom"] == [500_000, 1_000_000])
        #expect(found["fragmentation"] == [500_000, 0])
        #expect(found["unschedulable shape"] == [0, 1_000_000])
    }

    @Test("DaemonSets and reservations stand beside what is idle")
    func daemons() throws {
        let found = try run(holding: [], shapes: [(1_000, Self.gib)], daemon: 500)
        #expect(found["daemons"] == [500, 0])
    }

    @Test("what is idle though nothing is free is rounding")
    func rounding() throws {
        let found = try run(holding: [(4_000, 4 * Self.gib, 0, 24)], shapes: [(1_000, Self.gib)])
        #expect(found == ["rounding": [1_000_000, 2_000_000]])
    }
}
