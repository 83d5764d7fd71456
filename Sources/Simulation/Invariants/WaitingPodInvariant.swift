import ClusterStore
import ControlPlane
import KubernetesAPI
import Scheduler

/// Every pod that waits for a node is in one place of the scheduler: ready, backing off, unschedulable, gated, in flight
/// or being bound.
enum WaitingPodInvariant: Invariant {
    static let name = "waiting-pod"

    static func problem(in world: borrowing World) -> String? {
        // What the scheduler has not been told of it cannot know.
        guard world.condition.isSchedulerUp, !world.toWatchers.hasNews(for: World.schedulerBit) else { return nil }
        for pod in world.api.pods(inPhase: .pending) where pod.nodeName == nil && !pod.isTerminating {
            guard world.scheduler.isResponsible(for: pod.spec.schedulerName) else { continue }
            let places = world.scheduler.whereabouts(of: pod.metadata.uid)
            if places.isEmpty { return "\(pod.key) is forgotten" }
            if places.count > 1 { return "\(pod.key) is at once \(places)" }
        }
        return nil
    }
}
