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
    /// When it was first put in the queue, or last came back from an attempt.
    var timestamp: Instant
    /// When it was first put in the queue.
    var added: Instant
    var attempts = 0
    /// How often it was refused by a plugin.
    var unschedulableCount = 0
    /// How often in a row something went wrong with the attempt itself.
    var errorCount = 0
    /// The plugins that refused it, as bits of the profile.
    var rejectors: UInt64 = 0
    /// Those among `rejectors` that only wait for something to be done: their change spares the pod its back-off.
    var pending: UInt64 = 0
    /// The plugin that keeps it out of the active queue, or 0.
    var gate: UInt64 = 0

    var isGated: Bool { gate != 0 }
    var rank: QueueRank { QueueRank(priority: info.priority, enqueued: timestamp.nanoseconds) }
}

/// By whom a pod was refused, as bits of its profile; nobody means that the attempt itself failed.
struct Rejectors: Equatable {
    var all: UInt64 = 0
    /// Those that said `pending`.
    var pending: UInt64 = 0

    static let none = Rejectors()

    mutating func insert(_ bit: UInt64, code: Verdict.Code) {
        all |= bit
        if code == .pending { pending |= bit }
    }
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
