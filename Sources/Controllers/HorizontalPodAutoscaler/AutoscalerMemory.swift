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

    /// A look that found everything as it is to be, and what it rested on.
    struct Rest {
        let since: Instant
        let state: Int64
        let target: ObjectKey
        let version: Int64
        let replicas: Int64
    }

    /// The latest look, if the next one finds the same unless something changes.
    var rest: Rest?
    /// When it is looked at next.
    var nextSync: Instant
    var recommendations = Recommendations()
    var ups: [ScalingStep] = []
    var downs: [ScalingStep] = []
    /// The change that is under way, or failed and was not told yet.
    var rescale: Rescale?
    /// Events that wait for the next call.
    var events: [EventRecord] = []
    /// The pods of its target, as of a version of the autoscaler, a state and a selector.
    var pods: (version: Int64, state: Int64, selector: LabelSelector, found: TargetPods)?
    /// Changes of its status, and of pods that it counts or may come to count.
    var changes: Int64 = 0

    init(nextSync: Instant) { self.nextSync = nextSync }

    /// Whether a pod that changes is one of those that were counted last, or is to be one of them.
    func mayCount(_ pod: Pod, of change: WatchEvent) -> Bool {
        guard let selector = pods?.selector else { return true }
        if selector.matches(pod.metadata.labels) { return true }
        guard case .modified(let old, _) = change else { return false }
        return selector.matches(old.metadata.labels)
    }

    /// Whether another look is sure to find what the last one did: nothing that it rests on has changed, and no time has run out.
    func isAtRest(state: Int64, in view: any ClusterView) -> Bool {
        guard let rest, rest.state == state, events.isEmpty, rescale == nil,
            view.object(rest.target)?.metadata.resourceVersion == rest.version
        else { return false }
        return view.metrics.isSteady(since: rest.since)
    }

    /// Notes a change that was carried out; only a behavior looks at it again.
    mutating func note(_ rescale: Rescale, behavior: ScalingBehavior) {
        if rescale.to > rescale.from {
            ups.note(ScalingStep(change: rescale.to - rescale.from, at: rescale.at), within: behavior.up)
        } else {
            downs.note(ScalingStep(change: rescale.from - rescale.to, at: rescale.at), within: behavior.down)
        }
    }
}
