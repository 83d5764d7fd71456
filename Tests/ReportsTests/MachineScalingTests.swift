import Chronology
import Observations
import Reports
import RunDatabase
import Testing

@Suite struct MachineScalingTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("a step costs or saves until a later one undoes it, machine by machine")
    func levels() throws {
        let writer = try RunWriter(path: folder.file("steps.sqlite"))
        writer.begin(
            RunHeader(
                scenario: "steps", seed: 1, version: "0.1", startDate: "2026-01-01T00:00:00Z", horizon: .hours(20),
                inputs: [], parameters: [], warnings: []))
        func step(_ hour: Int64, _ pool: String, _ from: Int64, _ to: Int64, price: Int64? = 1_000, type: String = "m") {
            writer.scalingAction(
                ScalingActionRow(
                    at: .start + .hours(hour), component: "a", target: pool, fromSize: from, toSize: to, reason: "r",
                    machineType: type, pricePerHour: price.map { $0 * (to - from) }, message: ""))
        }
        step(0, "p", 1, 4)
        step(2, "p", 4, 3)
        step(3, "q", 5, 4)
        step(4, "p", 3, 5)
        step(8, "p", 5, 1)
        step(9, "q", 4, 5, price: nil)
        // In one round three machines of one pool, in two steps, and one of another type.
        step(10, "r", 0, 2)
        step(10, "r", 2, 3)
        step(10, "r", 3, 4, type: "l")
        var machines: Int32 = 0
        func machine(_ hour: Int64, _ pool: String, type: String = "m", _ bill: [(String, Int64)]) {
            machines += 1
            writer.node(
                NodeRow(
                    node: machines, name: "n\(machines)", machineType: type, zone: "a", pool: pool, purchase: "on-demand",
                    pricePerHour: 1_000, capacityCPU: 1, capacityMemory: 1, capacityGPU: 0, allocatableCPU: 1,
                    allocatableMemory: 1, allocatablePods: 1, allocatableGPU: 0, launchedAt: .start + .hours(hour)))
            for (kind, amount) in bill {
                writer.costAsset(
                    CostAssetRow(
                        kind: kind, node: machines, name: "n\(machines)", from: .start, to: .start + .hours(20),
                        amount: amount))
            }
        }
        // A machine that the second step launched, and what it was billed.
        machine(4, "p", [("node", 4_000), ("covered", -500)])
        machine(10, "r", [("node", 1)])
        machine(10, "r", type: "l", [("node", 10)])
        machine(10, "r", [("node", 100)])
        machine(10, "r", [("node", 1_000)])
        writer.finish(RunFooter(digest: "00", events: 1, end: .start + .hours(20), status: "complete"))
        try writer.close()
        let report = try ReportCatalog(userFolder: folder.path, builtIn: shippedReports).report(named: "machine-scaling")
        let table = try ReportRunner.run(report, on: RunReader(path: folder.file("steps.sqlite")))
        let (usd, billed) = (
            try #require(table.columns.firstIndex(of: "usd")), try #require(table.columns.firstIndex(of: "billed"))
        )
        func nanos(_ value: SQLValue) -> Int64? {
            if case .real(let dollars) = value { Int64((dollars * 1e9).rounded()) } else { nil }
        }
        // 1 to 4: two machines for 8 h, the fourth for 2 h. 4 to 3: 2 h until the fourth is back. 3 to 5: 4 h each.
        // 5 to 1: four machines until the end. In q, one from hour 3 until hour 9.
        #expect(
            table.rows.map { nanos($0[usd]) } == [18_000, -2_000, -6_000, 8_000, -48_000, nil, 20_000, 10_000, 10_000])
        #expect(table.rows.map { nanos($0[billed]) } == [nil, nil, nil, 3_500, nil, nil, 101, 1_000, 10])
    }
}
