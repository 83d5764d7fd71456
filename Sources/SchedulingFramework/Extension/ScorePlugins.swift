/// The bounds of a normalised score.
package enum NodeScore {
    package static let min: Int64 = 0
    package static let max: Int64 = 100
}

/// How raw scores become scores between 0 and 100.
package enum ScoreNormalization: Hashable, Sendable {
    /// They already are.
    case none
    /// In proportion to the highest (`helper.DefaultNormalizeScore`); `reversed` turns the scale around.
    case byMaximum(reversed: Bool)
    /// By the plugin's own `normalize`.
    case custom
}

/// Looks at the nodes that passed the filters, once per cycle, before any is scored.
///
/// Not called when only one node is left, which then wins without a score. `nodes` may be empty when the scope is not
/// `cluster`: the scheduler asks once per shape.
package protocol PreScorePlugin: SchedulerPlugin {
    /// What the answer depends on; with any scope but `cluster` nothing may be left in the state.
    var preScoreScope: PluginScope { get }

    /// Returns success, or skip: then the plugin's score is not called.
    func preScore(_ pod: PodInfo, nodes: [NodeInfo], in snapshot: Snapshot, state: CycleState) -> Verdict
}

/// Ranks the nodes that passed the filters.
///
/// The scheduler calls `score` for each of them, brings the scores between 0 and 100, multiplies them with the weight that
/// the profile gives the plugin, and adds them up over all plugins. The node with the highest sum wins.
package protocol ScorePlugin: SchedulerPlugin {
    /// What the raw score depends on; anything but `cluster` lets the scheduler remember it.
    var scoreScope: PluginScope { get }
    /// How raw scores become scores; `custom` needs the scope `cluster`.
    var normalization: ScoreNormalization { get }

    /// Returns the raw score of `node`; higher is better unless the normalisation is reversed.
    func score(_ pod: PodInfo, on node: NodeInfo, in snapshot: Snapshot, state: CycleState) -> Int64

    /// Brings `scores`, one per node, between 0 and 100; called only when `normalization` is `.custom`.
    func normalize(
        _ scores: inout [Int64], nodes: [NodeInfo], for pod: PodInfo, in snapshot: Snapshot, state: CycleState)
}

extension ScorePlugin {
    package var normalization: ScoreNormalization { .none }
    package func normalize(
        _ scores: inout [Int64], nodes: [NodeInfo], for pod: PodInfo, in snapshot: Snapshot, state: CycleState
    ) {}
}

extension ScoreNormalization {
    /// Returns `raw` brought to 0…100, given the highest raw score of the cycle.
    @inlinable
    package static func scaled(_ raw: Int64, maximum: Int64, reversed: Bool) -> Int64 {
        if maximum == 0 { return reversed ? 100 : raw }
        let share = 100 * raw / maximum
        return reversed ? 100 - share : share
    }
}
