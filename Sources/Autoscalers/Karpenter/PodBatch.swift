import Chronology
import KubernetesAPI

// Kubernetes counterpart: provisioning/batcher.go (karpenter).

/// Pods that wait for machines, collected until no more come.
struct PodBatch: Sendable {
    private var known: Set<UID> = []
    private var firstAt: Instant?
    private var lastAt: Instant?
    /// When machines were looked for last, and a fingerprint of what there was.
    private var solvedAt: Instant?
    private var solvedMark: UInt64 = 0
    /// How often pods that wait already are looked at again.
    static let retry = Duration.seconds(10)

    /// Notes the pods that wait, with the times since which they do.
    mutating func note(_ pods: [(uid: UID, since: Instant)]) {
        for pod in pods where !known.contains(pod.uid) {
            firstAt = min(firstAt ?? pod.since, pod.since)
            lastAt = max(lastAt ?? pod.since, pod.since)
        }
        known = Set(pods.map(\.uid))
        if known.isEmpty { (firstAt, lastAt) = (nil, nil) }
    }

    /// Returns when machines are to be looked for, or nil for not before something changes.
    func due(_ parameters: Karpenter.Parameters, mark: UInt64) -> Instant? {
        if known.isEmpty { return nil }
        if let firstAt, let lastAt {
            return min(lastAt + parameters.batchIdleDuration, firstAt + parameters.batchMaxDuration)
        }
        guard let solvedAt, mark != solvedMark else { return nil }
        return solvedAt + Self.retry
    }

    /// Notes that machines were looked for.
    mutating func solved(at now: Instant, mark: UInt64) {
        (firstAt, lastAt) = (nil, nil)
        solvedAt = now
        solvedMark = mark
    }

    /// Lets machines be looked for at once: one that was bought did not come.
    mutating func hurry(_ now: Instant) {
        guard !known.isEmpty else { return }
        firstAt = .start
        lastAt = .start
    }
}
