import ControlPlane
import KubernetesAPI

// Kubernetes counterpart: client-go tools/record/events_cache.go.

/// The Kubernetes Events of a replay, as a client's correlator passes them on.
struct EventLog {
    /// Different messages of one reason after which events are combined.
    private static let similarMax = 10
    /// Events of one source about one object after which the rest are dropped.
    private static let burst = 25

    private struct Similar: Hashable {
        var source: String
        var regarding: ObjectKey
        var kind: EventRecord.Kind
        var reason: String
    }

    private struct Origin: Hashable {
        var source: String
        var regarding: ObjectKey
    }

    private(set) var records: [EventRecord] = []
    private var messages: [Similar: [String]] = [:]
    private var counts: [Origin: Int] = [:]

    mutating func note(_ event: EventRecord, source: String) {
        // Those about nodes lie in the default namespace, which the records leave out.
        if event.regarding.kind == .node { return }
        var event = event
        let similar = Similar(source: source, regarding: event.regarding, kind: event.kind, reason: event.reason)
        var known = messages[similar] ?? []
        if !known.contains(event.message) { known.append(event.message) }
        if known.count >= Self.similarMax {
            known.removeLast()
            event.message = "(combined from similar events): " + event.message
        }
        messages[similar] = known
        let origin = Origin(source: source, regarding: event.regarding)
        counts[origin, default: 0] += 1
        if counts[origin, default: 0] <= Self.burst { records.append(event) }
    }

    /// Returns the events as the recorded traces write them.
    func texts(_ names: TraceNames) -> [String] {
        records.map { event in
            let kind = event.kind == .normal ? "Normal" : "Warning"
            let namespace = event.regarding.namespace.isEmpty ? ReplayScript.namespace : event.regarding.namespace
            return "\(event.regarding.kind.name) \(names.name(of: event.regarding)) \(kind) \(event.reason): "
                + names.text(event.message, namespace: namespace)
        }
    }
}
