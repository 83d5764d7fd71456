import ClusterStore
import ControlPlane
import KubernetesAPI

/// A pod is bound to a machine that there is, and the tracker agrees with the store about it.
enum BoundPodInvariant: Invariant {
    static let name = "bound-pod"

    static func problem(in world: borrowing World) -> String? {
        for track in world.tracker.tracks {
            guard let track else { continue }
            guard let pod = world.api.pod(namespace: track.key.namespace, name: track.key.name) else {
                return "\(track.key) is followed but not stored"
            }
            guard let node = pod.nodeName else {
                if track.node > 0 { return "\(track.key) is bound to no node, but counted on one" }
                continue
            }
            guard let index = world.nodeByName[node] else {
                return "\(track.key) is bound to \(node), which is no machine"
            }
            if track.node != index + 1 { return "\(track.key) is bound to \(node), but counted on another node" }
            if track.state != PodTracker.state(of: pod) { return "\(track.key) is \(track.state), not as stored" }
        }
        return nil
    }
}
