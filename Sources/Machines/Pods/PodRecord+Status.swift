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
        if stage == .finished, let failure, !isFailureTold {
            isFailureTold = true
            tell(failure, at: now)
            hasChanged = true
        }
        let waiting = initCount > 0 ? "PodInitializing" : "ContainerCreating"
        if refreshInitContainers() { hasChanged = true }
        if refreshMainContainers(waiting: waiting) { hasChanged = true }
        if refreshConditions(at: now) { hasChanged = true }
        return hasChanged
    }

    /// Says why the kubelet ended the pod: one that succeeded all the same was merely disrupted.
    private func tell(_ failure: Failure, at now: Instant) {
        if status.phase == .failed {
            status.reason = failure.reason
            status.message = failure.message
        }
        guard let disruption = failure.disruption else { return }
        status.conditions.set(
            Condition(Condition.disruptionTarget, .true, reason: "TerminationByKubelet", message: disruption, at: now))
    }

    /// The phase that the containers add up to (`getPhase`).
    private var phase: PodPhase {
        if status.phase.isTerminal { return status.phase }
        if stage == .finished {
            if failure?.isFinal == true || !isInitialized { return .failed }
            for container in mainRange where containers[container].ended?.exitCode != 0 { return .failed }
            return .succeeded
        }
        if initCount > 0, isInitializing { return .pending }
        // A pod that was running stays so across restarts.
        if status.phase == .running { return .running }
        guard !mainRange.isEmpty else { return .pending }
        for container in mainRange where !containers[container].isRunning && containers[container].ended == nil {
            return .pending
        }
        return .running
    }

    /// Whether init containers run for the first time, or again in a new sandbox.
    private var isInitializing: Bool {
        for index in 0..<initCount {
            let container = containers[index]
            if isSidecar(index) {
                if isInitialized || container.isStarted { continue }
                if container.isRunning || container.ended == nil { return true }
            } else if container.isRunning || !isInitialized && container.phase != .done && container.ended == nil {
                return true
            }
        }
        return false
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
    // What true conditions say, or conditions of which there is nothing to say.
    private static let sandboxWords = Condition.Words.bare(.podReadyToStartContainers)
    private static let initializedWords = Condition.Words.bare(.initialized)
    private static let containersReadyWords = Condition.Words.bare(.containersReady)
    private static let readyWords = Condition.Words.bare(.ready)

    private func refreshConditions(at now: Instant) -> Bool {
        let hasSandbox = stage == .active || stage == .stopping
        var conditions = status.conditions
        var hasChanged = set(0, hasSandbox, Self.sandboxWords, at: now, in: &conditions)
        let hasInitialized = initCount == 0 || hasInitialized(by: conditions)
        let initialization = initializationWords(hasInitialized)
        if set(1, hasInitialized, initialization, at: now, in: &conditions) { hasChanged = true }

        let isOver = status.phase.isTerminal
        let unready = unreadyContainers
        if !isOver && unready == .none {
            if set(2, true, Self.containersReadyWords, at: now, in: &conditions) { hasChanged = true }
            let gates = openGates(conditions)
            let words =
                gates.isEmpty
                ? Self.readyWords : Condition.Words(.ready, reason: "ReadinessGatesNotReady", message: gates)
            if set(3, gates.isEmpty, words, at: now, in: &conditions) { hasChanged = true }
        } else {
            let words =
                isOver ? UnreadyWords(reason: overReason) : unready == .all ? needs.unready : unreadyWords()
            if set(2, false, words.ofContainers, at: now, in: &conditions) { hasChanged = true }
            if set(3, false, words.ofPod, at: now, in: &conditions) { hasChanged = true }
        }
        if hasChanged { status.conditions = conditions }
        return hasChanged
    }

    /// The reason of conditions when the pod is over.
    private var overReason: String { status.phase == .succeeded ? "PodCompleted" : "PodFailed" }

    /// Whether the pod counts as initialized: once it was, it stays so, even when its sandbox is made anew.
    private func hasInitialized(by conditions: [Condition]) -> Bool {
        if status.phase == .succeeded || conditions.isTrue(Condition.initialized) { return true }
        guard isInitialized else { return false }
        for container in mainRange where containers[container].isRunning || containers[container].ended != nil {
            return true
        }
        return !(0..<initCount).contains { isIncomplete($0) }
    }

    private func isIncomplete(_ container: Int) -> Bool {
        isSidecar(container) ? !containers[container].isStarted : !containers[container].isReady
    }

    private func initializationWords(_ hasInitialized: Bool) -> Condition.Words {
        if hasInitialized {
            return status.phase == .succeeded
                ? Condition.Words(.initialized, reason: overReason) : Self.initializedWords
        }
        let names = (0..<initCount).filter { isIncomplete($0) }
        return Condition.Words(
            .initialized, reason: "ContainersNotInitialized",
            message: "containers with incomplete status: [\(list(names))]")
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

    /// The words that name the unready containers; kept, as most pods are unready twice in the same way.
    private func unreadyWords() -> UnreadyWords {
        var mask: UInt64 = 0
        for container in containers.indices where countsAsUnready(container) { mask |= 1 << UInt64(container & 63) }
        if let unready, unready.mask == mask, containers.count <= 64 { return unready.words }
        let words = UnreadyWords(
            containers.indices.filter { countsAsUnready($0) }.map { needs.containers[$0].name })
        unready = (mask, words)
        return words
    }

    private func countsAsUnready(_ container: Int) -> Bool {
        !containers[container].isReady && (container >= initCount || isSidecar(container))
    }

    /// What is said of the readiness gates that are not passed; empty when all are.
    private func openGates(_ conditions: [Condition]) -> String {
        if specBox.value.readinessGates.isEmpty { return "" }
        return specBox.value.readinessGates.compactMap { gate in
            guard let condition = conditions.named(ConditionType(gate)) else {
                return "corresponding condition of pod readiness gate \"\(gate)\" does not exist."
            }
            if condition.status == .true { return nil }
            return "the status of pod readiness gate \"\(gate)\" is not \"True\", but \(condition.status.rawValue)"
        }.joined(separator: ", ")
    }

    /// Sets a condition as `[Condition].set` does, and returns whether it changed; `number` counts the kubelet's own.
    private func set(
        _ number: Int, _ isTrue: Bool, _ words: Condition.Words, at now: Instant, in conditions: inout [Condition]
    ) -> Bool {
        let truth: ConditionStatus = isTrue ? .true : .false
        var place = Int(conditionPlaces[number])
        // Conditions are added and never removed, so that each stays where it was found.
        if place < 0, let found = conditions.firstIndex(where: { $0.isOf(words.type) }) {
            place = found
            conditionPlaces[number] = Int32(found)
        }
        guard place >= 0 else {
            if conditions.isEmpty { conditions.reserveCapacity(6) }
            conditionPlaces[number] = Int32(conditions.count)
            conditions.append(Condition(words, truth, at: now))
            return true
        }
        if conditions[place].says(truth, words) { return false }
        conditions[place].set(truth, words, at: now)
        return true
    }

    private func list(_ indices: [Int]) -> String {
        // One name, as a rule.
        if indices.count == 1 { return needs.containers[indices[0]].name }
        return indices.map { needs.containers[$0].name }.joined(separator: " ")
    }
}
