import Chronology
import KubernetesAPI

// Counterpart: pkg/kubelet/status/generate.go and kubelet_pods.go (v1.36).
// Deliberate differences: a container in crash back-off shows as waiting at once, without a status in between;
// readiness gates are read from the pod as it was assigned.

extension PodRecord {
    /// Brings the status to what the kubelet would post now, and returns whether anything changed.
    ///
    /// What stays is not written: a post changes a part of the status, and the texts of the rest are dear to copy.
    func refreshStatus(at now: Instant) -> Bool {
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
            for container in mainRange where containers[container].ended?.exitCode != 0 { return .failed }
            return .succeeded
        }
        // A pod that was running stays so across restarts.
        if status.phase == .running { return .running }
        guard isInitialized, !mainRange.isEmpty else { return .pending }
        for container in mainRange where !containers[container].isRunning && containers[container].ended == nil {
            return .pending
        }
        return .running
    }

    private func refreshInitContainers() -> Bool {
        if initCount == 0, status.initContainerStatuses.isEmpty { return false }
        let next = statuses(of: 0..<initCount, waiting: "PodInitializing")
        if next == status.initContainerStatuses { return false }
        status.initContainerStatuses = next
        return true
    }

    private func refreshMainContainers(waiting: String) -> Bool {
        let next = statuses(of: mainRange, waiting: waiting)
        if next == status.containerStatuses { return false }
        status.containerStatuses = next
        return true
    }

    private func statuses(of range: Range<Int>, waiting: String) -> [ContainerStatus] {
        // Most pods have one, and its list is made without asking what a list of these is.
        if range.count == 1 { return [status(ofContainer: range.lowerBound, waiting: waiting)] }
        return Array(unsafeUninitializedCapacity: range.count) { statuses, count in
            for container in range {
                statuses.initializeElement(at: count, to: status(ofContainer: container, waiting: waiting))
                count += 1
            }
        }
    }

    @inline(__always)
    private func status(ofContainer container: Int, waiting: String) -> ContainerStatus {
        containers[container].status(name: needs.containers[container].name, waiting: waiting)
    }
}

// MARK: - Conditions

extension PodRecord {
    private func refreshConditions(at now: Instant) -> Bool {
        let hasSandbox = stage == .active || stage == .stopping
        let isOver = status.phase.isTerminal
        let overReason = status.phase == .succeeded ? "PodCompleted" : "PodFailed"
        var conditions = status.conditions
        var hasChanged = set(Condition.podReadyToStartContainers, 0, hasSandbox, at: now, in: &conditions)

        if isInitialized {
            let reason = status.phase == .succeeded ? overReason : ""
            if set(Condition.initialized, 1, true, reason, at: now, in: &conditions) { hasChanged = true }
        } else {
            let names = (0..<initCount).filter { containers[$0].phase != .done && !containers[$0].isStarted }
            let changed = set(
                Condition.initialized, 1, false, isOver ? overReason : "ContainersNotInitialized",
                isOver ? "" : "containers with incomplete status: [\(list(names))]", at: now, in: &conditions)
            if changed { hasChanged = true }
        }

        let unready = unreadyContainers
        let areReady = !isOver && unready == .none
        let reason = areReady ? "" : isOver ? overReason : "ContainersNotReady"
        let message = areReady || isOver ? "" : unready == .all ? needs.unreadyMessage : unreadyMessage()
        if set(Condition.containersReady, 2, areReady, reason, message, at: now, in: &conditions) { hasChanged = true }
        if areReady, let gate = openGate(conditions) {
            let text = "readiness gate \(gate) is not true"
            if set(Condition.ready, 3, false, "ReadinessGatesNotReady", text, at: now, in: &conditions) {
                hasChanged = true
            }
        } else if set(Condition.ready, 3, areReady, reason, message, at: now, in: &conditions) {
            hasChanged = true
        }
        if hasChanged { status.conditions = conditions }
        return hasChanged
    }

    private enum Share {
        case none, some, all
    }

    /// How many of the containers are unready that could be ready.
    private var unreadyContainers: Share {
        var isAnyReady = false
        var isAnyUnready = false
        for container in containers.indices where container >= initCount || isSidecar(container) {
            if containers[container].isReady { isAnyReady = true } else { isAnyUnready = true }
        }
        return isAnyUnready ? isAnyReady ? .some : .all : .none
    }

    /// The message that names the unready containers; kept, as most pods are unready twice in the same way.
    private func unreadyMessage() -> String {
        var mask: UInt64 = 0
        for container in containers.indices where countsAsUnready(container) { mask |= 1 << UInt64(container & 63) }
        if let unready, unready.mask == mask, containers.count <= 64 { return unready.message }
        let message = PodNeeds.unreadyMessage(
            containers.indices.filter { countsAsUnready($0) }.map { needs.containers[$0].name })
        unready = (mask, message)
        return message
    }

    private func countsAsUnready(_ container: Int) -> Bool {
        !containers[container].isReady && (container >= initCount || isSidecar(container))
    }

    /// The first readiness gate that is not passed.
    private func openGate(_ conditions: [Condition]) -> String? {
        if specBox.value.readinessGates.isEmpty { return nil }
        return specBox.value.readinessGates.first { conditions.named($0)?.status != .true }
    }

    /// Sets a condition as `[Condition].set` does, and returns whether it changed; `number` counts the kubelet's own.
    private func set(
        _ type: String, _ number: Int, _ isTrue: Bool, _ reason: String = "", _ message: String = "", at now: Instant,
        in conditions: inout [Condition]
    ) -> Bool {
        let truth: ConditionStatus = isTrue ? .true : .false
        var place = Int(conditionPlaces[number])
        // Conditions are added and never removed, so that each stays where it was found.
        if place < 0, let found = conditions.firstIndex(where: { $0.isOf(type) }) {
            place = found
            conditionPlaces[number] = Int32(found)
        }
        guard place >= 0 else {
            if conditions.isEmpty { conditions.reserveCapacity(6) }
            conditionPlaces[number] = Int32(conditions.count)
            conditions.append(Condition(type, truth, reason: reason, message: message, at: now))
            return true
        }
        let isSame =
            conditions[place].status == truth && conditions[place].reason == reason
            && conditions[place].message == message
        if isSame { return false }
        conditions[place].set(truth, reason: reason, message: message, at: now)
        return true
    }

    private func list(_ indices: [Int]) -> String {
        // One name, as a rule.
        if indices.count == 1 { return needs.containers[indices[0]].name }
        return indices.map { needs.containers[$0].name }.joined(separator: " ")
    }
}
