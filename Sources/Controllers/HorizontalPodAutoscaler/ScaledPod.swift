package import Chronology
package import ControlPlane
package import KubernetesAPI

/// What the replica calculator asks of a pod.
package struct ScaledPod: Hashable, Sendable {
    package var uid: UID
    package var phase: PodPhase
    package var isTerminating: Bool
    /// When its kubelet took it on; nil before.
    package var startTime: Instant?
    /// What its condition Ready says, and since when; nil without one.
    package var readiness: ConditionStatus?
    package var readinessSince: Instant

    /// Creates a pod that runs and has been ready since `start`.
    package init(uid: UID, startTime: Instant) {
        self.uid = uid
        phase = .running
        isTerminating = false
        self.startTime = startTime
        readiness = .true
        readinessSince = startTime
    }

    /// Reads it off a pod.
    package init(_ pod: Pod) {
        uid = pod.metadata.uid
        phase = pod.status.phase
        isTerminating = pod.isTerminating
        startTime = pod.status.startTime
        let ready = pod.status.conditions.named(Condition.ready)
        readiness = ready?.status
        readinessSince = ready?.lastTransitionTime ?? .start
    }
}

/// Where a pod stands in the calculation.
package enum PodGroup: UInt8, Hashable, Sendable {
    /// It counts, with what it uses.
    case measured
    /// Not ready yet: its figures would mislead.
    case unready
    /// Nobody measured it.
    case missing
    /// Going or failed: as if it were not there.
    case left
}

/// When the figures of a pod begin to count (flags of kube-controller-manager).
package struct ReadinessRules: Hashable, Sendable {
    /// How long after its start the processor use of a pod may mislead (`--horizontal-pod-autoscaler-cpu-initialization-period`).
    package var cpuInitializationPeriod = Duration.minutes(5)
    /// How long after its start a pod that is not ready counts as never having been (`--horizontal-pod-autoscaler-initial-readiness-delay`).
    package var initialReadinessDelay = Duration.seconds(30)

    /// Creates upstream's defaults.
    package init() {}

    /// Returns where a pod stands that was measured as `sample` says; `isCPU` when it is the processor that is measured.
    package func group(_ pod: ScaledPod, _ sample: PodSample?, isCPU: Bool, now: Instant) -> PodGroup {
        if pod.isTerminating || pod.phase == .failed { return .left }
        if pod.phase == .pending { return .unready }
        guard let sample else { return .missing }
        guard isCPU else { return .measured }
        guard let readiness = pod.readiness, let start = pod.startTime else { return .unready }
        if start + cpuInitializationPeriod > now {
            // Ready, and a whole window has been measured since.
            let isSettled = sample.timestamp >= pod.readinessSince + sample.window
            return readiness != .false && isSettled ? .measured : .unready
        }
        let neverWasReady = start + initialReadinessDelay > pod.readinessSince
        return readiness == .false && neverWasReady ? .unready : .measured
    }
}
