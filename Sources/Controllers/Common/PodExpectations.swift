import Chronology
import ControlPlane
import KubernetesAPI

/// What a controller of pods did and has not yet seen in its view (`controller.UIDTrackingControllerExpectations`).
///
/// Until the view shows the pods that were made and the deletions that were asked for, the controller only reports
/// status; otherwise a stale view would make it create or delete twice. Upstream counts watch events; here the view
/// itself is compared, so that no event needs to be delivered in order: by its version, which also tells of a pod that
/// was made and is gone again, or, where it has none, by the pods that it shows.
struct PodExpectations {
    /// The time after which missing evidence no longer holds the controller back (`ExpectationsTimeout`).
    static let timeout = Duration.minutes(5)

    private struct Entry {
        var since: Instant
        var created: Int64 = 0
        // The uids of those that were created, as far as the host told them, and the latest version that it told.
        var createdUIDs: [UID] = []
        var version: Int64 = 0
        // Pods of the same second that were there before; others of that age are the expected ones.
        var known: [UID] = []
        var deleted: [UID] = []

        /// Whether the version of `view` says that the watch has brought all that were created.
        func areShown(in view: any ClusterView) -> Bool {
            guard version > 0, createdUIDs.count == Int(created), let shown = view.shownVersion else { return false }
            return shown >= version
        }
    }

    private var entries: [ObjectKey: Entry] = [:]
    // The controller that asked for a deletion, until the answer comes.
    private var deleters: [UID: ObjectKey] = [:]

    /// Notes what `key` plans, before the host applies it.
    mutating func plan(_ key: ObjectKey, pods: [Pod], deleting: [Pod], now: Instant) {
        var entry = Entry(since: now)
        for pod in pods where pod.metadata.creationTimestamp >= now.wholeSecond { entry.known.append(pod.metadata.uid) }
        entries[key] = entry
        for pod in deleting { deleters[pod.metadata.uid] = key }
    }

    /// Notes that a pod of `key` was created, and what the answer told of it.
    mutating func created(_ pod: ObjectMeta, for key: ObjectKey) {
        guard let place = entries.index(forKey: key) else { return }
        entries.values[place].created += 1
        if pod.uid != .none { entries.values[place].createdUIDs.append(pod.uid) }
        // Versions only rise; answers of one group may come in any order.
        entries.values[place].version = max(entries.values[place].version, pod.resourceVersion)
    }

    /// Notes the answer to a request to delete the pod `uid`.
    mutating func deleted(_ uid: UID, error: ActionError?) {
        guard let key = deleters.removeValue(forKey: uid), error == nil else { return }
        entries[key]?.deleted.append(uid)
    }

    /// Forgets a controller that is gone.
    mutating func forget(_ key: ObjectKey) { entries[key] = nil }

    /// Returns whether `view` shows everything that was done; without looking at all pods, so that false means not proven.
    mutating func areSeen(_ key: ObjectKey, in view: any ClusterView) -> Bool {
        guard let entry = entries[key] else { return true }
        guard entry.createdUIDs.count == Int(entry.created) else { return false }
        if !entry.areShown(in: view) {
            for uid in entry.createdUIDs where view.object(uid: uid) == nil { return false }
        }
        for uid in entry.deleted {
            if let object = view.object(uid: uid), object.metadata.deletionTimestamp == nil { return false }
        }
        entries[key] = nil
        return true
    }

    /// Returns whether `pods`, all that `key` controls in `view`, show everything that was done.
    mutating func areMet(_ key: ObjectKey, pods: [Pod], in view: any ClusterView) -> Bool {
        guard let entry = entries[key] else { return true }
        if view.now - entry.since < Self.timeout {
            if entry.created > 0, !entry.areShown(in: view), entry.createdUIDs.count == Int(entry.created) {
                // Older pods of the same second are not the expected ones.
                for uid in entry.createdUIDs where !pods.contains(where: { $0.metadata.uid == uid }) { return false }
            } else if entry.created > 0, !entry.areShown(in: view) {
                let floor = entry.since.wholeSecond
                var seen: Int64 = 0
                for pod in pods
                where pod.metadata.creationTimestamp >= floor && !entry.known.contains(pod.metadata.uid) {
                    seen += 1
                }
                if seen < entry.created { return false }
            }
            for uid in entry.deleted {
                for pod in pods where pod.metadata.uid == uid && !pod.isTerminating { return false }
            }
        }
        entries[key] = nil
        return true
    }
}
