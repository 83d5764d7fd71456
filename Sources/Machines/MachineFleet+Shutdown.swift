package import Chronology
import KubernetesAPI

// Counterpart: pkg/kubelet/nodeshutdown (v1.36).
// Deliberate differences: volumes are unmounted in no time.

extension MachineFleet {
    /// What a pod's status says that a shutdown of its machine ended.
    private static let failure = PodRecord.Failure(
        reason: "Terminated", message: message, disruption: message)
    private static let message = "Pod was terminated in response to imminent node shutdown."

    /// Whether kubelets end their pods when their machine shuts down.
    package var endsPodsOnShutdown: Bool { !parameters.shutdownGroups.isEmpty }

    /// Whether a machine is shutting down, so that it takes no more pods.
    package func isShuttingDown(_ node: NodeSlot) -> Bool { nodes[Int(node.index)].shutdown != nil }

    /// Tells a machine to shut down: its kubelet ends the pods, group by group from the lowest priority up, each within
    /// its time. The effect `shutDown` says when the power can be cut; without such times that is at once.
    package mutating func beginShutdown(_ node: NodeSlot, at now: Instant, into effects: inout [MachineEffect]) {
        let index = Int(node.index)
        guard nodes[index].isOn, nodes[index].shutdown == nil else { return }
        shutdowns &+= 1
        let graces = parameters.shutdownGroups
        var groups = graces.map { (seconds: $0.seconds, pods: [PodSlot]()) }
        if !groups.isEmpty {
            for pod in nodes[index].pods.map(Int.init) where pods[pod].stage != .finished {
                let group = KubeletParameters.group(of: pods[pod].specBox.value.priority ?? 0, in: graces)
                groups[group].pods.append(slot(pod))
            }
        }
        nodes[index].shutdown = ShutdownProgress(groups: groups, epoch: shutdowns)
        endNextGroup(on: index, at: now, into: &effects)
    }

    private mutating func endNextGroup(on node: Int, at now: Instant, into effects: inout [MachineEffect]) {
        guard var progress = nodes[node].shutdown else { return }
        progress.current += 1
        while progress.current < progress.groups.count, progress.groups[progress.current].pods.isEmpty {
            progress.current += 1
        }
        guard progress.current < progress.groups.count else {
            progress.waiting = []
            nodes[node].shutdown = progress
            effects.append(.shutDown(NodeSlot(index: Int32(node))))
            return
        }
        let group = progress.groups[progress.current]
        shutdowns &+= 1
        progress.epoch = shutdowns
        // Pods that end at once are told of below, when all of them were told to stop.
        progress.waiting = []
        nodes[node].shutdown = progress
        for slot in group.pods {
            guard let pod = position(of: slot) else { continue }
            let own = pods[pod].specBox.value.terminationGracePeriodSeconds
            fail(pod, Self.failure, grace: .seconds(min(own, group.seconds)), at: now, into: &effects)
        }
        let waiting = group.pods.filter { slot in
            position(of: slot).map { pods[$0].stage != .finished } ?? false
        }
        nodes[node].shutdown?.waiting = waiting
        if waiting.isEmpty {
            endNextGroup(on: node, at: now, into: &effects)
            return
        }
        effects.append(
            .timer(
                at: now + .seconds(group.seconds), MachineTimer(.shutdown, slot: Int32(node), epoch: shutdowns)))
    }

    /// The time of a group is over.
    mutating func shutdownIsDue(_ node: Int, epoch: UInt32, at now: Instant, into effects: inout [MachineEffect]) {
        guard let progress = nodes[node].shutdown, progress.epoch == epoch, !progress.waiting.isEmpty else { return }
        endNextGroup(on: node, at: now, into: &effects)
    }

    /// A pod ended, for which a shutdown may have waited.
    mutating func tellShutdown(
        of gone: PodSlot, on node: Int, at now: Instant, into effects: inout [MachineEffect]
    ) {
        guard let progress = nodes[node].shutdown, progress.waiting.contains(gone) else { return }
        nodes[node].shutdown?.waiting.removeAll { $0 == gone }
        if nodes[node].shutdown?.waiting.isEmpty == true { endNextGroup(on: node, at: now, into: &effects) }
    }
}
