/// A rule of the scheduler. It takes part at the extension points whose protocols it adopts.
///
/// Plugins are values without memory: what they need between extension points goes into the `CycleState`.
package protocol SchedulerPlugin: Sendable {
    static var name: PluginName { get }
}

/// What the answer of a filter or a score depends on; decides what the scheduler may remember.
package enum PluginScope: UInt8, Hashable, Sendable, CaseIterable {
    /// The pod's spec and the node object (labels, taints, allocatable is not among them).
    case nodeObject
    /// The pod's spec, and what the node offers and its pods use.
    case nodeUsage
    /// The pod's spec, which of its images the node has, and how these are spread over the cluster.
    case nodeImages
    /// Anything: never remembered.
    case cluster
}

/// What the queue knows of a pod that wants in.
package struct EnqueueFacts: Hashable, Sendable {
    /// Whether evictions that this pod caused are still on their way to the API server.
    package var isPreempting: Bool
    /// What is known of its gang; nil when it has none, or gangs are off.
    package var gang: GangFacts?

    package init(isPreempting: Bool = false, gang: GangFacts? = nil) {
        self.isPreempting = isPreempting
        self.gang = gang
    }
}

/// Decides whether a pod may enter the queue at all.
///
/// The queue calls it whenever a pod is about to go to the active or the back-off queue, first of all the plugin that kept
/// the pod out the last time. It must be quick. A pod that is kept out lies with the unschedulable ones, and only changes
/// that the plugin asked for (`RequeueHinting`) make the queue ask again; the five-minute flush does not.
package protocol PreEnqueuePlugin: SchedulerPlugin {
    /// Returns success, or anything else to keep the pod out.
    func preEnqueue(_ pod: PodInfo, facts: EnqueueFacts) -> Verdict
}

/// What the order of the queue may look at.
package struct QueueRank: Hashable, Sendable {
    package var priority: Int32
    /// When the pod entered the queue, in nanoseconds since the scenario's start.
    package var enqueued: Int64

    package init(priority: Int32, enqueued: Int64) {
        self.priority = priority
        self.enqueued = enqueued
    }
}

/// Orders the active queue. Exactly one per profile, the same in all profiles.
///
/// Called on each comparison of the queue's heap, so it must be cheap and may look at the ranks alone. It also orders
/// pods whose back-off ends in the same second.
package protocol QueueOrderPlugin: SchedulerPlugin {
    /// Returns whether a pod of rank `left` goes before one of rank `right`; must be a strict weak order. Pods of equal
    /// rank keep the order in which they came.
    func precedes(_ left: QueueRank, _ right: QueueRank) -> Bool
}

/// Says when to try a rejected pod again (`EnqueueExtensions`).
///
/// When a pod was refused, the queue notes by whom. On each change of the cluster it asks those among them that registered
/// for the change, and moves the pod as soon as one says `queue`. A plugin that can refuse pods and does not adopt this
/// protocol is taken to be interested in everything, which is right but slow. Two rules of upstream's hold too: who
/// registers for new nodes also hears of changed taints (always worth a try), and a plugin that said `pending` makes the
/// pod skip its back-off.
package protocol RequeueHinting: SchedulerPlugin {
    /// The changes that may turn this plugin's rejection into a fit.
    static var wakeEvents: [EventInterest] { get }

    /// Returns whether `change`, which is among `wakeEvents`, may make `pod` schedulable. When in doubt, `queue`: a pod
    /// that is skipped wrongly waits for five minutes.
    func hint(_ pod: PodInfo, after change: ClusterChange) -> QueueingHint
}

extension RequeueHinting {
    package func hint(_ pod: PodInfo, after change: ClusterChange) -> QueueingHint { .queue }
}
