package import Chronology
package import KubernetesAPI

/// A pod's place in the order in which a controller deletes what it has too many of (`controller.ActivePodsWithRanks`).
///
/// Deliberate difference: where upstream ends with the pod's random uid as soon as two unequal times fall into one
/// logarithmic bucket, the comparison goes on, so that the order is total.
package struct PodRank: Comparable, Sendable {
    private let isAssigned: Bool
    private let phase: Int8
    private let isReady: Bool
    private let deletionCost: Int64
    private let neighbours: Int64
    private let readyBucket: Int64
    private let restarts: Int32
    private let sidecarRestarts: Int32
    private let ageBucket: Int64
    private let uid: UID

    /// Ranks `pod`; `neighbours` is the number of related pods on its node.
    package init(_ pod: Pod, neighbours: Int64 = 0, now: Instant) {
        isAssigned = pod.nodeName != nil
        phase = pod.status.phase.progress
        let ready = pod.status.conditions.named(Condition.ready)
        isReady = ready?.status == .true
        deletionCost = pod.metadata.annotations[Self.deletionCostAnnotation].flatMap(Int32.init).map(Int64.init) ?? 0
        self.neighbours = neighbours
        readyBucket = isReady ? Self.bucket(now - (ready?.lastTransitionTime ?? now)) : -1
        restarts = pod.restartCountMax
        sidecarRestarts = pod.sidecarRestartCountMax
        ageBucket = Self.bucket(now - pod.metadata.creationTimestamp)
        uid = pod.metadata.uid
    }

    /// The annotation with which a user says which pods to spare.
    package static let deletionCostAnnotation = "controller.kubernetes.io/pod-deletion-cost"

    /// Returns the binary logarithm of a length of time in nanoseconds, -1 when it is not positive.
    package static func bucket(_ age: Duration) -> Int64 {
        age.nanoseconds <= 0 ? -1 : Int64(63 - age.nanoseconds.leadingZeroBitCount)
    }

    /// Whether `left` is deleted before `right`.
    package static func < (left: PodRank, right: PodRank) -> Bool {
        if left.isAssigned != right.isAssigned { return !left.isAssigned }
        if left.phase != right.phase { return left.phase < right.phase }
        if left.isReady != right.isReady { return !left.isReady }
        if left.deletionCost != right.deletionCost { return left.deletionCost < right.deletionCost }
        if left.neighbours != right.neighbours { return left.neighbours > right.neighbours }
        if left.readyBucket != right.readyBucket { return left.readyBucket < right.readyBucket }
        if left.restarts != right.restarts { return left.restarts > right.restarts }
        if left.sidecarRestarts != right.sidecarRestarts { return left.sidecarRestarts > right.sidecarRestarts }
        if left.ageBucket != right.ageBucket { return left.ageBucket < right.ageBucket }
        return left.uid < right.uid
    }
}

extension PodPhase {
    /// How far a pod has come: of surplus pods those go first that have come least far.
    var progress: Int8 {
        switch self {
        case .pending: 0
        case .unknown: 1
        case .running, .succeeded, .failed: 2
        }
    }
}

extension [Pod] {
    /// Returns the `count` pods that go first; `related` are the pods whose crowding on a node counts.
    package func firstToDelete(_ count: Int, related: [Pod] = [], now: Instant) -> [Pod] {
        if count >= self.count { return self }
        var crowd: [String: Int64] = [:]
        for pod in related where pod.isActive { crowd[pod.nodeName ?? "", default: 0] += 1 }
        let ranked = map { pod in
            (PodRank(pod, neighbours: crowd[pod.nodeName ?? ""] ?? 0, now: now), pod)
        }
        return ranked.sorted { $0.0 < $1.0 }.prefix(count).map(\.1)
    }
}
