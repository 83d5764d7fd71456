package import RunDatabase

/// One of several equal shares of an experiment's replications, so that other machines can run the rest.
package struct ExperimentShare: Hashable, Sendable {
    /// From 0.
    package let number: Int
    package let count: Int

    /// Reads `3/8`, the fourth of eight; nil for anything else.
    package init?(parsing text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let number = parts[0], let count = parts[1], (1...100_000).contains(count),
            (0..<count).contains(number)
        else { return nil }
        self.number = number
        self.count = count
    }

    /// Returns the replications of this share: every `count`-th, so that dear variants are in all shares.
    package func replications(of plan: [ReplicationRow]) -> [ReplicationRow] {
        plan.filter { ($0.id - 1) % count == number }
    }
}
