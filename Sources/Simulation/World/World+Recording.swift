import Chronology
import ClusterStore
import ControlPlane
import Costs
import KubernetesAPI
import Machines
import Observations
import Scheduler
import SchedulingFramework
import VirtualTime

extension World {
    /// Tells of a Kubernetes Event; one that repeats the one before does not count in the metric of events.
    mutating func record(_ event: EventRecord, source: String) {
        eventLog.note(event)
        guard let observer else { return }
        observer.event(
            EventRow(
                at: now, isWarning: event.kind == .warning, object: event.regarding.description, reason: event.reason,
                message: event.message, source: source))
    }

    /// Tells of an attempt; one that failed like the one before is counted.
    mutating func record(_ attempt: SchedulingAttempt) {
        attempts += 1
        guard let slot = tracker.slot(of: attempt.uid) else { return }
        let track = tracker[slot]
        var row = AttemptRow(
            pod: track.row, number: Int32(clamping: attempt.number), first: now, last: now, count: 1,
            outcome: "bound", node: -1, evaluated: Int32(clamping: attempt.evaluatedNodes),
            feasible: Int32(clamping: attempt.feasibleNodes), ties: Int32(clamping: attempt.tieCount),
            score: attempt.score, waited: now - track.createdAt, message: attempt.message, rejections: [])
        switch attempt.outcome {
        case .assumed(let node): row.node = nodeByName[node].map { $0 + 1 } ?? -1
        case .unschedulable:
            row.outcome = "unschedulable"
            row.rejections = attempt.rejections.map {
                RejectionRow(plugin: $0.plugin?.description ?? "", reason: $0.reason, nodes: Int32(clamping: $0.count))
            }
        case .error: row.outcome = "error"
        }
        if var open = track.attempt {
            if open.outcome == row.outcome, open.message == row.message, row.outcome != "bound" {
                open.last = now
                open.count += 1
                track.attempt = open
                return
            }
            observer?.attempt(open)
        }
        if causes.isOpen, row.outcome != "bound" { traceRefusal(of: slot, row.message) }
        if row.outcome == "bound" {
            tracker[slot].attempt = nil
            observer?.attempt(row)
        } else {
            tracker[slot].attempt = row
        }
    }

    /// Writes the attempt that was being counted.
    mutating func flushAttempt(_ slot: Int32) {
        guard let open = tracker[slot].attempt else { return }
        tracker[slot].attempt = nil
        observer?.attempt(open)
    }

    /// Keeps the decision about the pod that `explain` asks for.
    mutating func capture(_ attempt: SchedulingAttempt) {
        guard captured?.key == attempt.pod else { return }
        captured?.attempts.append((at: now, attempt: attempt))
    }

    mutating func record(_ exit: ExitRecord) {
        guard exit.exitCode != 0, let pod = running[Int(exit.pod.index)], pod.slot == exit.pod else { return }
        if causes.isOpen { traceExit(exit, of: pod) }
        // Upstream has no event for it: whoever stops a pod knows what becomes of its containers.
        if exit.wasStopped, exit.reason == "Error" { return }
        record(
            EventRecord(
                pod.key, .warning, reason: exit.reason.isEmpty ? "Error" : exit.reason,
                message: profiles[pod.profile].exitText(of: exit.container, exitCode: exit.exitCode)),
            source: "kubelet")
    }

    // MARK: - Nodes

    /// Follows what the API shows of a node.
    mutating func nodeChanged(_ node: Node) {
        guard let index = nodeByName[node.metadata.name] else { return }
        let state: NodeState = !node.isReady ? .notReady : node.spec.unschedulable ? .cordoned : .ready
        nodes[Int(index)].labels = node.metadata.labels
        fleet.observe(node, as: nodes[Int(index)].slot)
        move(index, to: state)
        if !node.isReady { notReady(index) }
        if !faults.waves.isEmpty { maintenanceMayGoOn() }
    }

    mutating func nodeDisappeared(_ node: Node) {
        guard let index = nodeByName[node.metadata.name] else { return }
        move(index, to: .gone)
    }

    /// Ends what a node was doing.
    mutating func move(_ index: Int32, to state: NodeState) {
        let track = nodes[Int(index)]
        guard track.state != state else { return }
        writeNodeInterval(track)
        nodes[Int(index)].state = state
        nodes[Int(index)].since = now
        let counts = state == .ready || state == .cordoned
        guard counts != track.counted else { return }
        nodes[Int(index)].counted = counts
        let sign: Int64 = counts ? 1 : -1
        sums.notePeaks(until: now)
        sums.nodes.add(sign, at: now)
        sums.allocatableCPU.add(sign * track.allocatable.cpu, at: now)
        sums.allocatableMemory.add(sign * track.allocatable.memory, at: now)
        sums.allocatableGPU.add(sign * track.allocatable.gpu, at: now)
        for slot in accounts.machines[Int(index)]?.pods ?? [] { countRequests(of: slot, sign) }
    }

    private func writeNodeInterval(_ track: NodeTrack) {
        guard track.since < now else { return }
        observer?.nodeInterval(NodeIntervalRow(node: track.row, state: track.state, from: track.since, to: now))
    }

    // MARK: - Sums

    /// Writes the means of the past stretch; at midnight the accounts as well.
    mutating func writeSums() {
        takeSums()
        if clock.sinceMidnight(at: now) == .zero { settleAccounts() }
        enqueueSums()
    }

    /// Stretches end with the hours of the clock, so that one ends with each day.
    mutating func enqueueSums() {
        let stretch = RunLimits.sumsStretch.nanoseconds
        let begun = clock.sinceMidnight(at: now).nanoseconds % stretch
        enqueue(.sums, at: now + Duration(nanoseconds: stretch - begun))
    }

    private mutating func takeSums() {
        guard sums.since < now else { return }
        observer?.capacity(sums.take(at: now))
        for index in demand.indices {
            if let row = demand[index].take(controller: Int32(index + 1), at: now) { observer?.demand(row) }
        }
    }

    // MARK: - The end

    /// Closes every interval and writes what is known at the end only.
    mutating func closeRecords() {
        let pending = closeIntervals()
        closeDrains()
        for slot in faults.openSlots { write(faults.open[slot], to: .never) }
        tellUnstruckFaults()
        writeMetrics(pending: pending)
        judge()
    }

    /// Writes what goes on where a run is stopped before its end, so that its database tells everything up to there; the
    /// world cannot go on afterwards.
    package mutating func breakOff() {
        guard !isFinished, violation == nil else { return }
        settleAccounts()
        _ = closeIntervals()
        for slot in faults.openSlots { write(faults.open[slot], to: .never) }
        tellUnstruckFaults(isStopped: true)
        // The metrics themselves are about whole runs.
        _ = closeTraffic()
        observer?.stop(digest: digest.description)
    }

    /// Writes what every node and every pod that lives is doing, and returns how long those have waited that never were
    /// ready.
    private mutating func closeIntervals() -> [Duration] {
        takeSums()
        for track in nodes { writeNodeInterval(track) }
        var pending: [Duration] = []
        for slot in tracker.tracks.indices {
            guard let track = tracker.tracks[slot] else { continue }
            flushAttempt(Int32(slot))
            writeThrottle(Int32(slot))
            restarts += Int64(track.restarts - track.restartsBefore)
            if !track.wasReady, track.state == .pending || track.state == .starting {
                pending.append(now - track.createdAt)
            }
            if track.since < now {
                observer?.podInterval(
                    PodIntervalRow(pod: track.row, state: track.state, node: track.node, from: track.since, to: now))
            }
            let pod = api.pod(namespace: track.key.namespace, name: track.key.name)
            observer?.podEnd(
                PodEndRow(
                    pod: track.row, node: track.node, phase: pod?.status.phase.rawValue ?? "Unknown",
                    reason: pod?.status.reason ?? "", restarts: track.restarts, isAlive: true, endedAt: now))
        }
        return pending
    }

    private mutating func writeMetrics(pending: [Duration]) {
        let waits = (readyTimes + pending).sorted()
        func quantile(_ percent: Int) -> Int64 {
            // The nearest rank: the shortest wait that so many percent of the pods did not exceed.
            waits.isEmpty ? 0 : waits[(waits.count * percent + 99) / 100 - 1].nanoseconds
        }
        let count = tracker.counts
        let succeeded = ended.succeeded + Int64(count[Int(PodState.succeeded.rawValue)])
        let failed = ended.failed + Int64(count[Int(PodState.failed.rawValue)])
        let isRunning = count[Int(PodState.ready.rawValue)] + count[Int(PodState.unready.rawValue)]
        let isPending = count[Int(PodState.pending.rawValue)] + count[Int(PodState.starting.rawValue)]
        let machines = accounts.podsTotal + accounts.idleTotal + accounts.overheadTotal
        let beside =
            (accounts.commitments?.wasteTotal ?? .zero) + (accounts.standing?.total ?? .zero)
            + (accounts.network?.total ?? .zero)
        let total = machines + accounts.controlPlaneTotal + beside
        let rows: [(String, Int64, String)] = [
            ("arrivals", arrivals.total, "count"),
            ("cost.controlPlane", accounts.controlPlaneTotal.amount, "nanodollars"),
            ("cost.idle", accounts.idleTotal.amount, "nanodollars"),
            ("cost.overhead", accounts.overheadTotal.amount, "nanodollars"),
            ("cost.pods", accounts.podsTotal.amount, "nanodollars"),
            ("cost.total", total.amount, "nanodollars"),
            ("events.count", eventLog.count, "count"),
            ("nodes.ready", Int64(nodes.count { $0.state == .ready || $0.state == .cordoned }), "count"),
            ("nodes.registered", Int64(nodes.count { $0.isRegistered && $0.state != .gone }), "count"),
            ("pending.max", waits.last?.nanoseconds ?? 0, "nanoseconds"),
            ("pending.p50", quantile(50), "nanoseconds"),
            ("pending.p95", quantile(95), "nanoseconds"),
            ("pods.created", Int64(tracker.rows) - takeover.pods, "count"),
            ("pods.evicted", evictions, "count"),
            ("pods.failed", failed, "count"),
            ("pods.oomKilled", pressure.oomKills, "count"),
            ("pods.pending", Int64(isPending), "count"),
            ("pods.running", Int64(isRunning), "count"),
            ("pods.succeeded", succeeded, "count"),
            ("restarts", restarts, "count"),
            ("scheduling.attempts", attempts, "count"),
            ("work.interrupted", work.interruptions, "count"),
            ("work.lost", work.lost.nanoseconds, "nanoseconds"),
            ("work.overhead", work.overhead.nanoseconds, "nanoseconds"),
            ("work.restored", work.restored.nanoseconds, "nanoseconds"),
        ]
        metrics = rows.map { MetricRow(name: $0.0, value: $0.1, unit: $0.2) } + closeTraffic()
        for row in metrics { observer?.metric(row) }
    }

    /// The names of the metrics that assertions can bound.
    package static let metricNames = [
        "arrivals", "cost.controlPlane", "cost.idle", "cost.overhead", "cost.pods", "cost.total", "events.count",
        "nodes.ready",
        "nodes.registered", "pending.max", "pending.p50", "pending.p95", "pods.created", "pods.evicted", "pods.failed",
        "pods.oomKilled", "pods.pending", "pods.running", "pods.succeeded", "restarts", "scheduling.attempts",
        "work.interrupted", "work.lost", "work.overhead", "work.restored",
    ]

    private mutating func judge() {
        for assertion in setup.assertions where !assertion.needsDatabase {
            guard case .metric(let name) = assertion.subject,
                let metric = metrics.first(where: { $0.name == name })
            else { preconditionFailure("no metric \(assertion.name); the loader lets only known ones through") }
            let verdict = AssertionVerdict(assertion, seen: .whole(metric.value))
            verdicts.append(verdict)
            observer?.assertion(verdict.row)
        }
    }
}
