import Chronology
import ControlPlane
import KubernetesAPI

/// What the controller remembers of one autoscaler between two looks at it.
struct AutoscalerMemory {
    /// A change of replicas that was asked for.
    struct Rescale {
        let from: Int64
        let to: Int64
        let reason: String
        let at: Instant
        /// The behavior under which it was decided; its steps limit later ones.
        let behavior: ScalingBehavior?
        var error: ActionError?
    }

    /// When it is looked at next.
    var nextSync: Instant
    var recommendations = Recommendations()
    var ups: [ScalingStep] = []
    var downs: [ScalingStep] = []
    /// The change that is under way, or failed and was not told yet.
    var rescale: Rescale?
    /// Events that wait for the next call.
    var events: [EventRecord] = []
    /// The pods of its target, as of a version of the autoscaler and a state of the namespace.
    var pods: (version: Int64, state: Int64, found: TargetPods)?

    init(nextSync: Instant) { self.nextSync = nextSync }

    /// Notes a change that was carried out; only a behavior looks at it again.
    mutating func note(_ rescale: Rescale, behavior: ScalingBehavior) {
        let kept = max(ScalingBehavior.longestPeriod(behavior.up), ScalingBehavior.longestPeriod(behavior.down))
        ups.removeAll { $0.at < rescale.at - kept }
        downs.removeAll { $0.at < rescale.at - kept }
        if rescale.to > rescale.from {
            ups.append(ScalingStep(change: rescale.to - rescale.from, at: rescale.at))
        } else {
            downs.append(ScalingStep(change: rescale.from - rescale.to, at: rescale.at))
        }
    }
}
