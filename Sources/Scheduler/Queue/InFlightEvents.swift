import KubernetesAPI
import SchedulingFramework

// Kubernetes counterpart: inFlightPods, inFlightEvents in backend/queue/active_queue.go (v1.36).
// Deliberate difference: a scheduling cycle is one step, so only pods that wait for permission are followed.

/// What happened in the cluster while pods had a node but no permission yet: a pod that is rejected then is asked about
/// all of it, lest it sleep through the change it needs.
struct InFlightEvents {
    private var changes: [ClusterChange] = []
    /// The number of the first change that is kept.
    private var base = 0
    /// By pod: the number of the first change after it went in flight.
    private var starts: [UID: Int] = [:]

    var isEmpty: Bool { starts.isEmpty }

    mutating func enter(_ uid: UID) { starts[uid] = base + changes.count }

    mutating func record(_ change: ClusterChange) {
        if !starts.isEmpty { changes.append(change) }
    }

    /// The changes since the pod went in flight, oldest first.
    func changes(since uid: UID) -> ArraySlice<ClusterChange> {
        guard !starts.isEmpty, let start = starts[uid] else { return [] }
        return changes[(start - base)...]
    }

    /// The pod has its permission, or is back: drops what nobody is left to ask about.
    mutating func leave(_ uid: UID) {
        guard !starts.isEmpty, starts.removeValue(forKey: uid) != nil else { return }
        let first = starts.values.min() ?? base + changes.count
        changes.removeFirst(first - base)
        base = first
    }
}
