import Chronology
import Foundation
import Observations
import Reports
import RunDatabase
import Testing

/// Numbers that look random and are the same each time.
private struct Dice {
    var state: UInt64

    mutating func roll(_ sides: Int64) -> Int64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int64((state >> 33) % UInt64(sides))
    }
}

@Suite struct WhoPaysTests {
    static let spaces = ["shop", "batch", "kube-system"]
    let folder: TemporaryFolder
    let report: ReportDefinition

    init() throws {
        folder = try TemporaryFolder()
        report = try ReportCatalog(userFolder: folder.path, builtIn: shippedReports).report(named: "who-pays")
    }

    private func header(_ parameters: [(name: String, value: String)] = []) -> RunHeader {
        RunHeader(
            scenario: "bill", seed: 1, version: "0.1", startDate: "2026-01-01T00:00:00Z", horizon: .days(1), inputs: [],
            parameters: parameters, warnings: [])
    }

    private func node(_ number: Int32) -> NodeRow {
        NodeRow(
            node: number, name: "n\(number)", machineType: "m5.large", zone: "a", pool: "main", purchase: "on-demand",
            pricePerHour: 96_000_000, capacityCPU: 2_000, capacityMemory: 8 << 30, capacityGPU: 0, allocatableCPU: 1_900,
            allocatableMemory: 7 << 30, allocatablePods: 29, allocatableGPU: 0, launchedAt: .start)
    }

    private func pod(_ number: Int32, of controller: Int32, in space: String, labels: String) -> PodRow {
        PodRow(
            pod: number, uidHigh: 0, uidLow: UInt64(number), namespace: space, name: "p\(number)",
            controller: controller, requestCPU: 500, requestMemory: 1 << 30, requestGPU: 0, priority: 0,
            createdAt: .start, labels: labels)
    }

    private func credit(
        _ account: String, in space: String = "", node: Int32 = -1, controller: Int32 = -1, pod: Int32 = -1,
        _ cpu: Int64, _ memory: Int64 = 0, _ gpu: Int64 = 0, other: Int64 = 0
    ) -> CostAllocationRow {
        CostAllocationRow(
            account: account, namespace: space, node: node, controller: controller, pod: pod, from: .start,
            to: .start + .days(1), cpu: cpu, memory: memory, gpu: gpu, other: other)
    }

    private func total(_ rows: [CostAllocationRow]) -> Int64 {
        rows.reduce(0) { $0 + $1.cpu + $1.memory + $1.gpu + $1.other }
    }

    private func finish(_ writer: RunWriter, _ rows: [CostAllocationRow]) throws -> RunReader {
        for row in rows { writer.costAllocation(row) }
        writer.costAsset(
            CostAssetRow(
                kind: "node", node: 1, name: "all", from: .start, to: .start + .days(1), amount: total(rows)))
        writer.finish(RunFooter(digest: "00", events: 1, end: .start + .days(1), status: "complete"))
        try writer.close()
        return try RunReader(path: writer.path)
    }

    private func payers(_ reader: RunReader, _ settings: [String], column: String = "total_nanousd") throws
        -> [String: SQLValue]
    {
        let table = try ReportRunner.run(report, on: reader, settings: settings)
        let place = try #require(table.columns.firstIndex(of: column))
        return Dictionary(
            uniqueKeysWithValues: table.rows.map { row in
                if case .text(let payer) = row[0] { (payer, row[place]) } else { ("?", row[place]) }
            })
    }

    // MARK: - Random bills

    /// A bill of a few nodes, workloads and accounts with amounts of every size, odd ones and refunds among them.
    private func randomBill(_ seed: UInt64, to writer: RunWriter) -> [CostAllocationRow] {
        var dice = Dice(state: seed)
        func amount() -> Int64 { dice.roll([3, 1_000, 1_000_000_007, 900_000_000_000_000][Int(dice.roll(4))]) }
        let nodes = 1 + Int32(dice.roll(4))
        for number in 1...nodes { writer.node(node(number)) }
        var rows: [CostAllocationRow] = []
        for controller in 1...(2 + Int32(dice.roll(6))) {
            let space = Self.spaces[Int(dice.roll(3))]
            writer.controller(
                ControllerRow(controller: controller, namespace: space, kind: "Deployment", name: "w\(controller)"))
            for number in 0..<Int32(1 + dice.roll(3)) {
                let id = controller * 10 + number
                let labels = ["{}", #"{"team":"red"}"#, #"{"app/x.y":"1","team":"blue"}"#][Int(dice.roll(3))]
                writer.pod(pod(id, of: controller, in: space, labels: labels))
                let place = 1 + Int32(dice.roll(Int64(nodes)))
                rows.append(credit("pod", node: place, controller: controller, pod: id, amount(), amount(), amount()))
            }
            // A commitment gave something back.
            rows.append(credit("pod", node: 1, controller: controller, -dice.roll(2)))
        }
        for number in 1...nodes {
            rows.append(credit("idle", node: number, amount(), amount(), amount()))
            rows.append(credit("overhead", node: number, amount(), amount()))
        }
        rows.append(credit("storage", in: "shop", 0, other: amount()))
        rows.append(credit("storage", in: "batch", controller: 1, 0, other: amount()))
        rows.append(credit("load-balancer", in: "kube-system", 0, other: amount()))
        rows.append(credit("control-plane", 0, other: amount()))
        rows.append(credit("commitment-waste", 0, other: amount()))
        return rows
    }

    @Test("whoever is asked in whatever way, the rows sum to the bill to the nano-dollar", arguments: 1...12 as ClosedRange<UInt64>)
    func sums(seed: UInt64) throws {
        let writer = try RunWriter(path: folder.file("bill.sqlite"))
        writer.begin(header())
        let rows = randomBill(seed, to: writer)
        let reader = try finish(writer, rows)
        for settings in Self.ways {
            let sum = try payers(reader, settings).values.reduce(0 as Int64) { sum, value in
                if case .integer(let amount) = value { sum + amount } else { .min }
            }
            #expect(sum == total(rows), "\(settings)")
        }
    }

    private static let ways: [[String]] = ["namespace", "controller", "label", "team"].flatMap { by in
        ["separate", "shareByCost", "shareByNode"].flatMap { idle in
            [
                [], ["sharedNamespaces=kube-system", "sharedPolicy=even"],
                ["sharedLabels=team=red,app/x.y=2", "sharedOverhead=true"],
                ["sharedNamespaces=shop,batch,kube-system", "sharedOverhead=true"],
            ].map { ["by=\(by)", "label=app/x.y", "idle=\(idle)"] + $0 }
        }
    }

    // MARK: - By hand

    /// Two nodes: web (shop) and agent (kube-system) on the first, etl (batch) on the second.
    private func smallBill(_ parameters: [(name: String, value: String)] = []) throws -> RunReader {
        let writer = try RunWriter(path: folder.file("small.sqlite"))
        writer.begin(header(parameters))
        for number in 1...2 as ClosedRange<Int32> { writer.node(node(number)) }
        for (controller, space, name, labels) in [
            (1, "shop", "web", #"{"team":"red"}"#), (2, "kube-system", "agent", "{}"),
            (3, "batch", "etl", #"{"team":"blue"}"#),
        ] as [(Int32, String, String, String)] {
            writer.controller(ControllerRow(controller: controller, namespace: space, kind: "Deployment", name: name))
            writer.pod(pod(controller, of: controller, in: space, labels: labels))
        }
        return try finish(
            writer,
            [
                credit("pod", node: 1, controller: 1, pod: 1, 600, 200),
                credit("pod", node: 1, controller: 2, pod: 2, 200, 200),
                credit("pod", node: 2, controller: 3, pod: 3, 400, 0),
                credit("idle", node: 1, 100, 10), credit("idle", node: 2, 11, 7), credit("overhead", node: 1, 30),
                credit("storage", in: "shop", controller: 1, 0, other: 50),
                credit("load-balancer", in: "batch", 0, other: 20), credit("control-plane", 0, other: 100),
            ])
    }

    @Test(
        "idle and shared costs go where the policy says",
        arguments: [
            (
                ["by=namespace"],
                ["shop": 850, "kube-system": 400, "batch": 420, "(idle)": 128, "(overhead)": 30, "(control-plane)": 100]
            ),
            (
                ["by=controller"],
                [
                    "Deployment shop/web": 850, "Deployment kube-system/agent": 400, "Deployment batch/etl": 400,
                    "(load-balancer of batch)": 20, "(idle)": 128, "(overhead)": 30, "(control-plane)": 100,
                ]
            ),
            (
                ["by=team"],
                ["red": 850, "blue": 400, "(no team)": 420, "(idle)": 128, "(overhead)": 30, "(control-plane)": 100]
            ),
            // Node 1: CPU 100 as 600 to 200, memory 10 as 1 to 1. Node 2: CPU 11 is etl's, memory 7 nobody's.
            (
                ["idle=shareByNode"],
                [
                    "shop": 850 + 75 + 5, "kube-system": 400 + 25 + 5, "batch": 420 + 11, "(idle)": 7, "(overhead)": 30,
                    "(control-plane)": 100,
                ]
            ),
            // CPU 111 as 6 to 2 to 4: 55.5, 18.5, 37, the odd one to the first of equal remainders; memory 17 in halves.
            (
                ["idle=shareByCost"],
                [
                    "shop": 850 + 55 + 8, "kube-system": 400 + 19 + 9, "batch": 420 + 37, "(overhead)": 30,
                    "(control-plane)": 100,
                ]
            ),
            // 400 as 850 to 420: 267.72 and 132.28.
            (
                ["sharedNamespaces=kube-system"],
                ["shop": 850 + 268, "batch": 420 + 132, "(idle)": 128, "(overhead)": 30, "(control-plane)": 100]
            ),
            // 400 + 30 + 100 in halves.
            (
                ["sharedNamespaces=kube-system", "sharedOverhead=true", "sharedPolicy=even"],
                ["shop": 850 + 265, "batch": 420 + 265, "(idle)": 128]
            ),
            // web, its volume and etl, 1250, as 400 to 20.
            (
                ["sharedLabels=team=red,team=blue"],
                [
                    "kube-system": 400 + 1_190, "batch": 20 + 60, "(idle)": 128, "(overhead)": 30,
                    "(control-plane)": 100,
                ]
            ),
        ] as [([String], [String: Int64])])
    func policies(settings: [String], expected: [String: Int64]) throws {
        let found = try payers(smallBill(), settings)
        #expect(found == expected.mapValues { .integer($0) })
    }

    @Test("what a scenario says holds until a user says otherwise")
    func runPolicy() throws {
        let reader = try smallBill([
            ("prices.allocation.idle", "shareByNode"), ("prices.allocation.shared.namespaces", "kube-system"),
            ("prices.allocation.shared.overhead", "true"), ("prices.allocation.shared.policy", "even"),
            ("prices.allocation.teamLabel", "team"),
        ])
        #expect(try payers(reader, [])["(idle)"] == .integer(7))
        // kube-system with its idle money, the overhead and the control plane: 430 + 30 + 100 in halves.
        #expect(try payers(reader, [])["shop"] == .integer(850 + 80 + 280))
        #expect(try payers(reader, ["idle=separate"])["(idle)"] == .integer(128))
        #expect(try payers(reader, [], column: "shared")["shop"] == .real(280 / 1e9))
    }

    @Test(
        "settings that mean nothing are told",
        arguments: [
            ("idle=none", "--set idle=none: idle of the report who-pays is one of separate, shareByCost, shareByNode"),
            (
                "bye=team",
                "--set bye=team: the report who-pays takes by=…, label=…, idle=…, sharedNamespaces=…, "
                    + "sharedLabels=…, sharedOverhead=…, sharedPolicy=…"
            ),
        ])
    func wrongSettings(setting: String, message: String) throws {
        let reader = try smallBill()
        #expect {
            try ReportRunner.run(report, on: reader, settings: [setting])
        } throws: { "\($0)" == message }
    }
}
