// Kubernetes counterpart: client-go/util/flowcontrol.Backoff as pkg/controller/daemon uses it (v1.36).

package import Chronology
package import KubernetesAPI

/// How long a daemon set waits before it deletes the next failed pod of a node: 1 s, doubled each time, at most 15 min.
///
/// A node whose kubelet refuses every pod would otherwise see one made and deleted without end.
package struct FailedPodBackoff: Sendable {
    /// The wait after the first failed pod.
    package static let initial = Duration.seconds(1)
    /// The longest wait.
    package static let longest = Duration.minutes(15)

    /// A node in the eyes of one generation of one daemon set.
    private struct Place: Hashable {
        var owner: UID
        var generation: Int64
        var node: String
    }

    private struct Entry {
        var wait: Duration
        var since: Instant
    }

    private var entries: [Place: Entry] = [:]

    /// Creates a back-off that has seen no failures.
    package init() {}

    /// Returns how long the failed pod on `node` stays, or nil after noting that it is deleted now.
    package mutating func admit(_ daemonSet: DaemonSet, node: String, now: Instant) -> Duration? {
        let place = Place(
            owner: daemonSet.metadata.uid, generation: daemonSet.status.observedGeneration, node: node)
        guard var entry = entries[place], now - entry.since <= Self.longest + Self.longest else {
            entries[place] = Entry(wait: Self.initial, since: now)
            return nil
        }
        if now - entry.since < entry.wait { return entry.wait }
        entry.wait = min(entry.wait + entry.wait, Self.longest)
        entry.since = now
        entries[place] = entry
        return nil
    }

    /// Forgets a daemon set that is gone.
    package mutating func forget(_ owner: UID) {
        entries = entries.filter { $0.key.owner != owner }
    }
}
