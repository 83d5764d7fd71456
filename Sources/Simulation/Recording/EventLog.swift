import ControlPlane
import KubernetesAPI

/// Keeps apart repeated Kubernetes Events, as the event correlator of client-go does: an equal one is counted only.
///
/// It remembers hashes and no texts, which would have to be kept alive for long after their pods.
struct EventLog {
    /// Stands for an object among some tens of thousands.
    private struct Subject: Hashable {
        let hash: UInt64

        init(_ key: ObjectKey) {
            var hash = TextHash(UInt64(key.kind.rawValue))
            hash.add(key.namespace)
            hash.add(key.name)
            self.hash = hash.value
        }

        // The hash is one already.
        func _rawHashValue(seed: Int) -> Int { Int(truncatingIfNeeded: hash) ^ seed }
    }

    // What the latest event of each object said; bounded by forgetting all when full.
    private var last: [Subject: UInt64] = [:]
    private(set) var count: Int64 = 0
    private static let limit = 65_536

    /// Returns whether `event` differs from the one before it about the same object.
    mutating func admits(_ event: EventRecord) -> Bool {
        var said = TextHash(1)
        said.add(event.reason)
        said.add(event.message)
        let subject = Subject(event.regarding)
        if last[subject] == said.value { return false }
        if last.count >= Self.limit { last.removeAll(keepingCapacity: true) }
        last[subject] = said.value
        count += 1
        return true
    }
}
