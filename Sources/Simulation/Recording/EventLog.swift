import ControlPlane
import KubernetesAPI

/// Counts Kubernetes Events without the repeated ones, for which the event correlator of client-go makes no new object.
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

    /// Counts `event` unless it equals the one before it about the same object.
    mutating func note(_ event: EventRecord) {
        var said = TextHash(1)
        said.add(event.reason)
        said.add(event.message)
        let subject = Subject(event.regarding)
        if last[subject] == said.value { return }
        if last.count >= Self.limit { last.removeAll(keepingCapacity: true) }
        last[subject] = said.value
        count += 1
    }
}
