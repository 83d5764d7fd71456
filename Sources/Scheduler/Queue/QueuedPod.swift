import Chronology
import KubernetesAPI
import SchedulingFramework

// Kubernetes counterpart: framework.QueuedPodInfo (v1.36).

/// A pod that waits for a node.
struct QueuedPod {
    /// Where it waits.
    enum Place: UInt8 { case active, backoff, unschedulable, inFlight }

    var info: PodInfo
    /// The profile that is responsible for it.
    var profile: Int
    var place: Place = .unschedulable
    /// Names the entry of the line it stands in; older entries are void.
    var ticket: UInt64 = 0
    /// When it was last put in the queue.
    var timestamp: Instant
    /// When it was first put in the queue.
    var added: Instant
    var attempts = 0
    var unschedulableCount = 0
    var errorCount = 0
    /// The plugins that refused it, as bits of the profile.
    var rejectors: UInt64 = 0
    /// The plugin that keeps it out of the active queue, or 0.
    var gate: UInt64 = 0

    var isGated: Bool { gate != 0 }
    var rank: QueueRank { QueueRank(priority: info.priority, enqueued: timestamp.nanoseconds) }
}

/// How many pods wait where.
package struct QueueCounts: Hashable, Sendable {
    package var active = 0
    package var backoff = 0
    package var unschedulable = 0
    /// Among the unschedulable: those kept out by a pre-enqueue plugin.
    package var gated = 0
    /// Pods that have a node and are not seen bound yet.
    package var assumed = 0
}
