import Chronology
import Observations
@testable import Reports
import RunDatabase
import Testing

/// Figures of reports that are easily counted wrong.
@Suite struct ReportFiguresTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func hour(_ hours: Int64) -> Instant { .start + .hours(hours) }

    /// Returns a column of a report about what `fill` wrote.
    private func column(_ name: String, of report: String, _ fill: (RunWriter) -> Void) throws -> [SQLValue] {
        let path = folder.file("\(report).sqlite")
        let writer = try RunWriter(path: path, overwrite: true)
        writer.beginPlainRun(for: .hours(10))
        writer.plainNode()
        fill(writer)
        writer.finish(RunFooter(digest: "00", events: 1, end: hour(10), status: "complete"))
        try writer.close()
        let definition = try ReportCatalog(userFolder: folder.path, builtIn: shippedReports).report(named: report)
        let table = try ReportRunner.run(definition, on: RunReader(path: path))
        let place = try #require(table.columns.firstIndex(of: name))
        return table.rows.map { $0[place] }
    }

    private func pod(_ number: Int32, of controller: Int32 = -1, in writer: RunWriter) {
        writer.pod(
            PodRow(
                pod: number, uidHigh: 0, uidLow: UInt64(number), namespace: "d", name: "p\(number)",
                controller: controller, requestCPU: 1_000, requestMemory: 1, requestGPU: 0, priority: 0,
                createdAt: .start))
    }

    @Test("no more than all of a node is requested, however long it is cordoned or not ready")
    func idle() throws {
        let level = try column("cpu_requested", of: "idle") { writer in
            for (place, state) in [NodeState.ready, .notReady, .cordoned].enumerated() {
                let from = hour(2 * Int64(place))
                writer.nodeInterval(NodeIntervalRow(node: 1, state: state, from: from, to: from + .hours(2)))
            }
            pod(1, in: writer)
            writer.podInterval(PodIntervalRow(pod: 1, state: .ready, node: 1, from: .start, to: hour(6)))
            writer.costAllocation(
                CostAllocationRow(
                    account: "idle", node: 1, controller: -1, pod: -1, from: .start, to: hour(6), cpu: 1, memory: 0,
                    gpu: 0, other: 0))
        }
        #expect(level == [.real(100)])
    }

    @Test(
        "what is streamed after the start is no pull, and what was called off has not failed",
        arguments: [("pulls", 3), ("failed", 1), ("cancelled", 1), ("fetched", 500)] as [(String, Int64)])
    func pulls(name: String, value: Int64) throws {
        let found = try column(name, of: "image-pulls") { writer in
            for outcome in ["pulled", "streamed", "streamed", "cancelled", "manifest unknown"] {
                writer.imagePull(
                    ImagePullRow(
                        node: 1, image: "web:1", registryBytes: 100, cachedBytes: 0, from: .start, to: hour(1),
                        outcome: outcome))
            }
        }
        #expect(found == [.integer(value)])
    }

    @Test("pods that had succeeded are not evicted, nor those of a DaemonSet that went with their node")
    func evictions() throws {
        let found = try column("evictions", of: "disruption-and-money") { writer in
            writer.controller(ControllerRow(controller: 1, namespace: "d", kind: "DaemonSet", name: "agent"))
            writer.controller(ControllerRow(controller: 2, namespace: "d", kind: "Job", name: "etl"))
            let ends: [(Int32, String, String)] = [
                (1, "Failed", "DeletionByPodGC"), (1, "Running", "EvictionByEvictionAPI"),
                (2, "Failed", "DeletionByPodGC"), (2, "Succeeded", "EvictionByEvictionAPI"), (2, "Running", ""),
            ]
            for (place, end) in ends.enumerated() {
                let number = Int32(place + 1)
                pod(number, of: end.0, in: writer)
                writer.podEnd(
                    PodEndRow(
                        pod: number, node: 1, phase: end.1, reason: end.2, restarts: 0, isAlive: false, endedAt: hour(1)))
            }
        }
        #expect(found == [.integer(1), .integer(1)])
    }

    @Test("a node that was there for half of an hour is half a node")
    func nodes() throws {
        let found = try column("nodes", of: "utilization") { writer in
            writer.nodeInterval(NodeIntervalRow(node: 1, state: .ready, from: .start, to: hour(5)))
            writer.capacity(
                CapacityIntervalRow(
                    from: .start, to: hour(10), nodes: 0, pods: 0, pending: 0, allocatableCPU: 500, requestedCPU: 0,
                    allocatableMemory: 1, requestedMemory: 0, allocatableGPU: 0, requestedGPU: 0))
        }
        #expect(found == [.real(0.5)])
    }

    @Test(
        "a time that rounds to the next unit is told in it",
        arguments: [(0.9994, "999ms"), (0.9996, "1.0s"), (59.94, "59.9s"), (59.96, "1m0s"), (3_599.6, "1h0m")])
    func durations(seconds: Double, text: String) {
        #expect(ReportUnit.duration(seconds) == text)
    }
}
