package import KubernetesAPI

/// What a fault may strike, and how much of that it does.
package struct TargetSelector: Hashable, Sendable {
    /// How many of those that match are struck.
    package enum Choice: Hashable, Sendable {
        case all
        /// At random; all when there are fewer.
        case count(Int)
        /// At random, 0 to 100, rounded up.
        case percent(Int)
    }

    /// Names of machines, registries, controllers or workloads, whichever the fault is about; empty for any.
    package var names: [String]
    package var labels: LabelSelector?
    /// Empty for any.
    package var zones: [String]
    /// Empty for any.
    package var racks: [String] = []
    /// Empty for any.
    package var regions: [String] = []
    /// Empty for any.
    package var pools: [String]
    /// Of workloads; empty for any.
    package var namespaces: [String] = []
    /// The kind of workload, such as `Deployment`; nil for any.
    package var workloadKind: String?
    /// References of images, and repositories with all that is in them.
    package var images: [String] = []
    package var choice: Choice

    /// Creates a selector; without arguments it takes everything.
    package init(
        names: [String] = [], labels: LabelSelector? = nil, zones: [String] = [], pools: [String] = [],
        choice: Choice = .all
    ) {
        self.names = names
        self.labels = labels
        self.zones = zones
        self.pools = pools
        self.choice = choice
    }

    /// Returns whether a machine or a pod can be struck.
    package func matches(_ candidate: FaultCandidate) -> Bool {
        let isPlaceMeant =
            (zones.isEmpty || zones.contains(candidate.zone)) && (pools.isEmpty || pools.contains(candidate.pool))
            && (racks.isEmpty || racks.contains(candidate.rack))
            && (regions.isEmpty || regions.contains(candidate.region))
        guard isPlaceMeant, labels?.matches(candidate.labels) ?? true else { return false }
        guard let workload = candidate.workload else { return names.isEmpty || names.contains(candidate.name) }
        return matches(workload)
    }

    /// Returns whether a workload is meant, whatever its labels.
    package func matches(_ workload: FaultCandidate.Workload) -> Bool {
        (names.isEmpty || names.contains(workload.name))
            && (namespaces.isEmpty || namespaces.contains(workload.namespace))
            && (workloadKind.map { $0 == workload.kind } ?? true)
    }

    /// Returns how many of `count` matching ones are struck.
    func size(of count: Int) -> Int {
        switch choice {
        case .all: count
        case .count(let wanted): min(count, max(0, wanted))
        case .percent(let percent): (count * min(100, max(0, percent)) + 99) / 100
        }
    }
}
