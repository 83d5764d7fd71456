import Chronology
import KubernetesAPI

/// A pod's place in the order in which a job deletes what it has too many of (`controller.ActivePods`).
///
/// Unlike replica sets a job knows no deletion cost and compares times to the second. Deliberate difference: the uid
/// decides between equals, which upstream leaves in any order.
struct JobPodRank: Comparable, Sendable {
    private let isAssigned: Bool
    private let phase: Int8
    private let isReady: Bool
    private let readySince: Instant
    private let restarts: Int32
    private let sidecarRestarts: Int32
    private let creation: Instant
    private let uid: UID

    init(_ pod: Pod) {
        isAssigned = pod.nodeName != nil
        phase = pod.status.phase.progress
        let ready = pod.status.conditions.named(Condition.ready)
        isReady = ready?.status == .true
        // Only between ready pods does it matter since when.
        readySince = isReady ? (ready?.lastTransitionTime ?? .start).wholeSecond : .start
        restarts = pod.restartCountMax
        sidecarRestarts = pod.sidecarRestartCountMax
        creation = pod.metadata.creationTimestamp.wholeSecond
        uid = pod.metadata.uid
    }

    /// Whether `left` is deleted before `right`.
    static func < (left: JobPodRank, right: JobPodRank) -> Bool {
        if left.isAssigned != right.isAssigned { return !left.isAssigned }
        if left.phase != right.phase { return left.phase < right.phase }
        if left.isReady != right.isReady { return !left.isReady }
        if left.readySince != right.readySince { return left.readySince > right.readySince }
        if left.restarts != right.restarts { return left.restarts > right.restarts }
        if left.sidecarRestarts != right.sidecarRestarts { return left.sidecarRestarts > right.sidecarRestarts }
        if left.creation != right.creation { return left.creation > right.creation }
        return left.uid < right.uid
    }

    /// Returns the `count` of `pods` that go first.
    static func first(_ count: Int, of pods: [Pod]) -> [Pod] {
        if count >= pods.count { return pods }
        return pods.map { (JobPodRank($0), $0) }.sorted { $0.0 < $1.0 }.prefix(count).map(\.1)
    }
}
