package import Chronology
package import KubernetesAPI

/// How long a job waits before it replaces failed pods: doubling with each failure since the last success.
package struct JobBackoff: Hashable, Sendable {
    /// `DefaultJobPodFailureBackOff`.
    package static let initial = Duration.seconds(10)
    /// `MaxJobPodFailureBackOff`.
    package static let most = Duration.minutes(10)

    /// The number of pods that failed since one last succeeded.
    package private(set) var failuresSinceSuccess: Int64 = 0
    /// When the last of them ended.
    package private(set) var lastFailure: Instant?

    /// Creates a record without failures.
    package init() {}

    /// Returns this record after pods ended that were not counted before.
    package func adding(succeeded: [Pod], failed: [Pod]) -> JobBackoff {
        var next = self
        let success = succeeded.map(Self.finishTime).max()
        if success != nil {
            next.failuresSinceSuccess = 0
            next.lastFailure = nil
        }
        for pod in failed {
            let time = Self.finishTime(of: pod)
            if let success, time <= success { continue }
            next.failuresSinceSuccess += 1
            next.lastFailure = max(next.lastFailure ?? time, time)
        }
        return next
    }

    /// Returns the time left at `now` before a pod may be created.
    package func remaining(now: Instant) -> Duration {
        guard let lastFailure else { return .zero }
        return Self.remaining(failures: failuresSinceSuccess, since: lastFailure, now: now)
    }

    /// Returns the time left at `now` after a number of failures, the last of them at `last`.
    static func remaining(failures: Int64, since last: Instant, now: Instant) -> Duration {
        guard failures > 0 else { return .zero }
        let wait = min(most, initial * (1 << min(failures - 1, 10)))
        return max(.zero, last + wait - now)
    }

    /// Returns when a pod ended: its last container's end, or the nearest thing that is known.
    package static func finishTime(of pod: Pod) -> Instant {
        var last: Instant?
        for container in pod.status.containerStatuses {
            guard case .terminated(_, _, _, let end) = container.state else {
                last = nil
                break
            }
            last = max(last ?? end, end)
        }
        // API times are whole seconds.
        if let last = Self.sidecarEnd(of: pod, after: last) { return last.wholeSecond }
        if let ready = pod.status.conditions.named(Condition.ready), ready.status == .false {
            return ready.lastTransitionTime.wholeSecond
        }
        if let deletion = pod.metadata.deletionTimestamp {
            return (deletion - .seconds(pod.metadata.deletionGracePeriodSeconds ?? 0)).wholeSecond
        }
        return pod.metadata.creationTimestamp.wholeSecond
    }

    /// Sidecars end after all other containers; one that still runs hides the end.
    private static func sidecarEnd(of pod: Pod, after last: Instant?) -> Instant? {
        var last = last
        for status in pod.status.initContainerStatuses {
            let isSidecar = pod.spec.initContainers.contains { $0.name == status.name && $0.restartPolicy == .always }
            guard isSidecar else { continue }
            guard case .terminated(_, _, _, let end) = status.state else { return nil }
            last = max(last ?? end, end)
        }
        return last
    }
}
