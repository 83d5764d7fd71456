package import Chronology
import KubernetesAPI

// MARK: - The pod worker

extension MachineFleet {
    /// Brings a pod one step on: starts what is to be started, or ends the pod when nothing will run again.
    mutating func proceed(_ pod: Int, at now: Instant, into effects: inout [MachineEffect]) {
        guard pods[pod].stage == .active else { return }
        if hungMachines > 0, nodes[Int(pods[pod].node)].isHung { return }
        if pods[pod].isWorkOver {
            // Sidecars may take their time; that the work is over shows before.
            if pods[pod].isRunningAnything { post(pod, at: now, into: &effects) }
            stop(pod, grace: .seconds(pods[pod].specBox.value.terminationGracePeriodSeconds), at: now, into: &effects)
            return
        }
        if pods[pod].hasKills, pods[pod].cursor < 0, carryOutKills(of: pod, at: now, into: &effects) {
            post(pod, at: now, into: &effects)
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
            pods[pod].needs.containers[container].imagePullPolicy
            ?? (catalogue.entries[Int(image)].isLatest ? .always : .ifNotPresent)
        let isPresent = nodes[Int(pods[pod].node)].images.has(image, in: catalogue)
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
                at: now + slowed(pods[pod].containers[container].run.startDelay, on: Int(pods[pod].node)),
                timer(.start, container: container, of: pod)))
    }

    /// Notes that a container's process runs.
    mutating func started(_ container: Int, of pod: Int, at now: Instant, into effects: inout [MachineEffect]) {
        pods[pod].containers[container].phase = .running
        pods[pod].containers[container].startedAt = now
        pods[pod].containers[container].stop = nil
        pods[pod].containers[container].kill = nil
        tellImage(of: container, of: pod, into: &effects)
        beginWork(of: container, of: pod, at: now, into: &effects)
        if let hook = postStart(of: container, of: pod) {
            // The worker waits for the hook, and nobody is told of the container before it ends.
            pods[pod].cursor = Int32(container)
            pods[pod].containers[container].isInHook = true
            effects.append(.timer(at: now + hook, timer(.hook, container: container, of: pod)))
            return
        }
        pods[pod].cursor = -1
        pods[pod].containers[container].showRun()
        watchProbes(of: container, of: pod, at: now, isStarted: false, into: &effects)
        proceed(pod, at: now, into: &effects)
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
        if pods[pod].containers[container].isInHook { pods[pod].containers[container].showRun() }
        pods[pod].containers[container].isInHook = false
        pods[pod].containers[container].stretch = nil
        pods[pod].containers[container].kill = nil
        pods[pod].containers[container].stop = nil
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
                    startedAt: startedAt, finishedAt: now,
                    workDone: pods[pod].containers[container].progress.done(at: now, permille: pods[pod].speed),
                    wasStopped: pods[pod].stage == .stopping)))
    }

    /// Handles the end of a container: a restart now or later, or the end of the pod.
    mutating func ended(
        _ container: Int, of pod: Int, exitCode: Int32, reason: String? = nil, at now: Instant,
        into effects: inout [MachineEffect]
    ) {
        let reason = reason ?? (exitCode == 0 ? "Completed" : "Error")
        let cause = pods[pod].containers[container].kill?.cause
        let hasFailedProbe = cause == .startup || cause == .liveness
        recordEnd(of: container, of: pod, exitCode: exitCode, reason: reason, at: now, into: &effects)
        if pods[pod].stage == .stopping {
            pods[pod].containers[container].phase = .done
            stopRest(of: pod, at: now, into: &effects)
            return
        }
        // A worker that waited for a hook or a kill is free again.
        if pods[pod].cursor == Int32(container) { pods[pod].cursor = -1 }
        let runsAgain =
            hasFailedProbe
            ? pods[pod].restartsAfterKill(container) : pods[pod].restarts(container, exitCode: exitCode)
        guard runsAgain else {
            pods[pod].containers[container].phase = .done
            proceed(pod, at: now, into: &effects)
            return
        }
        expectRun(of: container, of: pod, into: &effects)
        if hasFailedProbe, isFreeToRestart(container, of: pod, at: now) {
            proceed(pod, at: now, into: &effects)
            return
        }
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

    /// Returns whether a container that was killed for a probe runs again at once, and counts the attempt.
    ///
    /// The kubelet restarts it in the pass in which it killed it, and so looks at the end of the run before: a first one
    /// is not even counted.
    private mutating func isFreeToRestart(_ container: Int, of pod: Int, at now: Instant) -> Bool {
        guard let before = pods[pod].containers[container].endedBefore?.finishedAt else { return true }
        pods[pod].containers[container].crashes.expire(event: before, reset: parameters.crashBackOffReset)
        guard now - before >= pods[pod].containers[container].crashes.wait else { return false }
        noteRestart(container, of: pod, at: now)
        return true
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
