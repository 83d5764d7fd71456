import Chronology
import KubernetesAPI

/// Which pods have evictions on their way to the API server.
///
/// Kubernetes counterpart: `preempting`, `lastVictimsPendingPreemption` in framework/preemption/executor.go (v1.36).
/// Deliberate difference: a pod whose evictions are never answered is let go after `limit`.
struct PreemptionLedger {
    private struct Entry {
        var preemptor: UID
        var lastVictim: UID
        var expiry: Instant
    }

    /// How long the requests may take before the pod is tried again anyway.
    static let limit = Duration.minutes(10)

    /// In the order in which they began.
    private var entries: [Entry] = []

    var isEmpty: Bool { entries.isEmpty }
    var nextExpiry: Instant? { entries.first?.expiry }

    mutating func begin(_ preemptor: UID, lastVictim: UID, now: Instant) {
        entries.removeAll { $0.preemptor == preemptor }
        entries.append(Entry(preemptor: preemptor, lastVictim: lastVictim, expiry: now + Self.limit))
    }

    mutating func end(_ preemptor: UID) { entries.removeAll { $0.preemptor == preemptor } }

    /// The victim's deletion has begun: returns who waited for that.
    mutating func victimLeaves(_ victim: UID) -> [UID] {
        let done = entries.filter { $0.lastVictim == victim }.map(\.preemptor)
        if !done.isEmpty { entries.removeAll { $0.lastVictim == victim } }
        return done
    }

    /// Takes out those whose time is up.
    mutating func expire(now: Instant) -> [UID] {
        let done = entries.filter { $0.expiry <= now }.map(\.preemptor)
        if !done.isEmpty { entries.removeAll { $0.expiry <= now } }
        return done
    }
}
