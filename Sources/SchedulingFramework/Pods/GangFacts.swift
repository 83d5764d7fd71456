package import Chronology

/// What the scheduler knows of the gang that a pod belongs to (`PodGroupState`).
package struct GangFacts: Hashable, Sendable {
    package var name: String
    /// nil while the PodGroup is not there.
    package var minCount: Int64?
    /// Members that have not ended, wherever they are.
    package var members: Int64
    /// Members that are bound, or on their way with all permissions.
    package var placed: Int64
    /// How long a member may still wait for the others.
    package var patience: Duration
    /// Whether the gang has just given its places back, and waits before it tries again.
    package var isBackingOff: Bool

    package init(
        name: String, minCount: Int64?, members: Int64, placed: Int64, patience: Duration, isBackingOff: Bool
    ) {
        self.name = name
        self.minCount = minCount
        self.members = members
        self.placed = placed
        self.patience = patience
        self.isBackingOff = isBackingOff
    }
}

/// The facts on the scratch paper of a cycle, where the permit plugin finds them.
package final class GangNote: CycleData {
    package let facts: GangFacts

    package init(_ facts: GangFacts) { self.facts = facts }

    package func copied() -> any CycleData { self }
}
