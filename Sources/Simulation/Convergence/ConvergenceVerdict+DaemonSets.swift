import ClusterStore
import ControlPlane
import Controllers
import KubernetesAPI

extension ConvergenceVerdict {
    /// Says what a DaemonSet lacks, or nil.
    func problem(of set: DaemonSet) -> (String, String)? {
        if set.status.observedGeneration != set.metadata.generation { return ("is not observed", "") }
        let all = view.pods(controlledBy: set.metadata.uid)
        let pods = all.filter { !$0.status.phase.isTerminal }
        if mayLack(pods) { return nil }
        let placement = DaemonSetPlacement(set.spec.template)
        let verdicts = view.nodes().map { (name: $0.metadata.name, verdict: placement.verdict($0)) }
        let wanted = verdicts.filter { $0.verdict == .runs }.map(\.name).sorted()
        let kept = verdicts.filter { $0.verdict == .keeps }.map(\.name)
        let places = pods.compactMap(\.nodeName).filter { !kept.contains($0) }.sorted()
        if places != wanted { return ("is not on its nodes", "is on \(places), not on \(wanted)") }
        let powered = pods.filter { $0.nodeName.map(hasPower) ?? false }
        if let pod = powered.first(where: { !$0.isReady }) { return ("waits for a pod", pod.metadata.name) }
        guard case .rollingUpdate = set.spec.updateStrategy, powered.count == pods.count else { return nil }
        // A node with several old pods counts as one that surges, so that the update does not get past it.
        let isHeld = all.contains(where: isLeftover)
        if !isHeld, let pod = pods.first(where: { !Self.isMade($0, from: set.spec.template) }) {
            return ("has an old pod", pod.metadata.name)
        }
        return set.status.desiredNumberScheduled == Int64(wanted.count) + Int64(kept.count { places.contains($0) })
            || !kept.isEmpty ? nil : ("reports a wrong count", "\(set.status)")
    }

    /// Whether an ended pod is of a daemon set whose updates may surge.
    ///
    /// Its controller makes the next pod at once when a kubelet refuses one, and deletes those that were refused one by
    /// one, up to 15 minutes apart (`podsShouldBeOnNode` of upstream's pkg/controller/daemon): hours for a few dozen.
    func isLeftover(_ pod: Pod) -> Bool {
        guard pod.status.phase.isTerminal, let owner = pod.metadata.controllerUID,
            case .daemonSet(let set)? = view.object(uid: owner),
            case .rollingUpdate(_, let surge) = set.spec.updateStrategy
        else { return false }
        return surge.scaled(of: 1, roundUp: true) > 0
    }

    /// Whether a pod of a daemon set waits for a node that is gone.
    ///
    /// Upstream's controller hears of nodes that come and change, not of those that go: it deletes such a pod when
    /// something else makes it look (`getUnscheduledPodsWithoutNode` of pkg/controller/daemon), be it after hours, and the
    /// status counts the node until then.
    func isStranded(_ pod: Pod) -> Bool {
        guard pod.nodeName == nil, let owner = pod.metadata.controllerUID, case .daemonSet? = view.object(uid: owner),
            let node = DaemonSetPlacement.target(of: pod)
        else { return false }
        return view.node(node) == nil
    }
}
