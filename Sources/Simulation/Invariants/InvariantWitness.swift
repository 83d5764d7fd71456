import Chronology
import ControlPlane
import KubernetesAPI

/// A change with what is known of its origin.
struct JudgedChange {
    let change: WatchEvent
    /// The controller whose request made it, or -1.
    let writer: Int32
}

/// What the invariants have to remember between two events.
struct InvariantWitness {
    /// The changes of the event under way.
    var changes: [JudgedChange] = []
    /// The version of the last change that was judged.
    var version: Int64 = 0
    /// By namespace, when the health of a pod last changed. Never iterated.
    var healthChanged: [String: Instant] = [:]
    /// The event after which the whole world is looked at next.
    var nextLook: Int64 = 0
    /// The store's version at the last look at the whole world.
    var storeLooked: Int64 = -1

    /// Remembers what the next changes are judged by.
    mutating func remember(at now: Instant) {
        for judged in changes {
            version = max(version, judged.change.object.metadata.resourceVersion)
            guard case .pod(let pod) = judged.change.object else { continue }
            if case .modified(.pod(let old), _) = judged.change, old.isReady == pod.isReady,
                old.isTerminating == pod.isTerminating, old.metadata.labels == pod.metadata.labels
            {
                continue
            }
            healthChanged[pod.metadata.namespace] = now
        }
        changes.removeAll(keepingCapacity: true)
    }
}
