import SchedulingFramework

// Kubernetes counterpart: numFeasibleNodesToFind, hasScoring, nextStartNodeIndex in schedule_one.go (v1.36).

/// Where the search for nodes begins, and when it has found enough.
struct NodeSearch {
    /// The place of the first node; advances in upstream mode.
    var start = 0
    let mode: SchedulerConfiguration.Mode
    let percentage: Int64

    private static let feasibleMin = 100
    private static let percentageMin: Int64 = 5

    /// How many feasible nodes end the search among `count` nodes.
    func wanted(of count: Int, profile: CompiledProfile) -> Int {
        guard mode == .upstream else { return count }
        if profile.takesFirst { return min(1, count) }
        guard count >= Self.feasibleMin else { return count }
        var share = profile.percentageOfNodesToScore ?? percentage
        if share == 0 { share = max(Self.percentageMin, 50 - Int64(count) / 125) }
        return max(Self.feasibleMin, count * Int(share) / 100)
    }

    /// The place of the first node among `count`.
    func first(of count: Int) -> Int { mode == .upstream && count > 0 ? start % count : 0 }

    /// Remembers that `processed` nodes of `count` were looked at.
    mutating func advance(by processed: Int, of count: Int) {
        guard mode == .upstream, count > 0 else { return }
        start = (start + processed) % count
    }
}
