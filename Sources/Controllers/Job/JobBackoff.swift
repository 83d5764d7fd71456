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
        guard failuresSinceSuccess > 0, let lastFailure else { return .zero }
        let doublings = min(failuresSinceSuccess - 1, 10)
        let wait = min(Self.most, Self.initial * (1 << doublings))
        return max(.zero, lastFailure + wait - now)
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
        if let last { return last.wholeSecond }
        if let ready = pod.status.conditions.named(Condition.ready), ready.status != .true {
            return ready.lastTransitionTime.wholeSecond
        }
        if let deletion = pod.metadata.deletionTimestamp {
            return (deletion - .seconds(pod.metadata.deletionGracePeriodSeconds ?? 0)).wholeSecond
        }
        return pod.metadata.creationTimestamp.wholeSecond
    }
}
