import ClusterStore
import ControlPlane
import KubernetesAPI
import Scheduler

/// No gang runs in part: until so many of its pods had a place that it could run, none is on a node.
enum GangInvariant: Invariant {
    static let name = "gang"

    static func problem(in world: borrowing World) -> String? {
        for gang in world.scheduler.gangs where !gang.wasComplete && !gang.bound.isEmpty {
            var bound = 0
            for uid in gang.bound {
                guard case .pod(let pod)? = world.api.object(uid: uid) else { continue }
                if !isGiven(pod, in: world) { bound += 1 }
            }
            if let problem = problem(of: gang, bound: bound) { return problem }
        }
        return nil
    }

    /// Returns what is wrong with a gang of which `bound` pods are on nodes.
    static func problem(of gang: GangReport, bound: Int) -> String? {
        guard bound > 0, !gang.wasComplete else { return nil }
        return "\(bound) pods of the gang \(gang.namespace)/\(gang.name) run, and it needs \(gang.minCount)"
    }

    /// Whether the input itself put the pod on its node.
    private static func isGiven(_ pod: Pod, in world: borrowing World) -> Bool {
        for case .pod(let given) in world.setup.objects where given.key == pod.key && given.nodeName != nil {
            return true
        }
        return false
    }
}
