// Kubernetes counterpart: plugins/queuesort (v1.36). Deliberate differences: none.

/// Puts the highest priority first, then the pod that has waited longest.
package struct PrioritySort: QueueOrderPlugin {
    package static let name: PluginName = "PrioritySort"

    package init() {}

    package func precedes(_ left: QueueRank, _ right: QueueRank) -> Bool {
        left.priority != right.priority ? left.priority > right.priority : left.enqueued < right.enqueued
    }
}
