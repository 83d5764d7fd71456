import Chronology
import ControlPlane
import KubernetesAPI

/// A change with what is known of its origin.
struct JudgedChange {
    let change: WatchEvent
    /// The controller whose request made it, or -1.
    let writer: Int32
    /// What the controller went by; of no meaning where there is none.
    let basis: DecisionBasis
}

/// What a controller knew when it decided on a request.
struct DecisionBasis: Hashable {
    /// The call that decided, by its number among those of the controller.
    var call: Int64 = 0
    /// The version of the store up to which the controllers had been told everything.
    var version: Int64 = 0
}

/// What the invariants have to remember between two events.
struct InvariantWitness {
    /// The changes of the event under way.
    var changes: [JudgedChange] = []
    /// What the request under way goes by.
    var basis = DecisionBasis()
    /// When a ReplicaSet last got another size, by version and by whom. Never iterated.
    private var resized: [UID: (version: Int64, writer: Int32, call: Int64)] = [:]
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
            if case .replicaSet(let set) = judged.change.object { rememberSize(of: set, judged) }
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

    private mutating func rememberSize(of set: ReplicaSet, _ judged: JudgedChange) {
        switch judged.change {
        case .deleted:
            resized[set.metadata.uid] = nil
            return
        case .modified(.replicaSet(let old), _) where old.spec.replicas == set.spec.replicas: return
        case .added, .modified: break
        }
        resized[set.metadata.uid] = (set.metadata.resourceVersion, judged.writer, judged.basis.call)
    }

    /// Whether whoever made a change could know the size that a ReplicaSet had before: its watch had told it, or the size
    /// comes from an earlier request of the same call.
    func knows(sizeOf uid: UID, _ judged: JudgedChange) -> Bool {
        guard let last = resized[uid], last.version > judged.basis.version else { return true }
        return last.writer == judged.writer && last.call == judged.basis.call
    }
}
