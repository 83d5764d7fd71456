package import Chronology
import KubernetesAPI

// Counterpart: killPod, killContainer and kuberuntime_termination_order.go of the kubelet, its calculateEffectiveGracePeriod
// (v1.36).
// Deliberate differences: a shorter grace period does not run a preStop hook a second time, it cuts it.

// MARK: - Whole pods

extension MachineFleet {
    /// Tells the kubelet that a pod is to be deleted; a second call can only shorten what is left.
    package mutating func terminate(
        _ slot: PodSlot, gracePeriod: Duration, at now: Instant, into effects: inout [MachineEffect]
    ) {
        guard let pod = position(of: slot), !pods[pod].isOrphan else { return }
        let isNew = !pods[pod].isDeleting
        pods[pod].isDeleting = true
        guard nodes[Int(pods[pod].node)].isOn else { return }
        switch pods[pod].stage {
        case .free: return
        case .finished: if isNew { effects.append(.removed(slot)) }
        case .sandbox, .active: requestStop(pod, grace: gracePeriod, at: now, into: &effects)
        case .stopping: shorten(pod, grace: gracePeriod, at: now, into: &effects)
        }
    }

    /// Ends a pod on the kubelet's own account; without `grace` it gets its own.
    ///
    /// The status says why when nothing of the pod runs any more.
    mutating func fail(
        _ pod: Int, _ failure: PodRecord.Failure, grace: Duration? = nil, at now: Instant,
        into effects: inout [MachineEffect]
    ) {
        guard pods[pod].stage != .free, pods[pod].stage != .finished else { return }
        if pods[pod].failure == nil { pods[pod].failure = failure }
        let grace = grace ?? .seconds(pods[pod].specBox.value.terminationGracePeriodSeconds)
        if pods[pod].stage == .stopping {
            shorten(pod, grace: grace, at: now, into: &effects)
        } else {
            requestStop(pod, grace: grace, at: now, into: &effects)
        }
    }

    /// Stops a pod as soon as its worker is free: a pull, a start, a hook or a kill that is under way goes on to its end,
    /// and the grace period begins after it. A second call can only shorten that.
    mutating func requestStop(_ pod: Int, grace: Duration, at now: Instant, into effects: inout [MachineEffect]) {
        guard pods[pod].isBusy else {
            stop(pod, grace: grace, at: now, into: &effects)
            return
        }
        pods[pod].pendingStop = min(pods[pod].pendingStop ?? grace, grace)
        for container in pods[pod].containers.indices {
            let phase = pods[pod].containers[container].phase
            if phase == .backOff || phase == .pullBackOff { giveUp(container, of: pod) }
        }
    }

    /// Begins to stop whatever runs of a pod whose worker is free; what waits to run again does not any more.
    mutating func stop(_ pod: Int, grace: Duration, at now: Instant, into effects: inout [MachineEffect]) {
        pods[pod].epoch &+= 1
        pods[pod].pendingStop = nil
        pods[pod].stage = .stopping
        let grace = max(grace, Self.leastGrace)
        pods[pod].killAt = now + grace
        for container in pods[pod].containers.indices where pods[pod].containers[container].phase != .running {
            giveUp(container, of: pod)
        }
        for container in pods[pod].containers.indices where pods[pod].containers[container].phase == .running {
            beginStop(
                of: container, of: pod, grace: grace, waitsForTurn: pods[pod].waitsForTurn(container), at: now,
                into: &effects)
        }
        stopRest(of: pod, at: now, into: &effects)
    }

    private func giveUp(_ container: Int, of pod: Int) {
        let record = pods[pod].containers[container]
        let waits = record.phase == .backOff || record.phase == .pullBackOff
        if waits, record.ended != nil, pods[pod].failure != nil, !pods[pod].isDeleting {
            // It is shown as waiting to the last, and counts as failed, however its latest run ended.
            record.endedBefore = record.ended
            record.ended = nil
        }
        record.phase = .done
        record.epoch &+= 1
    }

    /// Every pod gets a second, even one that is to go at once.
    private static let leastGrace = Duration.seconds(1)

    /// Goes on with stopping after a container ended: sidecars take their turns, then the pod is finished.
    mutating func stopRest(of pod: Int, at now: Instant, into effects: inout [MachineEffect]) {
        var isRunning = false
        for container in pods[pod].containers.indices where pods[pod].containers[container].phase == .running {
            isRunning = true
            guard let stop = pods[pod].containers[container].stop, stop.turnBy != .never,
                !pods[pod].waitsForTurn(container)
            else { continue }
            takeTurn(container, of: pod, at: now, into: &effects)
        }
        if !isRunning { finish(pod, at: now, into: &effects) }
    }

    private mutating func shorten(
        _ pod: Int, grace: Duration, at now: Instant, into effects: inout [MachineEffect]
    ) {
        let grace = max(grace, Self.leastGrace)
        let deadline = now + grace
        guard deadline < pods[pod].killAt else { return }
        pods[pod].killAt = deadline
        for container in pods[pod].containers.indices where pods[pod].containers[container].phase == .running {
            guard var stop = pods[pod].containers[container].stop else { continue }
            if stop.turnBy != .never {
                stop.signalAt = min(stop.signalAt, deadline)
                stop.turnBy = min(stop.turnBy, deadline)
                pods[pod].containers[container].stop = stop
                effects.append(.timer(at: stop.turnBy, timer(.turn, container: container, of: pod)))
                continue
            }
            let signalAt = min(stop.signalAt, deadline)
            let left = deadline - max(signalAt, now)
            let run = pods[pod].containers[container].run
            let killAt = max(signalAt, now) + max(left, parameters.minimumGraceAfterPreStop)
            let ownEnd = max(now, signalAt + run.terminationTime)
            let end = ownEnd <= killAt ? ownEnd : killAt
            guard end < stop.at else { continue }
            pods[pod].containers[container].stop = ContainerRecord.Stop(
                signalAt: signalAt, at: end, exitCode: ownEnd <= killAt ? run.stopExitCode : 137)
            effects.append(.timer(at: end, timer(.stop, container: container, of: pod)))
        }
    }

    /// Posts the last status of a pod of which nothing runs any more, and asks for its removal if it is being deleted.
    mutating func finish(_ pod: Int, at now: Instant, into effects: inout [MachineEffect]) {
        if pods[pod].isOrphan {
            free(pod, at: now, into: &effects)
            return
        }
        let isInitialized = pods[pod].isInitialized
        for container in pods[pod].containers.indices {
            pods[pod].containers[container].phase = .done
            if container >= pods[pod].initCount, isInitialized, pods[pod].containers[container].ended == nil {
                // It never ran, or was just starting: its end counts as a failure.
                pods[pod].containers[container].ended = ContainerRecord.Ended(
                    exitCode: 137, reason: "ContainerStatusUnknown", startedAt: now, finishedAt: now)
            }
        }
        pods[pod].stage = .finished
        release(pod)
        post(pod, at: now, into: &effects)
        if pods[pod].isDeleting { effects.append(.removed(slot(pod))) }
        tellPreemptors(of: slot(pod), on: Int(pods[pod].node), at: now, into: &effects)
        tellShutdown(of: slot(pod), on: Int(pods[pod].node), at: now, into: &effects)
    }
}

// MARK: - Single containers

extension MachineFleet {
    /// Runs a container's preStop hook, then sends SIGTERM, and SIGKILL when the grace period is over; the hook's time
    /// counts against it. A sidecar waits for its turn in between.
    mutating func beginStop(
        of container: Int, of pod: Int, grace: Duration, waitsForTurn: Bool, at now: Instant,
        into effects: inout [MachineEffect]
    ) {
        let spent = min(preStop(of: container, of: pod), max(grace, .zero))
        let signalAt = now + spent
        // The kubelet counts what was spent in whole seconds.
        let left = grace - .seconds(spent.wholeSeconds)
        guard waitsForTurn else {
            signal(container, of: pod, at: signalAt, left: left, into: &effects)
            return
        }
        // One that is being killed already waits for nobody.
        if pods[pod].containers[container].stop != nil { return }
        let turnBy = signalAt + max(left, .zero)
        pods[pod].containers[container].stop = ContainerRecord.Stop(
            signalAt: signalAt, at: .never, exitCode: 137, turnBy: turnBy)
        effects.append(.timer(at: turnBy, timer(.turn, container: container, of: pod)))
    }

    /// Returns when a container of a pod that is being ended gets SIGTERM: after its preStop hook, which the grace period
    /// cuts; now when it does not run. A worker that is busy with something else still puts it off.
    package func signalTime(
        of container: Int, of slot: PodSlot, gracePeriod: Duration, at now: Instant
    ) -> Instant {
        guard let pod = position(of: slot), pods[pod].containers.indices.contains(container),
            pods[pod].containers[container].phase == .running
        else { return now }
        if let stop = pods[pod].containers[container].stop { return max(now, stop.signalAt) }
        return now + min(preStop(of: container, of: pod), max(gracePeriod, Self.leastGrace))
    }

    private func preStop(of container: Int, of pod: Int) -> Duration {
        guard pods[pod].needs.containers[container].hasPreStop else { return .zero }
        return switch pods[pod][spec: container].preStop {
        case nil: .zero
        case .sleep(let seconds)?: .seconds(max(0, seconds))
        case .hook?: pods[pod].containers[container].run.extras?.preStopTime ?? parameters.preStopHook
        }
    }

    /// Lets a sidecar stop that waited for those before it.
    mutating func takeTurn(_ container: Int, of pod: Int, at now: Instant, into effects: inout [MachineEffect]) {
        guard let stop = pods[pod].containers[container].stop, stop.turnBy != .never else { return }
        let signalAt = max(now, stop.signalAt)
        let waited = (signalAt - stop.signalAt).wholeSeconds
        let left = stop.turnBy - stop.signalAt - .seconds(waited)
        signal(container, of: pod, at: signalAt, left: left, into: &effects)
    }

    private mutating func signal(
        _ container: Int, of pod: Int, at signalAt: Instant, left: Duration, into effects: inout [MachineEffect]
    ) {
        let killAt = signalAt + max(left, parameters.minimumGraceAfterPreStop)
        let run = pods[pod].containers[container].run
        let ownEnd = signalAt + run.terminationTime
        // A kill that is under way is not put off.
        if let stop = pods[pod].containers[container].stop, stop.at <= min(ownEnd, killAt) { return }
        let stop = ContainerRecord.Stop(
            signalAt: signalAt, at: min(ownEnd, killAt), exitCode: ownEnd <= killAt ? run.stopExitCode : 137)
        pods[pod].containers[container].stop = stop
        effects.append(.timer(at: stop.at, timer(.stop, container: container, of: pod)))
    }
}

extension PodRecord {
    /// Returns whether a sidecar has to wait: until the main containers and the sidecars after it have ended.
    func waitsForTurn(_ container: Int) -> Bool {
        guard isSidecar(container) else { return false }
        for other in (container + 1)..<containers.count where containers[other].phase == .running {
            if other >= initCount || isSidecar(other) { return true }
        }
        return false
    }
}
