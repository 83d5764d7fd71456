import Chronology
package import ControlPlane
package import KubernetesAPI
package import Scheduler

/// The scheduler of a run at one instant, which is asked where more pods would go. No time passes, nothing is bound.
///
/// Copies share storage: use `fork`.
package struct PlacementTrial {
    /// What the scheduler says of one pod.
    package enum Answer {
        /// With the pod as it was counted there.
        case placed(node: String, Pod)
        case refused(SchedulingAttempt)
        /// No profile of the scheduler is responsible for the pod, or something holds it back.
        case unasked
    }

    private var scheduler: PodScheduler
    private let now: Instant
    private var made: UInt64 = 0

    /// Shows a scheduler that has just started what `view` shows, but for pods that wait for a node.
    package init(_ view: any ClusterView, configuration: SchedulerConfiguration) {
        now = view.now
        scheduler = PodScheduler(configuration: configuration, now: now)
        for kind in ObjectKind.allCases.filter({ $0 != .pod }) + [.pod] {
            for object in view.objects(of: kind, namespace: nil) {
                if case .pod(let pod) = object, pod.nodeName == nil { continue }
                if scheduler.wants(.added(object)) { scheduler.observe(.added(object), now: now) }
            }
        }
    }

    private init(_ scheduler: PodScheduler, now: Instant, made: UInt64) {
        self.scheduler = scheduler
        self.now = now
        self.made = made
    }

    /// Returns a trial in the same state that goes its own way.
    package func fork() -> PlacementTrial { PlacementTrial(scheduler.fork(), now: now, made: made) }

    /// Adds something that is not there, such as the claims of a pod.
    package mutating func add(_ object: KubernetesObject) { scheduler.observe(.added(object), now: now) }

    /// Asks for a node for one more pod like `sample`, which drives nobody away, and counts it there.
    package mutating func place(like sample: Pod) -> Answer {
        made += 1
        var pod = sample
        pod.metadata.uid = UID(high: 0x7472_6961_6c00_0000, low: made)
        pod.metadata.name = "\(sample.metadata.name)-\(made)"
        pod.nodeName = nil
        pod.status = PodStatus()
        scheduler.observe(.added(.pod(pod)), now: now)
        guard let attempt = scheduler.attempt(now: now) else {
            scheduler.observe(.deleted(.pod(pod)), now: now)
            return .unasked
        }
        guard case .assumed(let node) = attempt.outcome else {
            scheduler.observe(.deleted(.pod(pod)), now: now)
            return .refused(attempt)
        }
        var bound = pod
        bound.nodeName = node
        scheduler.observe(.modified(old: .pod(pod), new: .pod(bound)), now: now)
        bound.metadata.name = sample.metadata.name
        return .placed(node: node, bound)
    }

    /// Takes a node away, with `pods` on it.
    package mutating func remove(_ node: Node, pods: [Pod]) {
        for pod in pods { scheduler.observe(.deleted(.pod(pod)), now: now) }
        scheduler.observe(.deleted(.node(node)), now: now)
    }

    /// Returns `pod` as one that others need not make way for.
    package static func peaceful(_ pod: Pod) -> Pod {
        var peaceful = pod
        var spec = pod.spec
        spec.preemptionPolicy = .never
        peaceful.spec = spec
        return peaceful
    }
}
