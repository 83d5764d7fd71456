import Chronology
import KubernetesAPI

// Counterpart: pkg/kubelet/status/generate.go and kubelet_pods.go (v1.36).
// Deliberate differences: a container in crash back-off shows as waiting at once, without a status in between;
// readiness gates are read from the pod as it was assigned.

extension PodRecord {
    /// Returns the pod's status as the kubelet would post it now.
    func newStatus(at now: Instant) -> PodStatus {
        var next = status
        next.phase = phase
        if let failure {
            next.reason = failure.reason
            next.message = failure.message
        }
        let waiting = initCount > 0 && !isInitialized ? "PodInitializing" : "ContainerCreating"
        next.initContainerStatuses = (0..<initCount).map {
            containers[$0].status(name: self[spec: $0].name, waiting: "PodInitializing")
        }
        next.containerStatuses = mainRange.map {
            containers[$0].status(name: self[spec: $0].name, waiting: waiting)
        }
        setConditions(of: &next, at: now)
        return next
    }

    /// The phase that the containers add up to (`getPhase`).
    private var phase: PodPhase {
        if status.phase.isTerminal { return status.phase }
        if stage == .finished {
            if failure != nil || !isInitialized { return .failed }
            let failed = mainRange.contains { containers[$0].ended.map { $0.exitCode != 0 } ?? true }
            return failed ? .failed : .succeeded
        }
        let someRan = mainRange.contains { containers[$0].phase == .running || containers[$0].ended != nil }
        let allRan = mainRange.allSatisfy { containers[$0].phase == .running || containers[$0].ended != nil }
        // A pod that was running stays so across restarts.
        if status.phase == .running { return .running }
        return isInitialized && someRan && allRan ? .running : .pending
    }

    private func setConditions(of next: inout PodStatus, at now: Instant) {
        let hasSandbox = stage == .active || stage == .stopping
        set(Condition.podReadyToStartContainers, hasSandbox, of: &next, at: now)
        let isOver = next.phase.isTerminal
        let overReason = next.phase == .succeeded ? "PodCompleted" : "PodFailed"

        if isInitialized {
            let reason = next.phase == .succeeded ? overReason : ""
            set(Condition.initialized, true, reason, of: &next, at: now)
        } else {
            let names = (0..<initCount).filter { containers[$0].phase != .done && !containers[$0].isStarted }
            set(
                Condition.initialized, false, isOver ? overReason : "ContainersNotInitialized",
                isOver ? "" : "containers with incomplete status: [\(list(names))]", of: &next, at: now)
        }

        let unready = containers.indices.filter { index in
            (index >= initCount || isSidecar(index)) && !containers[index].isReady
        }
        let areReady = !isOver && unready.isEmpty
        let reason = areReady ? "" : isOver ? overReason : "ContainersNotReady"
        let message = areReady || isOver ? "" : "containers with unready status: [\(list(unready))]"
        set(Condition.containersReady, areReady, reason, message, of: &next, at: now)
        let gates = specBox.value.readinessGates
        if areReady, let gate = gates.first(where: { next.conditions.named($0)?.status != .true }) {
            set(
                Condition.ready, false, "ReadinessGatesNotReady",
                "readiness gate \(gate) is not true", of: &next, at: now)
        } else {
            set(Condition.ready, areReady, reason, message, of: &next, at: now)
        }
    }

    private func set(
        _ type: String, _ isTrue: Bool, _ reason: String = "", _ message: String = "", of next: inout PodStatus,
        at now: Instant
    ) {
        next.conditions.set(Condition(type, isTrue ? .true : .false, reason: reason, message: message, at: now))
    }

    private func list(_ indices: [Int]) -> String {
        // One name, as a rule.
        if indices.count == 1 { return self[spec: indices[0]].name }
        return indices.map { self[spec: $0].name }.joined(separator: " ")
    }
}
