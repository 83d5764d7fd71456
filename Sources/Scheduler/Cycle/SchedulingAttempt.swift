package import Chronology
package import KubernetesAPI
package import SchedulingFramework

/// How much an attempt is to tell.
package enum AttemptCapture: UInt8, Hashable, Sendable, CaseIterable {
    case summary
    /// Per node verdicts and per plugin scores as well; asks every plugin anew.
    case all
}

/// What came of one attempt to schedule one pod.
package struct SchedulingAttempt: Sendable {
    package enum Outcome: Hashable, Sendable {
        /// A node was chosen and its resources are counted as taken; the host is to bind the pod.
        case assumed(node: String)
        /// No node fits. With a nomination, the victims are to be evicted.
        case unschedulable(nominated: String?, victims: [ObjectKey])
        /// Something went wrong that says nothing about the pod.
        case error
    }

    package var pod: ObjectKey
    package var uid: UID
    /// 1 for the pod's first attempt.
    package var number: Int
    package var outcome: Outcome
    package var evaluatedNodes = 0
    package var feasibleNodes = 0
    /// Most frequent first.
    package var rejections: [Rejection] = []
    /// The text of the FailedScheduling event; empty when a node was found.
    package var message = ""
    /// The total score of the chosen node; 0 when only one node was feasible.
    package var score: Int64 = 0
    /// How many nodes shared the highest score.
    package var tieCount = 0
    /// From when the pod was last put in the queue.
    package var queueWait: Duration
    /// Whether the pod's nomination is to be removed from its status.
    package var clearsNomination = false
    /// The objects that the API server is to be asked to update before the pod is bound, as they should be: volumes
    /// and claims. Mostly empty. Afterwards `preBindVerdict` says when the binding may go on.
    package var updates: [KubernetesObject] = []
    package var detail: AttemptDetail?
}

/// Why, and by whom, a number of nodes was refused.
package struct Rejection: Hashable, Sendable {
    /// nil for nodes outside of the set that a pre-filter named.
    package var plugin: PluginName?
    package var code: Verdict.Code
    package var reason: String
    /// Nodes.
    package var count: Int

    package init(plugin: PluginName?, code: Verdict.Code, reason: String, count: Int) {
        self.plugin = plugin
        self.code = code
        self.reason = reason
        self.count = count
    }
}

/// The whole story of an attempt.
package struct AttemptDetail: Sendable {
    package struct PluginScores: Sendable {
        package var plugin: PluginName
        /// Normalised and weighted, per feasible node.
        package var scores: [Int64]
    }

    /// Nodes that passed all filters, in the order in which they were scored.
    package var feasible: [String] = []
    /// Nodes that did not, in the order in which they were looked at, with the first plugin that said no.
    package var infeasible: [(node: String, verdict: NodeVerdict)] = []
    /// The node that passed all filters when enough others had: it ended the search, and was not scored.
    package var surplus: String?
    /// In the order of the profile; without plugins that were skipped. Empty when nothing was scored.
    package var scores: [PluginScores] = []
    /// Per feasible node; empty when nothing was scored.
    package var totals: [Int64] = []
    /// Nodes that share the highest total.
    package var ties: [String] = []
    /// Set when a pre-filter refused the pod as a whole.
    package var preFilter: NodeVerdict?
}
