import Chronology
import KubernetesAPI

// Counterpart: pkg/kubelet/status/generate.go and kubelet_pods.go (v1.36).
// Deliberate differences: a container in crash back-off shows as waiting at once, without a status in between;
// readiness gates are read from the pod as it was assigned.

extension PodRecord {
    /// Brings the status to what the kubelet would post now, and returns whether anything changed.
    ///
    /// What stays is not written: a post changes a part of the status, and the texts of the rest are dear to copy.
    mutating func refreshStatus(at now: Instant) -> Bool {
        if isRejected { return false }
        var hasChanged = false
        let phase = phase
        if status.phase != phase {
            status.phase = phase
            hasChanged = true
        }
        if stage == .finished, let failure, status.reason != failure.reason || status.message != failure.message {
            status.reason = failure.reason
            status.message = failure.message
            if failure.isDisruption {
                status.conditions.set(
                    Condition(
                        Condition.disruptionTarget, .true, reason: "TerminationByKubelet", message: failure.message,
                        at: now))
            }
            hasChanged = true
        }
        let waiting = initCount > 0 && !isInitialized ? "PodInitializing" : "ContainerCreating"
        if refreshInitContainers() { hasChanged = true }
        if refreshMainContainers(waiting: waiting) { hasChanged = true }
        if refreshConditions(at: now) { hasChanged = true }
        return hasChanged
    }

    /// The phase that the containers add up to (`getPhase`).
    private var phase: PodPhase {
        if status.phase.isTerminal { return status.phase }
        if stage == .finished {
            if failure != nil || !isInitialized { return .failed }
            let failed = mainRange.contains { containers[$0].ended.map { $0.exitCode != 0 } ?? true }
            return failed ? .failed : .succeeded
        }
        let someRan = mainRange.contains { containers[$0].isRunning || containers[$0].ended != nil }
        let allRan = mainRange.allSatisfy { containers[$0].isRunning || containers[$0].ended != nil }
        // A pod that was running stays so across restarts.
        if status.phase == .running { return .running }
        return isInitialized && someRan && allRan ? .running : .pending
    }

    private mutating func refreshInitContainers() -> Bool {
        if initCount == 0, status.initContainerStatuses.isEmpty { return false }
        let next = (0..<initCount).map {
            containers[$0].status(name: self[spec: $0].name, waiting: "PodInitializing")
        }
        if next == status.initContainerStatuses { return false }
        status.initContainerStatuses = next
        return true
    }

    private mutating func refreshMainContainers(waiting: String) -> Bool {
        var next: [ContainerStatus] = []
        next.reserveCapacity(mainRange.count)
        for container in mainRange {
            next.append(containers[container].status(name: self[spec: container].name, waiting: waiting))
        }
        if next == status.containerStatuses { return false }
        status.containerStatuses = next
        return true
    }
}

// MARK: - Conditions

extension PodRecord {
    private mutating func refreshConditions(at now: Instant) -> Bool {
        let hasSandbox = stage == .active || stage == .stopping
        var hasChanged = set(Condition.podReadyToStartContainers, hasSandbox, at: now)
        let isOver = status.phase.isTerminal
        let overReason = status.phase == .succeeded ? "PodCompleted" : "PodFailed"

        if isInitialized {
            let reason = status.phase == .succeeded ? overReason : ""
            if set(Condition.initialized, true, reason, at: now) { hasChanged = true }
        } else {
            let names = (0..<initCount).filter { containers[$0].phase != .done && !containers[$0].isStarted }
            let changed = set(
                Condition.initialized, false, isOver ? overReason : "ContainersNotInitialized",
                isOver ? "" : "containers with incomplete status: [\(list(names))]", at: now)
            if changed { hasChanged = true }
        }

        let areAllReady = containers.indices.allSatisfy { !countsAsUnready($0) }
        let areReady = !isOver && areAllReady
        let reason = areReady ? "" : isOver ? overReason : "ContainersNotReady"
        let message = areReady || isOver ? "" : unreadyMessage()
        if set(Condition.containersReady, areReady, reason, message, at: now) { hasChanged = true }
        if areReady, let gate = openGate {
            let text = "readiness gate \(gate) is not true"
            if set(Condition.ready, false, "ReadinessGatesNotReady", text, at: now) { hasChanged = true }
        } else if set(Condition.ready, areReady, reason, message, at: now) {
            hasChanged = true
        }
        return hasChanged
    }

    /// The message that names the unready containers; kept, as most pods are unready twice in the same way.
    private mutating func unreadyMessage() -> String {
        var mask: UInt64 = 0
        for container in containers.indices where countsAsUnready(container) { mask |= 1 << UInt64(container & 63) }
        if let unready, unready.mask == mask, containers.count <= 64 { return unready.message }
        let names = list(containers.indices.filter { countsAsUnready($0) })
        let message = "containers with unready status: [\(names)]"
        unready = (mask, message)
        return message
    }

    private func countsAsUnready(_ container: Int) -> Bool {
        !containers[container].isReady && (container >= initCount || isSidecar(container))
    }

    /// The first readiness gate that is not passed.
    private var openGate: String? {
        specBox.value.readinessGates.first { status.conditions.named($0)?.status != .true }
    }

    /// Sets a condition as `[Condition].set` does, and returns whether it changed.
    private mutating func set(
        _ type: String, _ isTrue: Bool, _ reason: String = "", _ message: String = "", at now: Instant
    ) -> Bool {
        let truth: ConditionStatus = isTrue ? .true : .false
        for place in status.conditions.indices where status.conditions[place].isOf(type) {
            let isSame =
                status.conditions[place].status == truth && status.conditions[place].reason == reason
                && status.conditions[place].message == message
            if isSame { return false }
            status.conditions[place].set(truth, reason: reason, message: message, at: now)
            return true
        }
        if status.conditions.isEmpty { status.conditions.reserveCapacity(6) }
        status.conditions.append(Condition(type, truth, reason: reason, message: message, at: now))
        return true
    }

    private func list(_ indices: [Int]) -> String {
        // One name, as a rule.
        if indices.count == 1 { return self[spec: indices[0]].name }
        return indices.map { self[spec: $0].name }.joined(separator: " ")
    }
}
