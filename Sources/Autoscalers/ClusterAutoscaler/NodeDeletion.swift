import Chronology
import KubernetesAPI

/// A node that is on its way out.
struct NodeDeletion: Sendable {
    let startedAt: Instant
    /// Whether it had no pods that anybody would miss.
    let isEmpty: Bool
    /// When the last eviction was asked for.
    var evictedAt: Instant?
}

/// The taints by which the autoscaler marks nodes.
enum DeletionTaint {
    static let hardKey = "ToBeDeletedByClusterAutoscaler"
    static let softKey = "DeletionCandidateOfClusterAutoscaler"

    /// Keeps pods off a node that is being drained; the value is the time, in seconds since the start.
    static func hard(_ now: Instant) -> Taint {
        Taint(key: hardKey, value: String(now.sinceStart.wholeSeconds), effect: .noSchedule)
    }

    /// Makes a node that is superfluous the last choice.
    static func soft(_ now: Instant) -> Taint {
        Taint(key: softKey, value: String(now.sinceStart.wholeSeconds), effect: .preferNoSchedule)
    }

    static func isHard(_ taint: Taint) -> Bool { taint.key == hardKey }
    static func isSoft(_ taint: Taint) -> Bool { taint.key == softKey }
}
