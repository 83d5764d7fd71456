// Kubernetes counterpart: framework.CycleState. Deliberate differences: one slot per plugin, no locks.

/// What one plugin keeps from one extension point to the next within a scheduling cycle.
package protocol CycleData: AnyObject {
    /// Returns a copy that a dry run may change.
    func copied() -> any CycleData
}

/// The scratch paper of one scheduling cycle: one slot per plugin.
package final class CycleState {
    // A handful of plugins keep state: a scan beats a dictionary.
    private var slots: [(plugin: PluginName, data: any CycleData)] = []
    /// The cluster that the cycle looks at, for filters whose pre-filter is switched off; nil where all are asked.
    package let snapshot: Snapshot?

    package init(_ snapshot: Snapshot? = nil) { self.snapshot = snapshot }

    /// The data of `plugin`, or nil.
    package subscript(plugin: PluginName) -> (any CycleData)? {
        get {
            for slot in slots where slot.plugin == plugin { return slot.data }
            return nil
        }
        set {
            slots.removeAll { $0.plugin == plugin }
            if let newValue { slots.append((plugin, newValue)) }
        }
    }

    /// Returns a state whose changes leave this one alone.
    package func copied() -> CycleState {
        let copy = CycleState(snapshot)
        copy.slots = slots.map { ($0.plugin, $0.data.copied()) }
        return copy
    }
}
