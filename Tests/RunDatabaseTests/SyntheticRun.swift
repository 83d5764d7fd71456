import Chronology
import Observations

/// Rows of every kind, as many as a test wants, always the same.
enum SyntheticRun {
    static func header(warnings: [String] = ["w1", "w2"]) -> RunHeader {
        RunHeader(
            scenario: "synthetic", seed: .max, version: "0.1", startDate: "2026-01-01T06:00:00Z", horizon: .days(30),
            inputs: [("scenario.yaml", "kind: Scenario\n"), ("a.yaml", "")], parameters: [("watch", "5ms")],
            warnings: warnings)
    }

    static func time(_ seconds: Int64) -> Instant { Instant(nanoseconds: seconds * 1_000_000_000) }

    /// Sends a run of `pods` short-lived pods, without its end.
    static func send(pods: Int, to observer: any RunObserver) {
        observer.begin(header())
        for number in 0..<4 as Range<Int32> { observer.node(node(number)) }
        observer.controller(ControllerRow(controller: 0, namespace: "default", kind: "Deployment", name: "web"))
        for number in 0..<pods { sendPod(Int32(number), to: observer) }
    }

    static func finish(_ observer: any RunObserver) {
        observer.nodeInterval(NodeIntervalRow(node: 0, state: .ready, from: .start, to: time(100_000)))
        observer.fault(
            FaultRow(fault: 0, name: "crash", kind: "node-crash", target: "n0", from: time(5), to: .never))
        observer.demand(
            DemandIntervalRow(controller: 0, from: .start, to: time(60), cpu: 100, memory: 1 << 20, pods: 3))
        observer.capacity(
            CapacityIntervalRow(
                from: .start, to: time(60), nodes: 4, pods: 3, pending: 1, allocatableCPU: 16_000, requestedCPU: 3_000,
                allocatableMemory: 64 << 30, requestedMemory: 3 << 30, allocatableGPU: 0, requestedGPU: 0))
        observer.costAsset(
            CostAssetRow(kind: "node", node: 0, name: "n0", from: .start, to: time(60), amount: 1_000))
        observer.costAllocation(
            CostAllocationRow(
                account: "pod", node: 0, controller: 0, pod: -1, from: .start, to: time(60), cpu: 400, memory: 300,
                gpu: 0, other: 0))
        observer.costAllocation(
            CostAllocationRow(
                account: "idle", node: 0, controller: -1, pod: -1, from: .start, to: time(60), cpu: 200, memory: 100,
                gpu: 0, other: 0))
        observer.throttle(
            ThrottleIntervalRow(pod: 0, node: 0, from: .start, to: time(60), wanted: 1_000, granted: 400))
        observer.pressureKill(
            PressureKillRow(pod: 0, node: 0, container: "main", at: time(60), reason: "OOMKilled", signal: "limit"))
        observer.metric(MetricRow(name: "evictions", value: 3, unit: "pods"))
        observer.assertion(AssertionRow(name: "no pod fails", expected: "0", actual: "2", held: false))
        observer.finish(RunFooter(digest: "abcd", events: 4_321, end: time(100_000), status: "failed"))
    }

    static func node(_ number: Int32) -> NodeRow {
        NodeRow(
            node: number, name: "n\(number)", machineType: "m5.xlarge", zone: "a", pool: "main", purchase: "on-demand",
            pricePerHour: 192_000_000, capacityCPU: 4_000, capacityMemory: 16 << 30, capacityGPU: 0,
            allocatableCPU: 3_900, allocatableMemory: 15 << 30, allocatablePods: 58, allocatableGPU: 0,
            launchedAt: .start)
    }

    private static func sendPod(_ pod: Int32, to observer: any RunObserver) {
        let start = time(Int64(pod))
        let name = "web-\(pod)"
        observer.pod(
            PodRow(
                pod: pod, uidHigh: 0x0123_4567_89AB_4CDE, uidLow: 0x8000_0000_0000_0000 | UInt64(pod),
                namespace: "default", name: name, controller: 0, requestCPU: 100, requestMemory: 1 << 27,
                requestGPU: 0, priority: 0, createdAt: start))
        observer.attempt(
            AttemptRow(
                pod: pod, number: 1, first: start, last: start + .seconds(1), count: 2, outcome: "unschedulable",
                node: -1, evaluated: 4, feasible: 0, ties: 0, score: 0, waited: .seconds(1),
                message: "0/4 nodes are available",
                rejections: [
                    RejectionRow(plugin: "NodeResourcesFit", reason: "Insufficient cpu", nodes: 3),
                    RejectionRow(plugin: "TaintToleration", reason: "a taint", nodes: 1),
                ]))
        observer.attempt(
            AttemptRow(
                pod: pod, number: 3, first: start + .seconds(2), last: start + .seconds(2), count: 1, outcome: "bound",
                node: pod % 4, evaluated: 4, feasible: 1, ties: 1, score: 90, waited: .seconds(2), message: "",
                rejections: []))
        for (event, reason) in ["Scheduled", "Started", "Started"].enumerated() {
            observer.event(
                EventRow(
                    at: start + .seconds(Int64(2 + event)), isWarning: false, object: "Pod default/\(name)",
                    reason: reason, message: "placed \(name)", source: "scheduler"))
        }
        for (step, state) in [PodState.pending, .starting, .ready].enumerated() {
            observer.podInterval(
                PodIntervalRow(
                    pod: pod, state: state, node: state == .pending ? -1 : pod % 4,
                    from: start + .seconds(Int64(step)), to: start + .seconds(Int64(step) + 1)))
        }
        observer.podEnd(
            PodEndRow(
                pod: pod, node: pod % 4, phase: pod % 10 == 0 ? "Failed" : "Succeeded", reason: "", restarts: 0,
                isAlive: false, endedAt: start + .seconds(4)))
        if pod % 1_000 == 999 {
            observer.checkpoint(
                CheckpointRow(
                    events: Int64(pod) * 4, at: start + .seconds(4), digest: "d\(pod)", trail: [1, 0xFFFF, 258]))
        }
    }
}
