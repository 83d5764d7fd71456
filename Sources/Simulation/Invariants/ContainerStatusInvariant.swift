import ClusterStore
import ControlPlane
import KubernetesAPI
import Machines

/// What the kubelets know of their containers is what they posted, and what they posted is what is stored.
enum ContainerStatusInvariant: Invariant {
    static let name = "container-status"
    /// How many places of pods are looked at after an event; in a larger cluster they take turns.
    private static let span = 64

    static func problem(in world: borrowing World) -> String? {
        let count = world.running.count
        let first = count > span ? Int(world.events % Int64(count)) * span % count : 0
        for offset in 0..<min(count, span) {
            guard let pod = world.running[(first + offset) % count], let node = world.fleet.node(of: pod.slot),
                world.fleet.isOn(node)
            else { continue }
            if let unposted = world.fleet.unpostedChange(of: pod.slot, at: world.now) {
                return "\(pod.key): \(unposted)"
            }
            guard pod.unposted == nil, !pod.isPosting, let known = world.fleet.status(of: pod.slot),
                let stored = world.api.object(uid: pod.uid), case .pod(let object) = stored
            else { continue }
            if let problem = problem(of: object.status, as: known) { return "\(pod.key): \(problem)" }
        }
        return nil
    }

    /// Returns how a stored status differs from the one that a kubelet posted, or nil.
    static func problem(of stored: PodStatus, as known: PodStatus) -> String? {
        // A status that nobody has posted yet is the creator's, and somebody else may have ended the pod.
        if known.startTime == nil || stored.phase.isTerminal { return nil }
        if stored.containerStatuses != known.containerStatuses
            || stored.initContainerStatuses != known.initContainerStatuses
        {
            return "the stored container statuses are not those that were posted"
        }
        return stored.phase == known.phase
            ? nil : "stored as \(stored.phase.rawValue), posted as \(known.phase.rawValue)"
    }
}
