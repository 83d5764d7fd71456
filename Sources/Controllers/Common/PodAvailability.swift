import Chronology
import KubernetesAPI

extension [Pod] {
    /// How long until the next ready pod becomes available, nil when none waits for that.
    func nextAvailability(minReadySeconds: Int64, now: Instant) -> Duration? {
        guard minReadySeconds > 0 else { return nil }
        var next: Duration?
        for pod in self {
            guard let ready = pod.status.conditions.named(Condition.ready), ready.status == .true else { continue }
            let wait = ready.lastTransitionTime + .seconds(minReadySeconds) - now
            if wait > .zero, next.map({ wait < $0 }) ?? true { next = wait }
        }
        return next
    }
}
