import ClusterStore
import Controllers
import KubernetesAPI

extension ConvergenceVerdict {
    /// Says what a StatefulSet lacks, or nil.
    func problem(of set: StatefulSet) -> (String, String)? {
        var pods = view.pods(controlledBy: set.metadata.uid)
        if set.status.observedGeneration != set.metadata.generation { return ("is not observed", "") }
        if mayLack(pods) { return nil }
        let isStuck = hasStuckSurplus(set, pods)
        if isStuck { pods.removeAll { isSurplus($0, of: set) } }
        let wanted = set.ordinals.map { "\(set.metadata.name)-\($0)" }.sorted()
        let names = pods.map(\.metadata.name).sorted()
        if names != wanted { return ("is not at its count", "wants \(wanted), has \(names)") }
        if let pod = pods.first(where: { !$0.isReady }) { return ("waits for a pod", pod.metadata.name) }
        // Neither the update nor the status gets past a surplus pod that is stuck.
        if isStuck { return nil }
        if set.status.replicas != set.spec.replicas || set.status.availableReplicas != set.spec.replicas {
            return ("reports a wrong count", "wants \(set.spec.replicas), reports \(set.status)")
        }
        guard case .rollingUpdate(let partition, _) = set.spec.updateStrategy else { return nil }
        for pod in pods {
            guard let ordinal = StatefulPodName(pod.metadata.name)?.ordinal,
                ordinal >= set.spec.ordinalsStart + (partition ?? 0)
            else { continue }
            if !Self.isMade(pod, from: set.spec.template) { return ("has an old pod", pod.metadata.name) }
        }
        return nil
    }

    private func isSurplus(_ pod: Pod, of set: StatefulSet) -> Bool {
        StatefulPodName(pod.metadata.name).map { !set.ordinals.contains($0.ordinal) } ?? false
    }

    /// Whether the highest of several surplus pods has ended and a lower one is not available either: in order, the
    /// highest must go first, but one that is not available goes only if no lower one is like that, and surplus pods are
    /// never made anew (processCondemned of upstream's pkg/controller/statefulset). Somebody has to delete them.
    private func hasStuckSurplus(_ set: StatefulSet, _ pods: [Pod]) -> Bool {
        guard !set.spec.isParallel else { return false }
        let surplus = pods.filter { isSurplus($0, of: set) }.sorted {
            (StatefulPodName($0.metadata.name)?.ordinal ?? 0) > (StatefulPodName($1.metadata.name)?.ordinal ?? 0)
        }
        guard let highest = surplus.first, highest.status.phase.isTerminal, !highest.isTerminating else { return false }
        return surplus.dropFirst().contains { $0.status.phase.isTerminal }
    }
}
