import Chronology

// Counterpart: migrateConfig and groupByPriority in pkg/kubelet/nodeshutdown (v1.36).

/// The time that pods of a priority and above get when their machine shuts down (`ShutdownGracePeriodByPodPriority`).
package struct ShutdownGrace: Hashable, Sendable {
    package var priority: Int32
    package var seconds: Int64

    /// Creates a pair.
    package init(priority: Int32, seconds: Int64) {
        self.priority = priority
        self.seconds = seconds
    }
}

extension KubeletParameters {
    /// The groups of pods that a shutdown ends one after the other, lowest first; empty when a shutdown waits for nobody.
    var shutdownGroups: [ShutdownGrace] {
        if !shutdownGracePeriodByPodPriority.isEmpty {
            return shutdownGracePeriodByPodPriority.enumerated()
                .sorted { ($0.element.priority, $0.offset) < ($1.element.priority, $1.offset) }.map(\.element)
        }
        let ordinary = shutdownGracePeriod - shutdownGracePeriodCriticalPods
        guard shutdownGracePeriod > .zero, ordinary >= .zero else { return [] }
        return [
            ShutdownGrace(priority: 0, seconds: ordinary.wholeSeconds),
            ShutdownGrace(
                priority: PodNeeds.systemCriticalPriority, seconds: shutdownGracePeriodCriticalPods.wholeSeconds),
        ]
    }

    /// Returns the place in `groups` of pods with `priority`: the highest that is not above it, or the lowest of all.
    static func group(of priority: Int32, in groups: [ShutdownGrace]) -> Int {
        groups.lastIndex { $0.priority <= priority } ?? 0
    }
}

/// How far a machine is with shutting down.
struct ShutdownProgress: Sendable {
    /// The pods of each group, in the order in which the groups end.
    var groups: [(seconds: Int64, pods: [PodSlot])]
    /// The group that is being ended.
    var current = -1
    /// Pods of that group that have not ended.
    var waiting: [PodSlot] = []
    /// A timer of an older epoch is stale.
    var epoch: UInt32
}
