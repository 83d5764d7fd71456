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

    /// Names of machines or registries, whichever the fault is about; empty for any.
    package var names: [String]
    package var labels: LabelSelector?
    /// Empty for any.
    package var zones: [String]
    /// Empty for any.
    package var pools: [String]
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

    /// Returns whether a machine can be struck.
    package func matches(_ candidate: FaultCandidate) -> Bool {
        (names.isEmpty || names.contains(candidate.name)) && (zones.isEmpty || zones.contains(candidate.zone))
            && (pools.isEmpty || pools.contains(candidate.pool)) && (labels?.matches(candidate.labels) ?? true)
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
