/// How many pods and nodes a run had, by how they stood at its end.
package struct RunTotals: Hashable, Sendable {
    /// Those that were there when the run went on from a live cluster.
    package var podsFound: Int64 = 0
    package var podsCreated: Int64 = 0
    /// Alive and bound at the end, in phase Running.
    package var podsRunning: Int64 = 0
    package var podsSucceeded: Int64 = 0
    package var podsFailed: Int64 = 0
    /// Alive and in phase Pending at the end.
    package var podsPending: Int64 = 0
    /// Deleted before they had ended by themselves.
    package var podsDeleted: Int64 = 0
    /// On nodes, and no money went to them: they request nothing, and nobody said what they use. Zero before the end.
    package var podsWithoutCost: Int64 = 0
    /// Evicted by their kubelets for want of a resource.
    package var podsEvictedByKubelets: Int64 = 0
    /// Containers that the kernel killed for want of memory.
    package var oomKills: Int64 = 0
    /// CPU time that pods wanted and did not get, in nanoseconds of a core.
    package var throttledCPU: Int64 = 0
    /// Those that came up: machines that the cloud never gave are left out.
    package var nodesRegistered: Int64 = 0
    /// Launches that the cloud refused because of a quota.
    package var launchesRefused: Int64 = 0
    /// Ready at the end.
    package var nodesReady: Int64 = 0
    /// Bought on the spot market.
    package var nodesOnSpot: Int64 = 0
}

/// What a run cost and for what, in nano-dollars.
package struct CostTotals: Hashable, Sendable {
    /// The debit side: what all assets cost.
    package var total: Int64 = 0
    /// For pods, whoever owns them.
    package var pods: Int64 = 0
    /// For capacity that nothing asked for.
    package var idle: Int64 = 0
    /// For what the system itself takes from machines.
    package var overhead: Int64 = 0
    package var controlPlane: Int64 = 0
    /// For volumes.
    package var storage: Int64 = 0
    /// Without what they process.
    package var loadBalancers: Int64 = 0
    /// Between zones, to the internet, at load balancers and of images.
    package var traffic: Int64 = 0
    /// What was promised to the provider and not used.
    package var commitmentWaste: Int64 = 0
    /// For accounts that this program does not know.
    package var other: Int64 = 0
    /// Whether the ledger was closed at least once; until then nothing is known.
    package var isKnown = true
}

/// An amount with the name of whom it is for.
package struct NamedCost: Hashable, Sendable {
    package var name: String
    /// In nano-dollars.
    package var cost: Int64
}
