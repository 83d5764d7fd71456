import KubernetesAPI
import SchedulingFramework

/// What kinds hear of pods and nodes that come and go: of trials only those that are asked about meanwhile.
extension TrialCluster {
    /// Brings what was said of a kind up to now; returns false when it has to be said anew.
    func see(_ cycle: KindCycle, _ kind: PodKind) -> Bool {
        guard cycle.seen < log.count else { return true }
        let isSkipped = cycle.skipped.contains(InterPodAffinity.name)
        if !isSkipped, cycle.listeners.isEmpty { return true }
        // Who was left out of the count of pods that keep others away cannot follow those that do.
        if isSkipped, log[cycle.seen...].contains(where: { keepsAway($0, kind) }) { return false }
        if cycle.seen == 0 { awake.append(kind.number) }
        for step in log[cycle.seen...] { tell(cycle, kind.sample, step, isUndone: false) }
        cycle.seen = log.count
        return true
    }

    /// Takes back a step, the one at `place` of the log, for those that have seen it.
    func unsee(_ step: Step, at place: Int) {
        for number in awake {
            guard let cycle = cycles[number], cycle.seen > place else { continue }
            let kind = kinds.kinds[number]
            if cycle.skipped.contains(InterPodAffinity.name), keepsAway(step, kind) {
                cycles[number] = nil
                continue
            }
            tell(cycle, kind.sample, step, isUndone: true)
            cycle.seen = place
        }
    }

    /// Brings all kinds up to now, before the log goes.
    func seeAll() {
        for step in log where Self.hasAntiAffinity(step) { antiAffinityVersion += 1 }
        for number in followers {
            guard let cycle = cycles[number] else { continue }
            for step in log.dropFirst(cycle.seen) { tell(cycle, kinds.kinds[number].sample, step, isUndone: false) }
        }
        for cycle in cycles { cycle?.seen = 0 }
        awake.removeAll(keepingCapacity: true)
    }

    /// Tells all kinds of a step that is not tried but done.
    func tellAll(_ step: Step) {
        if Self.hasAntiAffinity(step) { antiAffinityVersion += 1 }
        for number in followers {
            if let cycle = cycles[number] { tell(cycle, kinds.kinds[number].sample, step, isUndone: false) }
        }
    }

    private func tell(_ cycle: KindCycle, _ subject: PodInfo, _ step: Step, isUndone: Bool) {
        switch step {
        case .added(let pod, let node): tell(cycle, subject, of: pod, on: node, isAdded: !isUndone)
        case .removed(let pod, let node, let leavesWithNode):
            tell(cycle, subject, of: pod, on: node, isAdded: isUndone, leavesWithNode: leavesWithNode)
        case .addedNode(let node): isUndone ? cycle.follower?.nodeRemoved(node) : cycle.follower?.nodeAdded(node)
        case .removedNode(let node, _):
            isUndone ? cycle.follower?.nodeAdded(node) : cycle.follower?.nodeRemoved(node)
        }
    }

    private func tell(
        _ cycle: KindCycle, _ subject: PodInfo, of pod: PodInfo, on node: NodeInfo, isAdded: Bool,
        leavesWithNode: Bool = false
    ) {
        for plugin in cycle.listeners {
            // With its node goes what was counted of it, and that was nothing of a pod on its way out.
            if leavesWithNode, cycle.follower != nil, pod.pod.isTerminating, plugin is PodTopologySpread { continue }
            if isAdded {
                plugin.podAdded(pod, to: node, whenFiltering: subject, state: cycle.state)
            } else {
                plugin.podRemoved(pod, from: node, whenFiltering: subject, state: cycle.state)
            }
        }
    }

    // MARK: - Pods that keep others away

    private static func hasAntiAffinity(_ step: Step) -> Bool {
        switch step {
        case .added(let pod, _), .removed(let pod, _, _): !pod.shape.podAffinity.requiredAntiAffinity.isEmpty
        case .addedNode, .removedNode: false
        }
    }

    /// Whether the pod of a step keeps pods of `kind` away from where it is.
    private func keepsAway(_ step: Step, _ kind: PodKind) -> Bool {
        guard Self.hasAntiAffinity(step) else { return false }
        switch step {
        case .added(let pod, _), .removed(let pod, _, _):
            let metadata = kind.sample.pod.metadata
            let labels = snapshot.namespaceLabels(metadata.namespace) ?? StringMap()
            return pod.shape.podAffinity.requiredAntiAffinity.contains { term in
                term.selects(metadata.labels)
                    && term.covers(metadata.namespace, labels: labels, carrier: pod.pod.metadata.namespace)
            }
        case .addedNode, .removedNode: return false
        }
    }
}
