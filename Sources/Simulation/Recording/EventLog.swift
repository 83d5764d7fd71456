import ControlPlane
import KubernetesAPI

/// Keeps apart repeated Kubernetes Events, as the event correlator of client-go does: an equal one is counted only.
struct EventLog {
    private struct Last {
        let reason: String
        let message: String
    }

    // The latest event of each object that has a repeated one; bounded by forgetting all when full.
    private var last: [ObjectKey: Last] = [:]
    private(set) var count: Int64 = 0
    private static let limit = 65_536

    /// Returns whether `event` differs from the one before it about the same object.
    mutating func admits(_ event: EventRecord) -> Bool {
        if let seen = last[event.regarding], seen.reason == event.reason, seen.message == event.message { return false }
        if last.count >= Self.limit { last.removeAll(keepingCapacity: true) }
        last[event.regarding] = Last(reason: event.reason, message: event.message)
        count += 1
        return true
    }
}
