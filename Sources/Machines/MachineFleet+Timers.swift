package import Chronology

extension MachineFleet {
    /// Does what a timer was for, unless something overtook it.
    package mutating func fire(_ timer: MachineTimer, at now: Instant, into effects: inout [MachineEffect]) {
        if hungMachines > 0, holds(timer) { return }
        switch timer.kind {
        case .transfers:
            if timer.epoch == transferEpoch { transfersDue(at: now, into: &effects) }
        case .pullDone:
            if timer.epoch == pulls[Int(timer.slot)].epoch { pullDone(timer.slot, at: now, into: &effects) }
        case .pullResolved:
            if timer.epoch == pulls[Int(timer.slot)].epoch { pullResolved(timer.slot, at: now, into: &effects) }
        case .imageGC:
            if timer.epoch == nodes[Int(timer.slot)].imageGCEpoch {
                imageGCDue(on: Int(timer.slot), at: now, into: &effects)
            }
        case .sandbox, .deadline:
            guard let pod = livePod(of: timer), timer.epoch == pods[pod].epoch else { return }
            podTimer(timer.kind, pod: pod, at: now, into: &effects)
        case .shutdown:
            shutdownIsDue(Int(timer.slot), epoch: timer.epoch, at: now, into: &effects)
        case .start, .exit, .stop, .startupPassed, .startupFailed, .livenessFailed, .readiness, .readinessPlan, .hook,
            .turn, .restart, .pullNotice, .pullRetry:
            let container = Int(timer.container)
            guard let pod = livePod(of: timer), timer.epoch == pods[pod].containers[container].epoch else { return }
            containerTimer(timer.kind, container, of: pod, at: now, into: &effects)
        }
    }

    private func livePod(of timer: MachineTimer) -> Int? {
        position(of: PodSlot(index: timer.slot, generation: timer.generation))
    }

    private mutating func podTimer(
        _ kind: MachineTimer.Kind, pod: Int, at now: Instant, into effects: inout [MachineEffect]
    ) {
        if kind == .deadline {
            let failure = PodRecord.Failure(
                reason: "DeadlineExceeded", message: "Pod was active on the node longer than the specified deadline",
                isFinal: true)
            fail(pod, failure, at: now, into: &effects)
        } else if pods[pod].stage == .sandbox {
            sandboxStands(pod, at: now, into: &effects)
        }
    }

    private mutating func containerTimer(
        _ kind: MachineTimer.Kind, _ container: Int, of pod: Int, at now: Instant, into effects: inout [MachineEffect]
    ) {
        switch kind {
        case .start: started(container, of: pod, at: now, into: &effects)
        case .exit:
            guard pods[pod].containers[container].progress.endsAt == now else { return }
            ended(
                container, of: pod, exitCode: pods[pod].containers[container].run.exitCode, at: now, into: &effects)
        case .stop:
            guard let stop = pods[pod].containers[container].stop, stop.at == now else { return }
            ended(container, of: pod, exitCode: stop.exitCode, at: now, into: &effects)
        case .startupPassed:
            watchProbes(of: container, of: pod, at: now, isStarted: true, into: &effects)
            // A started sidecar lets the next init container begin.
            pods[pod].stage == .active
                ? advance(pod, after: container, at: now, into: &effects) : post(pod, at: now, into: &effects)
        case .startupFailed:
            probeFailed(container, of: pod, isStartup: true, at: now, into: &effects)
        case .livenessFailed:
            probeFailed(container, of: pod, isStartup: false, at: now, into: &effects)
        case .readiness:
            readinessChanges(of: container, of: pod, at: now, into: &effects)
        case .readinessPlan:
            planReadiness(of: container, of: pod, at: now, into: &effects)
        case .hook: hookEnded(container, of: pod, at: now, into: &effects)
        case .turn: takeTurn(container, of: pod, at: now, into: &effects)
        case .restart:
            noteRestart(container, of: pod, at: now)
            proceed(pod, at: now, into: &effects)
        case .pullNotice:
            pods[pod].containers[container].waitReason = "ImagePullBackOff"
            noteBackOff(container, of: pod, into: &effects)
            post(pod, at: now, into: &effects)
        case .pullRetry:
            pods[pod].containers[container].phase = .due
            proceed(pod, at: now, into: &effects)
        case .sandbox, .deadline, .pullDone, .transfers, .shutdown, .pullResolved, .imageGC:
            preconditionFailure("\(kind) is no timer of a container")
        }
    }
}
