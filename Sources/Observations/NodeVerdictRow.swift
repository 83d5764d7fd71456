package import Chronology

/// What one attempt to schedule a pod said about one node.
package struct NodeVerdictRow: Hashable, Sendable {
    /// A plugin's score, normalised and weighted.
    package struct Score: Hashable, Sendable {
        package var plugin: String
        package var score: Int64

        package init(plugin: String, score: Int64) {
            self.plugin = plugin
            self.score = score
        }
    }

    package var pod: Int32
    /// The attempt, from 1.
    package var number: Int32
    package var at: Instant
    /// -1 when the pod was refused as a whole.
    package var node: Int32
    /// The plugin that refused; empty when the node was feasible.
    package var plugin: String
    package var reason: String
    /// The sum of the scores; 0 when nothing was scored.
    package var total: Int64
    /// Whether no feasible node had more.
    package var isBest: Bool
    package var isChosen: Bool
    /// In the order of the profile; empty when nothing was scored.
    package var scores: [Score]

    package init(
        pod: Int32, number: Int32, at: Instant, node: Int32, plugin: String = "", reason: String = "",
        total: Int64 = 0, isBest: Bool = false, isChosen: Bool = false, scores: [Score] = []
    ) {
        self.pod = pod
        self.number = number
        self.at = at
        self.node = node
        self.plugin = plugin
        self.reason = reason
        self.total = total
        self.isBest = isBest
        self.isChosen = isChosen
        self.scores = scores
    }
}
