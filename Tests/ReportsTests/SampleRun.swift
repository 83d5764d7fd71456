import Chronology
import Foundation
import RunDatabase
import Observations

/// A day and a half of a small cluster: a web workload that loses a node, a batch job that ends, and one pod that no
/// machine can hold.
enum SampleRun {
    static let end = hour(36)

    static func hour(_ hours: Int64, minutes: Int64 = 0) -> Instant { .start + .hours(hours) + .minutes(minutes) }

    /// Writes the run into `path`, with or without its end.
    static func write(to path: String, isFinished: Bool = true) throws {
        let writer = try RunWriter(path: path)
        writer.begin(
            RunHeader(
                scenario: "shop", seed: 7, version: "0.1", startDate: "2026-01-01T12:00:00Z", horizon: .hours(36),
                inputs: [("scenario.yaml", "kind: Scenario\n")], parameters: [], warnings: ["a field is not modelled"]))
        sendMachines(to: writer)
        sendCauses(to: writer)
        sendPods(to: writer)
        sendDecisions(to: writer)
        if isFinished {
            sendEnds(to: writer)
            sendServices(to: writer)
            sendCosts(to: writer)
            writer.finish(RunFooter(digest: "5eed", events: 1_234, end: end, status: "complete"))
        }
        try writer.close()
    }

    /// Writes a run in which nothing was and nothing happened.
    static func writeEmpty(to path: String) throws {
        let writer = try RunWriter(path: path)
        writer.begin(
            RunHeader(
                scenario: "empty", seed: 1, version: "0.1", startDate: "2026-01-01T00:00:00Z", horizon: .hours(1),
                inputs: [], parameters: [], warnings: []))
        writer.finish(RunFooter(digest: "00", events: 0, end: hour(1), status: "complete"))
        try writer.close()
    }

    private static func sendMachines(to run: RunWriter) {
        for node in 0...1 as ClosedRange<Int32> {
            run.node(
                NodeRow(
                    node: node, name: "n\(node + 1)", machineType: "m5.large", zone: node == 0 ? "a" : "b",
                    pool: "main", purchase: "on-demand", pricePerHour: 96_000_000, capacityCPU: 2_000,
                    capacityMemory: 8 << 30, capacityGPU: 0, allocatableCPU: 1_900, allocatableMemory: 7 << 30,
                    allocatablePods: 29, allocatableGPU: 0, launchedAt: .start))
            run.nodeInterval(NodeIntervalRow(node: node, state: .booting, from: .start, to: hour(0, minutes: 2)))
        }
        run.nodeInterval(NodeIntervalRow(node: 1, state: .ready, from: hour(0, minutes: 2), to: hour(10)))
        run.nodeInterval(NodeIntervalRow(node: 0, state: .ready, from: hour(0, minutes: 2), to: end))
        run.nodeInterval(NodeIntervalRow(node: 1, state: .notReady, from: hour(10), to: hour(20)))
        run.nodeInterval(NodeIntervalRow(node: 1, state: .ready, from: hour(20), to: end))
        run.fault(
            FaultRow(fault: 0, name: "crash", kind: "node-crash", target: "n2", from: hour(10), to: hour(20)))
        run.lostWork(
            LostWorkRow(
                pod: 0, node: 1, container: "main", at: hour(10), reason: "Unknown", exitCode: 255, done: .minutes(25),
                lost: .minutes(5), saved: .minutes(20), overhead: .seconds(40)))
        run.capacity(capacity(from: .start, to: hour(10), nodes: 2, cpu: 2_000, memory: 3 << 30))
        run.capacity(capacity(from: hour(10), to: hour(20), nodes: 1, cpu: 1_000, memory: 2 << 30))
        run.capacity(capacity(from: hour(20), to: end, nodes: 2, cpu: 1_000, memory: 2 << 30))
        run.demand(
            DemandIntervalRow(controller: 0, from: .start, to: end, cpu: 100, memory: 512 << 20, pods: 2))
    }

    /// Machine n2 crashes, the pod web-1 is lost with it, and web-3 takes its place.
    private static func sendCauses(to run: RunWriter) {
        var steps: Int32 = 0
        func step(
            _ kind: CauseKind, after parent: Int32, _ depth: Int32, _ time: Instant, by actor: String, node: Int32 = -1,
            pod: Int32 = -1, controller: Int32 = -1, _ detail: String = "", change: (inout CauseEventRow) -> Void = { _ in }
        ) {
            steps += 1
            var row = CauseEventRow(
                event: steps, parent: parent, root: 1, depth: depth, at: time, kind: kind, actor: actor, fault: 0,
                node: node, pod: pod, controller: controller, detail: detail)
            change(&row)
            run.causeEvent(row)
        }
        let fives = hour(10, minutes: 5)
        step(.fault, after: -1, 0, hour(10), by: "node-crash", "crash: n2")
        step(.machineDown, after: 1, 1, hour(10), by: "fault", node: 1)
        step(.workLost, after: 2, 2, hour(10), by: "kubelet", node: 1, pod: 1, controller: 0) {
            $0.lost = .minutes(5)
            $0.cost = 2_000_000
        }
        step(.nodeNotReady, after: 2, 2, hour(10) + .seconds(50), by: "node-lifecycle-controller", node: 1)
        step(.podUnready, after: 4, 3, hour(10, minutes: 1), by: "node-lifecycle-controller", node: 1, pod: 1, controller: 0) {
            $0.isHit = true
        }
        step(
            .podDeleted, after: 4, 3, fives, by: "taint-eviction-controller", node: 1, pod: 1, controller: 0,
            "DeletionByTaintManager")
        step(.podReplaced, after: 6, 4, fives, by: "replicaset-controller", pod: 3, controller: 0, "web-1")
        step(.podBound, after: 7, 5, hour(10, minutes: 6), by: "kube-scheduler", node: 0, pod: 3, controller: 0)
        step(.podReady, after: 8, 6, hour(10, minutes: 8), by: "kubelet", node: 0, pod: 3, controller: 0)
        step(.workloadWhole, after: 9, 7, hour(10, minutes: 8), by: "kubelet", controller: 0)
        step(.faultHealed, after: 1, 1, hour(20), by: "fault")
    }

    private static func sendServices(to run: RunWriter) {
        run.service(ServiceRow(service: 1, namespace: "shop", name: "web"))
        run.service(ServiceRow(service: 2, namespace: "shop", name: "unused"))
        run.serviceBackend(ServiceBackendRow(service: 1, controller: 0))
        for (from, to, failed) in [(hour(0), hour(10), 0), (hour(10), hour(10, minutes: 5), 15_000), (hour(10, minutes: 5), end, 0)]
            as [(Instant, Instant, Int64)]
        {
            var row = ServiceIntervalRow(service: 1, from: from, to: to)
            row.requests = (to - from).wholeSeconds * 100
            row.users = row.requests
            row.failed = failed
            row.retries = failed
            (row.p50, row.p95) = (.milliseconds(20), .milliseconds(60))
            row.p99 = failed > 0 ? .seconds(2) : .milliseconds(90)
            row.endpoints = failed > 0 ? 1 : 2
            row.cpu = 50
            row.inFlight = 3
            row.isViolated = failed > 0
            run.serviceInterval(row)
        }
    }

    private static func capacity(
        from: Instant, to: Instant, nodes: Int32, cpu: Int64, memory: Int64
    ) -> CapacityIntervalRow {
        CapacityIntervalRow(
            from: from, to: to, nodes: nodes, pods: 2, pending: 1, allocatableCPU: 1_900 * Int64(nodes),
            requestedCPU: cpu, allocatableMemory: Int64(nodes) * 7 << 30, requestedMemory: memory, allocatableGPU: 0,
            requestedGPU: 0)
    }

    private static func sendPods(to run: RunWriter) {
        run.controller(ControllerRow(controller: 0, namespace: "shop", kind: "Deployment", name: "web"))
        run.controller(ControllerRow(controller: 1, namespace: "batch", kind: "Job", name: "etl"))
        let created: [(Int32, Instant)] = [
            (0, .start), (1, .start), (2, .start), (3, hour(10, minutes: 5)), (4, hour(1)),
        ]
        for (pod, time) in created {
            let isWeb = pod == 0 || pod == 1 || pod == 3
            run.pod(
                PodRow(
                    pod: pod, uidHigh: 0, uidLow: UInt64(pod), namespace: isWeb ? "shop" : "batch",
                    name: isWeb ? "web-\(pod)" : "etl-\(pod)", controller: isWeb ? 0 : 1,
                    requestCPU: pod == 4 ? 8_000 : pod == 2 ? 1_000 : 500, requestMemory: 1 << 30, requestGPU: 0,
                    priority: 0, createdAt: time))
        }
        func interval(_ pod: Int32, _ state: PodState, _ node: Int32, _ from: Instant, _ to: Instant) {
            run.podInterval(PodIntervalRow(pod: pod, state: state, node: node, from: from, to: to))
        }
        let booted = hour(0, minutes: 2)
        for pod in 0...2 as ClosedRange<Int32> {
            interval(pod, .pending, -1, .start, booted)
            interval(pod, .starting, pod == 1 ? 1 : 0, booted, hour(0, minutes: 3))
        }
        interval(2, .ready, 0, hour(0, minutes: 3), hour(2))
        interval(1, .ready, 1, hour(0, minutes: 3), hour(10, minutes: 1))
        interval(1, .unready, 1, hour(10, minutes: 1), hour(10, minutes: 5))
        interval(1, .terminating, 1, hour(10, minutes: 5), hour(20))
        interval(3, .pending, -1, hour(10, minutes: 5), hour(10, minutes: 6))
        interval(3, .starting, 0, hour(10, minutes: 6), hour(10, minutes: 8))
    }

    private static func sendDecisions(to run: RunWriter) {
        for pod in 0...3 as ClosedRange<Int32> {
            run.attempt(attempt(pod, at: hour(pod == 3 ? 10 : 0, minutes: pod == 3 ? 6 : 2), "bound", pod == 1 ? 1 : 0))
            run.event(
                EventRow(
                    at: hour(0, minutes: 2), isWarning: false, object: "Pod shop/web-\(pod)", reason: "Scheduled",
                    message: "assigned", source: "default-scheduler"))
        }
        for (time, size) in [(hour(3), 5), (hour(9), 4)] {
            run.event(
                EventRow(
                    at: time, isWarning: false, object: "HorizontalPodAutoscaler shop/web", reason: "SuccessfulRescale",
                    message: "New size: \(size); reason: All metrics below target",
                    source: "horizontal-pod-autoscaler-controller"))
        }
        sendRecommendation(to: run)
        var refused = attempt(4, at: hour(1), "unschedulable", -1)
        refused.count = 40
        refused.last = hour(35)
        refused.message = "0/2 nodes are available: 2 Insufficient cpu."
        refused.rejections = [RejectionRow(plugin: "NodeResourcesFit", reason: "Insufficient cpu", nodes: 2)]
        run.attempt(refused)
        for time in [hour(1), hour(2), hour(35)] {
            run.event(
                EventRow(
                    at: time, isWarning: true, object: "Pod batch/etl-4", reason: "FailedScheduling",
                    message: refused.message, source: "default-scheduler"))
        }
        run.imagePull(pull(0, bytes: 300 << 20, cached: 0))
        var second = pull(1, bytes: 60 << 20, cached: 200 << 20)
        (second.pod, second.version) = (1, 2)
        (second.cacheBytes, second.peerBytes, second.crossZoneBytes) = (20 << 20, 15 << 20, 5 << 20)
        run.imagePull(second)
        for (version, digest) in [(Int32(1), "sha256:aa"), (2, "sha256:bb")] {
            run.imageVersion(
                ImageVersionRow(
                    version: version, image: "docker.io/library/web:1", digest: digest, bytes: 300 << 20,
                    firstAt: hour(0, minutes: 2)))
        }
        for (pod, version) in [(Int32(0), Int32(1)), (1, 2), (3, 2)] {
            run.containerImage(
                ContainerImageRow(pod: pod, container: "web", version: version, from: hour(pod == 3 ? 10 : 0, minutes: 8)))
        }
        run.scalingAction(
            ScalingActionRow(
                at: hour(1), component: "cluster-autoscaler", target: "general", fromSize: 2, toSize: 3,
                reason: "ScaleUp", machineType: "m6i.large", pricePerHour: 96_000_000,
                message: "2 pods find no place"))
        run.throttle(
            ThrottleIntervalRow(
                pod: 0, node: 0, from: hour(4), to: hour(5), wanted: 1_000, granted: 750))
        for (pod, container, reason, signal) in [
            (0, "main", "OOMKilled", "limit"), (2, "main", "OOMKilled", "system"),
            (0, "", "Evicted", "memory.available"),
        ] as [(Int32, String, String, String)] {
            run.pressureKill(
                PressureKillRow(
                    pod: pod, node: 0, container: container, at: hour(5), reason: reason, signal: signal))
        }
        run.checkpoint(CheckpointRow(events: 1_000, at: hour(30), digest: "aa", trail: [1, 2]))
    }

    /// An autoscaler lowers what web asks for: one pod is evicted, and the one in its place gets less.
    private static func sendRecommendation(to run: RunWriter) {
        func tell(_ time: Instant, _ object: String, _ reason: String, _ message: String, _ source: String) {
            run.event(
                EventRow(
                    at: time, isWarning: false, object: object, reason: reason, message: message, source: source))
        }
        let change = "web: cpu 2 -> cpu 500m"
        tell(hour(2), "VerticalPodAutoscaler shop/web", "RecommendationChanged", "web: cpu 400m", "vpa-recommender")
        tell(hour(9), "VerticalPodAutoscaler shop/web", "RecommendationChanged", "web: cpu 500m", "vpa-recommender")
        tell(hour(10), "Pod shop/web-1", "EvictedByVPA", change, "vpa-updater")
        tell(hour(10), "VerticalPodAutoscaler shop/web", "EvictedPod", "web-1: \(change)", "vpa-updater")
        tell(hour(10, minutes: 5), "Pod shop/web-3", "RequestsFromVPA", change, "vpa-admission-controller")
    }

    private static func attempt(_ pod: Int32, at time: Instant, _ outcome: String, _ node: Int32) -> AttemptRow {
        AttemptRow(
            pod: pod, number: 1, first: time, last: time, count: 1, outcome: outcome, node: node, evaluated: 2,
            feasible: node < 0 ? 0 : 2, ties: 1, score: 10, waited: .minutes(pod == 3 ? 1 : 2), message: "",
            rejections: [])
    }

    private static func pull(_ node: Int32, bytes: Int64, cached: Int64) -> ImagePullRow {
        ImagePullRow(
            node: node, image: "web:1", registryBytes: bytes, cachedBytes: cached, from: hour(0, minutes: 2),
            to: hour(0, minutes: 2) + .seconds(bytes >> 25), outcome: "pulled")
    }

    private static func sendEnds(to run: RunWriter) {
        run.podInterval(PodIntervalRow(pod: 2, state: .succeeded, node: 0, from: hour(2), to: end))
        run.podInterval(PodIntervalRow(pod: 0, state: .ready, node: 0, from: hour(0, minutes: 3), to: end))
        run.podInterval(PodIntervalRow(pod: 3, state: .ready, node: 0, from: hour(10, minutes: 8), to: end))
        run.podInterval(PodIntervalRow(pod: 4, state: .pending, node: -1, from: hour(1), to: end))
        func ends(_ pod: Int32, _ node: Int32, _ phase: String, alive: Bool, _ time: Instant) {
            run.podEnd(
                PodEndRow(
                    pod: pod, node: node, phase: phase, reason: "", restarts: 0, isAlive: alive, endedAt: time))
        }
        ends(1, 1, "Failed", alive: false, hour(20))
        ends(0, 0, "Running", alive: true, end)
        ends(2, 0, "Succeeded", alive: true, end)
        ends(3, 0, "Running", alive: true, end)
        ends(4, -1, "Pending", alive: true, end)
    }

    /// Dollars in thousandths: machines 6.912, control plane 3.6; web 1.5, etl 0.3, overhead 0.4, idle 4.712.
    private static func sendCosts(to run: RunWriter) {
        func asset(_ kind: String, _ node: Int32, _ name: String, _ milli: Int64) {
            run.costAsset(
                CostAssetRow(
                    kind: kind, node: node, name: name, from: .start, to: end, amount: milli * 1_000_000))
        }
        asset("node", 0, "n1", 3_456)
        asset("node", 1, "n2", 3_456)
        asset("control-plane", -1, "control plane", 3_600)
        func credit(_ account: String, _ node: Int32, _ controller: Int32, _ cpu: Int64, _ memory: Int64) {
            run.costAllocation(
                CostAllocationRow(
                    account: account, node: node, controller: controller, pod: -1, from: .start, to: end,
                    cpu: cpu * 1_000_000, memory: memory * 1_000_000, gpu: 0, other: 0))
        }
        credit("pod", 0, 0, 900, 350)
        credit("pod", 1, 0, 200, 50)
        credit("pod", 0, 1, 200, 100)
        credit("overhead", 0, -1, 150, 50)
        credit("overhead", 1, -1, 150, 50)
        credit("idle", 0, -1, 1_000, 706)
        credit("idle", 1, -1, 2_000, 1_006)
        // As of a run whose traffic has prices of nothing.
        for (line, controller, bytes) in [("within-zone", 0, 3), ("zone-out", 0, 1), ("internet", 1, 2)]
            as [(String, Int32, Int64)]
        {
            run.networkTraffic(
                NetworkTrafficRow(
                    line: line, controller: controller, from: .start, to: end, bytes: bytes << 30, amount: 0))
        }
        run.costAllocation(
            CostAllocationRow(
                account: "control-plane", node: -1, controller: -1, pod: -1, from: .start, to: end, cpu: 0, memory: 0,
                gpu: 0, other: 3_600_000_000))
    }
}
