import Chronology
import KubernetesAPI

// Counterpart: pkg/kubelet/prober (v1.36).
// Deliberate differences: an outcome is told once, when its threshold is reached, and not at each failed probe; before a
// container is up, its liveness probe succeeds.

// MARK: - What the probes of a run will find

extension MachineFleet {
    /// Works out when the probes of a running container will succeed or fail; nothing happens in between.
    mutating func watchProbes(
        of container: Int, of pod: Int, at now: Instant, isStarted: Bool, into effects: inout [MachineEffect]
    ) {
        let start = pods[pod].containers[container].startedAt
        let good = pods[pod].containers[container].run.readyAfter.map { start + $0 } ?? .never
        if !isStarted, pods[pod].needs.containers[container].hasStartupProbe,
            let probe = pods[pod][spec: container].startupProbe
        {
            let schedule = ProbeSchedule(probe, start: start, earliest: now)
            let hang = pods[pod].containers[container].hang
            if let success = schedule.probe(probe.successThreshold, from: good, before: hang),
                success <= schedule.failure
            {
                effects.append(.timer(at: success, timer(.startupPassed, container: container, of: pod)))
            } else {
                effects.append(.timer(at: schedule.failure, timer(.startupFailed, container: container, of: pod)))
            }
            return
        }
        pods[pod].containers[container].isStarted = true
        pods[pod].containers[container].probesFrom = now
        watchLiveness(of: container, of: pod, at: now, into: &effects)
        guard pods[pod].needs.containers[container].hasReadinessProbe else {
            pods[pod].containers[container].isReady = !pods[pod].isPlainInit(container)
            return
        }
        pods[pod].containers[container].stretch = ReadinessStretch(
            from: good, of: pods[pod].containers[container])
        planReadiness(of: container, of: pod, at: now, into: &effects)
    }

    private mutating func watchLiveness(
        of container: Int, of pod: Int, at now: Instant, into effects: inout [MachineEffect]
    ) {
        guard let extras = pods[pod].containers[container].run.extras,
            let probe = pods[pod][spec: container].livenessProbe
        else { return }
        let start = pods[pod].containers[container].startedAt
        let hang = pods[pod].containers[container].hang
        let failing = extras.livenessFailsAfter.map { start + $0 } ?? .never
        let schedule = ProbeSchedule(probe, start: start, earliest: now)
        guard let last = schedule.probe(probe.failureThreshold, from: min(hang, failing), before: .never) else {
            return
        }
        let timeout = hang <= failing ? Duration.seconds(probe.timeoutSeconds) : .zero
        effects.append(.timer(at: last + timeout, timer(.livenessFailed, container: container, of: pod)))
    }

    /// How many stretches too short for a probe are passed over at once, before others get their turn.
    private static let stretchLimit = 64

    /// Finds the next change of readiness.
    mutating func planReadiness(
        of container: Int, of pod: Int, at now: Instant, into effects: inout [MachineEffect]
    ) {
        guard let probe = pods[pod][spec: container].readinessProbe,
            var stretch = pods[pod].containers[container].stretch
        else { return }
        let schedule = ProbeSchedule(
            probe, start: pods[pod].containers[container].startedAt,
            earliest: pods[pod].containers[container].probesFrom)
        defer { pods[pod].containers[container].stretch = stretch }
        for _ in 0..<Self.stretchLimit {
            if pods[pod].containers[container].isReady {
                if stretch.badFrom == .never { return }
                if let failed = schedule.probe(probe.failureThreshold, from: stretch.badFrom, before: stretch.badTo) {
                    let due = stretch.isHang ? failed + .seconds(probe.timeoutSeconds) : failed
                    effects.append(.timer(at: max(due, now), timer(.readiness, container: container, of: pod)))
                    return
                }
            } else {
                if let ready = schedule.probe(probe.successThreshold, from: stretch.goodFrom, before: stretch.badFrom) {
                    if ready <= now {
                        pods[pod].containers[container].isReady = true
                        continue
                    }
                    effects.append(.timer(at: ready, timer(.readiness, container: container, of: pod)))
                    return
                }
            }
            if stretch.badTo == .never { return }
            stretch.advance(pods[pod].containers[container])
        }
        effects.append(
            .timer(at: max(now, stretch.goodFrom), timer(.readinessPlan, container: container, of: pod)))
    }

    /// A readiness probe finds a container other than before.
    mutating func readinessChanges(
        of container: Int, of pod: Int, at now: Instant, into effects: inout [MachineEffect]
    ) {
        let isReady = !pods[pod].containers[container].isReady
        pods[pod].containers[container].isReady = isReady
        if !isReady {
            tell(.unhealthy("Readiness"), of: container, of: pod, into: &effects)
            let record = pods[pod].containers[container]
            pods[pod].containers[container].stretch?.advance(record)
        }
        planReadiness(of: container, of: pod, at: now, into: &effects)
        post(pod, at: now, into: &effects)
    }
}

// MARK: - What follows from a failure

extension MachineFleet {
    /// A startup or liveness probe has failed for good: the container is stopped with grace, and restarted by its policy.
    mutating func probeFailed(
        _ container: Int, of pod: Int, isStartup: Bool, at now: Instant, into effects: inout [MachineEffect]
    ) {
        // A pod that is being deleted is probed no more.
        guard pods[pod].stage == .active, pods[pod].containers[container].kill == nil else { return }
        let probe = isStartup ? pods[pod][spec: container].startupProbe : pods[pod][spec: container].livenessProbe
        tell(.unhealthy(isStartup ? "Startup" : "Liveness"), of: container, of: pod, into: &effects)
        let grace = probe?.terminationGracePeriodSeconds ?? pods[pod].specBox.value.terminationGracePeriodSeconds
        pods[pod].containers[container].kill = ContainerRecord.Kill(
            grace: .seconds(grace), cause: isStartup ? .startup : .liveness)
        if pods[pod].cursor < 0 || pods[pod].cursor == Int32(container) {
            carryOutKill(container, of: pod, at: now, into: &effects)
        } else {
            // The pod's worker brings up another container, and sees the failure when that is done.
            pods[pod].hasKills = true
        }
    }

    /// Begins the kills that waited for the pod's worker; returns whether it is busy with one now.
    mutating func carryOutKills(of pod: Int, at now: Instant, into effects: inout [MachineEffect]) -> Bool {
        guard pods[pod].hasKills else { return false }
        for container in pods[pod].containers.indices {
            let record = pods[pod].containers[container]
            guard record.kill != nil, record.stop == nil, record.phase == .running else { continue }
            carryOutKill(container, of: pod, at: now, into: &effects)
            return true
        }
        pods[pod].hasKills = false
        return false
    }

    private mutating func carryOutKill(
        _ container: Int, of pod: Int, at now: Instant, into effects: inout [MachineEffect]
    ) {
        guard let kill = pods[pod].containers[container].kill else { return }
        let probe: String? =
            switch kill.cause {
            case .startup: "startup"
            case .liveness: "liveness"
            case .hook: nil
            }
        if let probe {
            let isRestarted = pods[pod].restartsAfterKill(container)
            tell(.killing(probe: probe, isRestarted: isRestarted), of: container, of: pod, into: &effects)
        }
        pods[pod].cursor = Int32(container)
        beginStop(of: container, of: pod, grace: kill.grace, waitsForTurn: false, at: now, into: &effects)
    }
}

// MARK: - Hooks

extension MachineFleet {
    /// How long a container's postStart hook takes; nil when it has none that takes time or fails.
    func postStart(of container: Int, of pod: Int) -> Duration? {
        guard pods[pod].needs.containers[container].hasPostStart else { return nil }
        let extras = pods[pod].containers[container].run.extras
        let sleep = pods[pod][spec: container].postStartSleepSeconds.map { Duration.seconds(max(0, $0)) }
        let time = sleep ?? extras?.postStartTime ?? parameters.postStartHook
        return time > .zero || extras?.postStartFails == true ? time : nil
    }

    /// A postStart hook ended: the container counts as running now, or is killed because the hook failed.
    mutating func hookEnded(
        _ container: Int, of pod: Int, at now: Instant, into effects: inout [MachineEffect]
    ) {
        guard pods[pod].stage == .active, pods[pod].containers[container].isInHook else { return }
        if pods[pod].containers[container].run.extras?.postStartFails == true {
            tell(.postStartFailed, of: container, of: pod, into: &effects)
            let grace = Duration.seconds(pods[pod].specBox.value.terminationGracePeriodSeconds)
            pods[pod].containers[container].kill = ContainerRecord.Kill(grace: grace, cause: .hook)
            carryOutKill(container, of: pod, at: now, into: &effects)
            return
        }
        pods[pod].containers[container].isInHook = false
        pods[pod].containers[container].showRun()
        pods[pod].cursor = -1
        watchProbes(of: container, of: pod, at: now, isStarted: false, into: &effects)
        advance(pod, after: container, at: now, into: &effects)
    }
}

// MARK: - Words

extension MachineFleet {
    /// What the kubelet says of a container.
    enum Saying {
        case unhealthy(String)
        case killing(probe: String, isRestarted: Bool)
        case postStartFailed
    }

    private func tell(
        _ saying: Saying, of container: Int, of pod: Int, into effects: inout [MachineEffect]
    ) {
        guard !pods[pod].isOrphan else { return }
        let name = pods[pod][spec: container].name
        let event =
            switch saying {
            case .unhealthy(let probe):
                MachineEvent(isWarning: true, reason: "Unhealthy", message: "\(probe) probe of \(name) failed")
            case .killing(let probe, let isRestarted):
                MachineEvent(
                    isWarning: false, reason: "Killing",
                    message: "Container \(name) failed \(probe) probe" + (isRestarted ? ", will be restarted" : ""))
            case .postStartFailed:
                MachineEvent(
                    isWarning: true, reason: "FailedPostStartHook", message: "PostStartHook of \(name) failed")
            }
        effects.append(.event(slot(pod), event))
    }
}
