package import Chronology
import KubernetesAPI

// Counterpart: killPod and the termination ordering of sidecars in the kubelet (v1.36).
// Deliberate differences: sidecars stop together, after the last main container, and not one after the other.

extension MachineFleet {
    /// Tells the kubelet that a pod is to be deleted; a second call can only shorten what is left.
    package mutating func terminate(
        _ slot: PodSlot, gracePeriod: Duration, at now: Instant, into effects: inout [MachineEffect]
    ) {
        guard let pod = position(of: slot) else { return }
        let isNew = !pods[pod].isDeleting
        pods[pod].isDeleting = true
        guard nodes[Int(pods[pod].node)].isOn else { return }
        switch pods[pod].stage {
        case .free: return
        case .finished: if isNew { effects.append(.removed(slot)) }
        case .sandbox, .active: stop(pod, grace: gracePeriod, at: now, into: &effects)
        case .stopping: shorten(pod, killAt: now + max(.zero, gracePeriod), at: now, into: &effects)
        }
    }

    /// Ends a pod on the kubelet's own account.
    mutating func fail(
        _ pod: Int, reason: String, message: String, at now: Instant, into effects: inout [MachineEffect]
    ) {
        guard pods[pod].stage == .sandbox || pods[pod].stage == .active else { return }
        pods[pod].failure = (reason, message)
        stop(pod, grace: .seconds(pods[pod].specBox.value.terminationGracePeriodSeconds), at: now, into: &effects)
    }

    /// Begins to stop whatever runs of a pod, and gives up what was about to start.
    mutating func stop(_ pod: Int, grace: Duration, at now: Instant, into effects: inout [MachineEffect]) {
        pods[pod].epoch &+= 1
        pods[pod].cursor = -1
        pods[pod].stage = .stopping
        pods[pod].killAt = now + max(.zero, grace)
        if pods[pod].pull >= 0 { cancelPulls([pods[pod].pull], at: now, into: &effects) }
        for container in pods[pod].containers.indices {
            if pods[pod].containers[container].phase != .running {
                pods[pod].containers[container].phase = .done
                pods[pod].containers[container].epoch &+= 1
            } else if !pods[pod].isSidecar(container) {
                signal(container, of: pod, at: now, into: &effects)
            }
        }
        stopRest(of: pod, at: now, into: &effects)
    }

    /// Goes on with stopping after a container ended: sidecars last, then the pod is finished.
    mutating func stopRest(of pod: Int, at now: Instant, into effects: inout [MachineEffect]) {
        let running = pods[pod].containers.indices.filter { pods[pod].containers[$0].phase == .running }
        if running.isEmpty {
            finish(pod, at: now, into: &effects)
            return
        }
        guard !pods[pod].areSidecarsStopping, running.allSatisfy({ pods[pod].isSidecar($0) }) else { return }
        pods[pod].areSidecarsStopping = true
        pods[pod].killAt = max(pods[pod].killAt, now + parameters.minimumGraceAfterPreStop)
        for container in running { signal(container, of: pod, at: now, into: &effects) }
    }

    /// Runs a container's preStop hook and sends SIGTERM, and SIGKILL when the grace period is over.
    private mutating func signal(
        _ container: Int, of pod: Int, at now: Instant, into effects: inout [MachineEffect]
    ) {
        let hook: Duration =
            switch pods[pod][spec: container].preStop {
            case nil: .zero
            case .sleep(let seconds)?: .seconds(max(0, seconds))
            case .hook?: parameters.preStopHook
            }
        var killAt = pods[pod].killAt
        var signalAt = now + hook
        if hook > .zero, signalAt >= killAt {
            signalAt = killAt
            killAt = killAt + parameters.minimumGraceAfterPreStop
        }
        let run = pods[pod].containers[container].run
        let ownEnd = signalAt + run.terminationTime
        let stop = ownEnd <= killAt ? (at: ownEnd, exitCode: run.stopExitCode) : (at: killAt, exitCode: 137)
        pods[pod].containers[container].stop = stop
        effects.append(.timer(at: stop.at, timer(.stop, container: container, of: pod)))
    }

    mutating func shorten(_ pod: Int, killAt: Instant, at now: Instant, into effects: inout [MachineEffect]) {
        guard killAt < pods[pod].killAt else { return }
        pods[pod].killAt = killAt
        for container in pods[pod].containers.indices where pods[pod].containers[container].phase == .running {
            guard let stop = pods[pod].containers[container].stop, stop.at > killAt else { continue }
            pods[pod].containers[container].stop = (at: killAt, exitCode: 137)
            effects.append(.timer(at: killAt, timer(.stop, container: container, of: pod)))
        }
    }

    /// Posts the last status of a pod of which nothing runs any more, and asks for its removal if it is being deleted.
    mutating func finish(_ pod: Int, at now: Instant, into effects: inout [MachineEffect]) {
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
        post(pod, at: now, into: &effects)
        if pods[pod].isDeleting { effects.append(.removed(slot(pod))) }
    }
}
