package import Chronology
package import KubernetesAPI

// Deliberate differences: how long a container waits for its next run follows from its restart count; the kubelet would
// know it even when an earlier run had been long enough to begin anew.

// MARK: - Pods of a cluster that already lives

extension MachineFleet {
    /// Takes over a pod of an imported cluster in the state that its status describes, without starting it again.
    ///
    /// A run time counts from the container's start, or from now when it would be over already. On a machine that is off
    /// nothing goes on before it comes back, and what ran is lost.
    package mutating func adopt(
        _ pod: Pod, plan: PodPlan, on node: NodeSlot, at now: Instant, into effects: inout [MachineEffect]
    ) -> PodSlot {
        let statuses = pod.status.initContainerStatuses + pod.status.containerStatuses
        guard statuses.contains(where: \.hasRun), !pod.status.phase.isTerminal else {
            return assign(pod, plan: plan, to: node, at: now, into: &effects)
        }
        let index = add(pod, plan: plan, node: node)
        hold(index)
        pods[index].stage = .active
        if pods[index].status.startTime == nil { pods[index].status.startTime = now }
        let isOn = nodes[Int(node.index)].isOn
        let isInitialized = pod.status.conditions.named(Condition.initialized)?.status != .false
        pods[index].isInitialized = isInitialized
        for container in pods[index].containers.indices {
            let name = pods[index][spec: container].name
            let isInit = container < pods[index].initCount
            let known = (isInit ? pod.status.initContainerStatuses : pod.status.containerStatuses)
                .first { $0.name == name }
            // What never ran may well wait for its image.
            if known?.hasRun ?? true { hold(container, of: index, at: now, into: &effects) }
            if let known, !isOn {
                lose(known, as: container, of: index, at: now, into: &effects)
            } else if let known {
                adopt(known, as: container, of: index, at: now, into: &effects)
            } else if isInit, isInitialized, !pods[index].isSidecar(container) {
                pods[index].containers[container].phase = .done
                pods[index].containers[container].isReady = true
            }
            if isInit, known?.hasRun ?? isInitialized { pods[index].reached = Int32(container) }
        }
        guard isOn else { return slot(index) }
        watchDeadline(of: index, at: now, into: &effects)
        proceed(index, at: now, into: &effects)
        return slot(index)
    }

    private mutating func hold(
        _ container: Int, of pod: Int, at now: Instant, into effects: inout [MachineEffect]
    ) {
        let image = pods[pod].containers[container].image
        let node = Int(pods[pod].node)
        if nodes[node].images.name(of: image, in: catalogue) == nil {
            guard let target = catalogue.entries[Int(image)].target,
                let manifest = catalogue.manifest(of: target, for: nodes[node].architecture)
            else { return }
            nodes[node].images.add(
                image, target: target, manifest: manifest, at: imageDetection(on: node, at: now), in: catalogue)
        }
        chooseImage(of: container, of: pod, at: now)
        tellImage(of: container, of: pod, into: &effects)
    }

    private mutating func adopt(
        _ status: ContainerStatus, as container: Int, of pod: Int, at now: Instant, into effects: inout [MachineEffect]
    ) {
        pods[pod].containers[container].restarts = status.restartCount
        switch status.state {
        case .waiting(let reason):
            guard case .terminated(let exitCode, let cause, let startedAt, let finishedAt) = status.lastTermination
            else { return }
            pods[pod].containers[container].ended = ContainerRecord.Ended(
                exitCode: exitCode, reason: cause, startedAt: startedAt, finishedAt: finishedAt)
            resume(container, of: pod, isBackingOff: reason == "CrashLoopBackOff", at: now, into: &effects)
        case .running(let startedAt):
            pods[pod].containers[container].phase = .running
            pods[pod].containers[container].startedAt = startedAt
            pods[pod].containers[container].isStarted = status.started
            pods[pod].containers[container].isReady = status.ready
            if case .terminated(let exitCode, let cause, let startedAt, let finishedAt) = status.lastTermination {
                pods[pod].containers[container].endedBefore = ContainerRecord.Ended(
                    exitCode: exitCode, reason: cause, startedAt: startedAt, finishedAt: finishedAt)
            }
            pods[pod].containers[container].crashes = backOff(after: status.restartCount, latest: startedAt)
            let runTime = pods[pod].containers[container].run.runTime
            let done = runTime.map { startedAt + $0 > now ? now - startedAt : .zero } ?? .zero
            beginWork(of: container, of: pod, done: done, at: now, into: &effects)
            watchProbes(of: container, of: pod, at: now, isStarted: status.started, into: &effects)
        case .terminated(let exitCode, let reason, let startedAt, let finishedAt):
            pods[pod].containers[container].ended = ContainerRecord.Ended(
                exitCode: exitCode, reason: reason, startedAt: startedAt, finishedAt: finishedAt)
            pods[pod].containers[container].isReady = exitCode == 0 && pods[pod].isPlainInit(container)
            if pods[pod].restarts(container, exitCode: exitCode) {
                resume(container, of: pod, isBackingOff: true, at: now, into: &effects)
            } else {
                pods[pod].containers[container].phase = .done
            }
        }
    }

    /// Takes over a container whose machine has no power.
    private mutating func lose(
        _ status: ContainerStatus, as container: Int, of pod: Int, at now: Instant, into effects: inout [MachineEffect]
    ) {
        pods[pod].containers[container].restarts = status.restartCount
        switch (status.state, status.lastTermination) {
        case (.running(let startedAt), _):
            pods[pod].containers[container].ended = ContainerRecord.Ended(
                exitCode: 255, reason: "Unknown", startedAt: startedAt, finishedAt: now)
            pods[pod].containers[container].phase = .done
            pods[pod].containers[container].isLost = true
        case (.terminated(let exitCode, let reason, let startedAt, let finishedAt), _),
            (.waiting, .terminated(let exitCode, let reason, let startedAt, let finishedAt)):
            pods[pod].containers[container].ended = ContainerRecord.Ended(
                exitCode: exitCode, reason: reason, startedAt: startedAt, finishedAt: finishedAt)
            pods[pod].containers[container].isReady = exitCode == 0 && pods[pod].isPlainInit(container)
            if pods[pod].restarts(container, exitCode: exitCode) {
                expectRun(of: container, of: pod, into: &effects)
            } else {
                pods[pod].containers[container].phase = .done
            }
        case (.waiting, _): break
        }
    }

    /// Lets a container that ended before go on as its kubelet would: run again now, or when its back-off is over.
    private mutating func resume(
        _ container: Int, of pod: Int, isBackingOff: Bool, at now: Instant, into effects: inout [MachineEffect]
    ) {
        expectRun(of: container, of: pod, into: &effects)
        guard isBackingOff, let ended = pods[pod].containers[container].ended else { return }
        pods[pod].containers[container].crashes = backOff(
            after: pods[pod].containers[container].restarts, latest: ended.startedAt)
        pods[pod].containers[container].crashes.expire(event: ended.finishedAt, reset: parameters.crashBackOffReset)
        let crashes = pods[pod].containers[container].crashes
        guard crashes.wait > .zero else { return noteRestart(container, of: pod, at: now) }
        pods[pod].containers[container].phase = .backOff
        pods[pod].containers[container].waitReason = "CrashLoopBackOff"
        let due = max(now, crashes.end(after: ended.finishedAt, reset: parameters.crashBackOffReset))
        effects.append(.timer(at: due, timer(.restart, container: container, of: pod)))
    }

    /// The back-off of a container that was restarted so often; the first restart is free.
    private func backOff(after restarts: Int32, latest: Instant) -> BackOff {
        .resumed(
            attempts: restarts, latest: latest, initial: parameters.crashBackOffInitial,
            max: parameters.crashBackOffMax)
    }
}

extension ContainerStatus {
    /// Whether a process of it runs or ran.
    fileprivate var hasRun: Bool {
        if case .waiting = state { lastTermination != nil } else { true }
    }
}
