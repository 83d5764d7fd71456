import Chronology
import Observations
import Reports
import RunDatabase
import Testing

@Suite("Lines of the summary that are easily false")
struct SummaryLinesTests {
    /// The summary of an hour with a node and pods that wait for these reasons, one workload each.
    private func summary(
        refusals: [String?], assumed: Int64? = nil, ends: [(phase: String, isAlive: Bool)] = [], accounts: [(String, Int64)] = [],
        isJSON: Bool = false
    ) throws -> String {
        let folder = try TemporaryFolder()
        let writer = try RunWriter(path: folder.file("run.sqlite"))
        let end = Instant.start + .hours(1)
        writer.beginPlainRun(for: .hours(1))
        writer.capacity(
            CapacityIntervalRow(
                from: .start, to: end, nodes: 1, pods: 0, pending: 1, allocatableCPU: 1_000, requestedCPU: 100,
                allocatableMemory: 1 << 30, requestedMemory: 1, allocatableGPU: 0, requestedGPU: 0))
        if let assumed {
            var row = DemandIntervalRow(controller: 0, from: .start, to: end, cpu: 80, memory: 1, pods: 1)
            row.assumedCPU = assumed
            writer.demand(row)
        }
        func pod(_ number: Int, _ phase: String, isAlive: Bool) {
            writer.pod(
                PodRow(
                    pod: Int32(number), uidHigh: 0, uidLow: UInt64(number), namespace: "d", name: "p\(number)",
                    controller: -1, requestCPU: 100, requestMemory: 1, requestGPU: 0, priority: 0, createdAt: .start))
            writer.podEnd(
                PodEndRow(
                    pod: Int32(number), node: -1, phase: phase, reason: "", restarts: 0, isAlive: isAlive, endedAt: end))
        }
        for (number, refusal) in refusals.enumerated() {
            pod(number, "Pending", isAlive: true)
            guard let refusal else { continue }
            let isOfNodes = !refusal.hasPrefix("waiting")
            writer.attempt(
                AttemptRow(
                    pod: Int32(number), number: 1, first: .start, last: .start, count: 1, outcome: "unschedulable",
                    node: -1, evaluated: isOfNodes ? 1 : 0, feasible: 0, ties: 0, score: 0, waited: .zero, message: "no",
                    rejections: [RejectionRow(plugin: "P", reason: refusal, nodes: isOfNodes ? 1 : 0)]))
        }
        for (number, row) in ends.enumerated() { pod(100 + number, row.phase, isAlive: row.isAlive) }
        for (account, amount) in accounts {
            writer.costAsset(CostAssetRow(kind: account, node: -1, name: account, from: .start, to: end, amount: amount))
            writer.costAllocation(
                CostAllocationRow(
                    account: account, node: -1, controller: -1, pod: -1, from: .start, to: end, cpu: 0, memory: 0, gpu: 0,
                    other: amount))
        }
        writer.finish(RunFooter(digest: "d", events: 1, end: end, status: "complete"))
        try writer.close()
        let summary = try RunSummary(of: RunReader(path: folder.file("run.sqlite")))
        return isJSON ? summary.json : summary.text
    }

    @Test(
        "there is no room only for pods that room was refused to",
        arguments: [
            (["Insufficient cpu"], "no node has room for a whole pod of those that wait;"),
            (["Too many pods"], "no node has room for a whole pod of those that wait;"),
            (["Insufficient cpu", nil], "no node has room for a whole pod of some that wait;"),
            (["node(s) didn't match Pod's node affinity/selector", nil], "pods wait for another reason than room, see below;"),
            ([], "the pods ask for no more;"),
        ] as [([String?], String)])
    func room(refusals: [String?], reason: String) throws {
        let text = try summary(refusals: refusals)
        #expect(text.contains("why not fuller: \(reason) at the peak 10.0 %"), "\(text)")
    }

    @Test(
        "usage that nobody has given is marked as assumed",
        arguments: [(0, "8.0 % used of"), (20, "8.0 % used (25.0 % of that assumed) of"), (80, "8.0 % used (assumed) of")])
    func assumed(milli: Int64, words: String) throws {
        let text = try summary(refusals: [], assumed: milli)
        #expect(text.contains("CPU     10.0 % requested, \(words) 1.00 cores (mean)"), "\(text)")
        #expect(text.contains("assumed: containers") == (milli > 0))
    }

    @Test("a reason that is none of nodes counts none")
    func ofNoNode() throws {
        #expect(try summary(refusals: ["waiting for its gang"]).contains("P: waiting for its gang\n"))
        #expect(try summary(refusals: ["Insufficient cpu"]).contains("P: Insufficient cpu (1 of 1 node)\n"))
    }

    @Test("pods that were created are all accounted for")
    func pods() throws {
        let ends = [("Running", true), ("Running", false), ("Pending", false), ("Succeeded", false), ("Failed", true)]
        let text = try summary(refusals: [], ends: ends)
        #expect(text.contains("5 created: 1 running, 1 succeeded, 1 failed, 0 pending, 2 deleted"), "\(text)")
        #expect(try summary(refusals: [], ends: ends, isJSON: true).contains("\"pending\": 0, \"deleted\": 2}"))
        #expect(try !summary(refusals: [nil]).contains("deleted"))
    }

    @Test("what is no machine is named in the bill")
    func bill() throws {
        let text = try summary(
            refusals: [],
            accounts: [
                ("storage", 1), ("load-balancer", 2), ("zone-traffic", 3), ("image-traffic", 4), ("commitment-waste", 5),
                ("surprise", 6),
            ].map { ($0.0, $0.1 * 1_000_000_000) })
        for (name, amount) in [
            ("storage", 1), ("load balancers", 2), ("traffic", 7), ("unused commitments", 5), ("other", 6),
        ] {
            let padded = name + String(repeating: " ", count: 18 - name.count)
            #expect(text.contains("  \(padded) $\(amount).00"), "\(name)\n\(text)")
        }
    }
}
