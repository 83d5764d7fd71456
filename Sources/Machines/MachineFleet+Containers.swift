package import Chronology

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
        // An init container is ready when it has done its work.
        pods[pod].containers[container].isReady = exitCode == 0 && pods[pod].isPlainInit(container)
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
        if hasFailedProbe, pods[pod].restartsAfterKill(container), isFreeToRestart(container, of: pod, at: now) {
            expectRun(of: container, of: pod, into: &effects)
            proceed(pod, at: now, into: &effects)
            return
        }
        // Nothing is restarted in a pass that has not begun.
        guard pods[pod].pendingStop == nil, pods[pod].restarts(container, exitCode: exitCode) else {
            pods[pod].containers[container].phase = .done
            advance(pod, after: container, at: now, into: &effects)
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
            pods[pod].containers[container].waitReason = "CrashLoopBackOff"
            let due = pods[pod].containers[container].crashes.end(after: now, reset: parameters.crashBackOffReset)
            effects.append(.timer(at: due, timer(.restart, container: container, of: pod)))
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
        let crashes = pods[pod].containers[container].crashes
        if crashes.wait > .zero, now < crashes.end(after: before, reset: parameters.crashBackOffReset) { return false }
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
        pods[pod].containers[container].crashes.collect(at: now, reset: parameters.crashBackOffReset)
        pods[pod].containers[container].crashes.attempted(
            at: now, initial: parameters.crashBackOffInitial, max: parameters.crashBackOffMax)
    }
}
