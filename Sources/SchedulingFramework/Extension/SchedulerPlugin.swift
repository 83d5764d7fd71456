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

/// Decides whether a pod may enter the queue at all. Called on each move toward the active queue.
package protocol PreEnqueuePlugin: SchedulerPlugin {
    /// Returns success, or a rejection that keeps the pod out.
    func preEnqueue(_ pod: PodInfo) -> Verdict
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
package protocol QueueOrderPlugin: SchedulerPlugin {
    /// Returns whether a pod of rank `left` goes before one of rank `right`; must be a strict weak order.
    func precedes(_ left: QueueRank, _ right: QueueRank) -> Bool
}

/// Says what to do again when a rejected pod's world changes (`EnqueueExtensions`).
package protocol RequeueHinting: SchedulerPlugin {
    /// The changes that may turn this plugin's rejection into a fit.
    static var wakeEvents: [EventInterest] { get }

    /// Returns whether `change`, which is among `wakeEvents`, may make `pod` schedulable.
    func hint(_ pod: PodInfo, after change: ClusterChange) -> QueueingHint
}

extension RequeueHinting {
    package func hint(_ pod: PodInfo, after change: ClusterChange) -> QueueingHint { .queue }
}
