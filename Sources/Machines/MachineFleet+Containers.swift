package import Chronology
import KubernetesAPI

// MARK: - The pod worker

extension MachineFleet {
    /// Brings a pod one step on: starts what is to be started, or ends the pod when nothing will run again.
    mutating func proceed(_ pod: Int, at now: Instant, into effects: inout [MachineEffect]) {
        guard pods[pod].stage == .active else { return }
        if pods[pod].isWorkOver {
            stop(pod, grace: .seconds(pods[pod].specBox.value.terminationGracePeriodSeconds), at: now, into: &effects)
            return
        }
        // A worker that waits for an image or a process sees nothing else until that is there.
        while pods[pod].cursor < 0, let container = pods[pod].nextToStart() {
            bring(container, of: pod, at: now, into: &effects)
        }
        if pods[pod].cursor < 0 { post(pod, at: now, into: &effects) }
    }

    private mutating func bring(_ container: Int, of pod: Int, at now: Instant, into effects: inout [MachineEffect]) {
        let image = pods[pod].containers[container].image
        let policy =
            pods[pod][spec: container].imagePullPolicy
            ?? (catalogue.entries[Int(image)].isLatest ? .always : .ifNotPresent)
        let isPresent = nodes[Int(pods[pod].node)].images.name(of: image, in: catalogue) != nil
        switch policy {
        case .always: pull(for: container, of: pod, at: now, into: &effects)
        case .ifNotPresent where isPresent, .never where isPresent: start(container, of: pod, at: now, into: &effects)
        case .ifNotPresent: pull(for: container, of: pod, at: now, into: &effects)
        case .never: pullFailed(container, of: pod, reason: "ErrImageNeverPull", at: now, into: &effects)
        }
    }

    /// Starts a container whose image is here.
    mutating func start(_ container: Int, of pod: Int, at now: Instant, into effects: inout [MachineEffect]) {
        chooseImage(of: container, of: pod)
        pods[pod].containers[container].phase = .starting
        pods[pod].containers[container].epoch &+= 1
        pods[pod].cursor = Int32(container)
        effects.append(
            .timer(
                at: now + pods[pod].containers[container].run.startDelay,
                timer(.start, container: container, of: pod)))
    }

    /// Notes that a container's process runs.
    mutating func started(_ container: Int, of pod: Int, at now: Instant, into effects: inout [MachineEffect]) {
        pods[pod].cursor = -1
        pods[pod].containers[container].phase = .running
        pods[pod].containers[container].startedAt = now
        if pods[pod].containers[container].isRestart {
            pods[pod].containers[container].restarts += 1
            pods[pod].containers[container].isRestart = false
        }
        pods[pod].containers[container].endedBefore = pods[pod].containers[container].ended
        pods[pod].containers[container].ended = nil
        pods[pod].containers[container].stop = nil
        tellImage(of: container, of: pod, into: &effects)
        if let runTime = pods[pod].containers[container].run.runTime {
            effects.append(.timer(at: now + runTime, timer(.exit, container: container, of: pod)))
        }
        watchProbes(of: container, of: pod, at: now, isStarted: false, into: &effects)
        proceed(pod, at: now, into: &effects)
    }
}

// MARK: - Probes

extension MachineFleet {
    /// Works out when the startup and readiness probes of a running container will succeed or fail.
    mutating func watchProbes(
        of container: Int, of pod: Int, at now: Instant, isStarted: Bool, into effects: inout [MachineEffect]
    ) {
        let start = pods[pod].containers[container].startedAt
        let good = pods[pod].containers[container].run.readyAfter.map { start + $0 }
        if !isStarted, let probe = pods[pod][spec: container].startupProbe {
            let schedule = ProbeSchedule(probe, start: start, earliest: now)
            let success = good.map { schedule.success(from: $0) }
            if let success, success <= schedule.failure {
                effects.append(.timer(at: success, timer(.startupPassed, container: container, of: pod)))
            } else {
                effects.append(.timer(at: schedule.failure, timer(.startupFailed, container: container, of: pod)))
            }
            return
        }
        pods[pod].containers[container].isStarted = true
        guard let probe = pods[pod][spec: container].readinessProbe else {
            pods[pod].containers[container].isReady = true
            return
        }
        guard let good else { return }
        let ready = ProbeSchedule(probe, start: start, earliest: now).success(from: good)
        if ready <= now {
            pods[pod].containers[container].isReady = true
        } else {
            effects.append(.timer(at: ready, timer(.ready, container: container, of: pod)))
        }
    }
}

// MARK: - Ends and restarts

extension MachineFleet {
    /// Ends a running container from outside, as the kernel does for want of memory; others are left alone.
    package mutating func crash(
        _ slot: PodSlot, container: Int32, exitCode: Int32, reason: String = "Error", at now: Instant,
        into effects: inout [MachineEffect]
    ) {
        guard let pod = position(of: slot), pods[pod].containers.indices.contains(Int(container)),
            pods[pod].containers[Int(container)].phase == .running
        else { return }
        ended(Int(container), of: pod, exitCode: exitCode, reason: reason, at: now, into: &effects)
    }

    /// Notes that a container's process is gone.
    mutating func recordEnd(
        of container: Int, of pod: Int, exitCode: Int32, reason: String, at now: Instant,
        into effects: inout [MachineEffect]
    ) {
        let startedAt = pods[pod].containers[container].startedAt
        pods[pod].containers[container].epoch &+= 1
        pods[pod].containers[container].isReady = false
        pods[pod].containers[container].isStarted = false
        pods[pod].containers[container].ended = ContainerRecord.Ended(
            exitCode: exitCode, reason: reason, startedAt: startedAt, finishedAt: now)
        effects.append(
            .exit(
                ExitRecord(
                    pod: slot(pod), container: Int32(container), node: NodeSlot(index: pods[pod].node),
                    restart: pods[pod].containers[container].restarts, exitCode: exitCode, reason: reason,
                    startedAt: startedAt, finishedAt: now)))
    }

    /// Handles the end of a container: a restart now or later, or the end of the pod.
    mutating func ended(
        _ container: Int, of pod: Int, exitCode: Int32, reason: String? = nil, at now: Instant,
        into effects: inout [MachineEffect]
    ) {
        let reason = reason ?? (exitCode == 0 ? "Completed" : "Error")
        recordEnd(of: container, of: pod, exitCode: exitCode, reason: reason, at: now, into: &effects)
        if pods[pod].stage == .stopping {
            pods[pod].containers[container].phase = .done
            stopRest(of: pod, at: now, into: &effects)
            return
        }
        guard pods[pod].restarts(container, exitCode: exitCode) else {
            pods[pod].containers[container].phase = .done
            proceed(pod, at: now, into: &effects)
            return
        }
        expectRun(of: container, of: pod, into: &effects)
        pods[pod].containers[container].crashes.expire(event: now, reset: parameters.crashBackOffReset)
        let wait = pods[pod].containers[container].crashes.wait
        if wait == .zero {
            // The end of the run is worth a status of its own: the restart shows in the next.
            post(pod, at: now, into: &effects)
            noteRestart(container, of: pod, at: now)
        } else {
            pods[pod].containers[container].phase = .backOff
            effects.append(.timer(at: now + wait, timer(.restart, container: container, of: pod)))
        }
        proceed(pod, at: now, into: &effects)
    }

    /// Makes a container due for another run and asks for that run's plan.
    mutating func expectRun(of container: Int, of pod: Int, into effects: inout [MachineEffect]) {
        pods[pod].containers[container].phase = .due
        pods[pod].containers[container].isRestart = true
        effects.append(
            .runWanted(
                slot(pod), container: Int32(container), restart: pods[pod].containers[container].restarts + 1))
    }

    mutating func noteRestart(_ container: Int, of pod: Int, at now: Instant) {
        pods[pod].containers[container].phase = .due
        pods[pod].containers[container].crashes.attempted(
            at: now, initial: parameters.crashBackOffInitial, max: parameters.crashBackOffMax)
    }
}
