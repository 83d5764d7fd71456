package import Chronology

// What a kubelet leaves undone while it hangs. The container runtime goes on with what it was asked for: processes start,
// end and are killed, layers come. Nobody looks at probes, starts what is next, or takes a pulled image.

extension MachineFleet {
    /// Lets a machine's kubelet do nothing.
    package mutating func hang(_ node: NodeSlot) {
        guard !nodes[Int(node.index)].isHung else { return }
        nodes[Int(node.index)].isHung = true
        hungMachines += 1
    }

    /// Lets a kubelet go on: it does at once what would have been due meanwhile.
    package mutating func goOn(_ node: NodeSlot, at now: Instant, into effects: inout [MachineEffect]) {
        let index = Int(node.index)
        guard nodes[index].isHung else { return }
        nodes[index].isHung = false
        hungMachines -= 1
        let held = nodes[index].held
        nodes[index].held = []
        guard nodes[index].isOn else { return }
        for timer in held { fire(timer, at: now, into: &effects) }
        for pod in nodes[index].pods.map(Int.init) where pods[pod].stage == .active {
            proceed(pod, at: now, into: &effects)
        }
    }

    /// Keeps a timer for later whose kubelet hangs; returns false for one that is nobody's, or not the kubelet's.
    mutating func holds(_ timer: MachineTimer) -> Bool {
        let node: Int
        switch timer.kind {
        case .start, .exit, .stop, .transfers, .pullResolved: return false
        case .imageGC, .shutdown: node = Int(timer.slot)
        case .pullDone: node = Int(pulls[Int(timer.slot)].node)
        case .sandbox, .deadline, .startupPassed, .startupFailed, .livenessFailed, .readiness, .readinessPlan, .hook,
            .turn, .restart, .pullNotice, .pullRetry:
            let slot = PodSlot(index: timer.slot, generation: timer.generation)
            guard let pod = position(of: slot) else { return false }
            node = Int(pods[pod].node)
        }
        guard nodes[node].isHung, nodes[node].isOn else { return false }
        nodes[node].held.append(timer)
        return true
    }

    /// Asks again for the removal of pods that are over: the requests may not have arrived.
    package func repeatRemovals(on node: NodeSlot, into effects: inout [MachineEffect]) {
        for pod in nodes[Int(node.index)].pods.map(Int.init)
        where pods[pod].stage == .finished && pods[pod].isDeleting && !pods[pod].isOrphan {
            effects.append(.removed(slot(pod)))
        }
    }
}
