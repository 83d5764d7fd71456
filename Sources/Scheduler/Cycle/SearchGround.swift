import SchedulingFramework

/// What is known before the search for a node begins.
struct SearchGround {
    /// What all pre-filters said; those that a plan stands for were not asked.
    var pre: PreFilterRun
    /// What those said whose answer follows from the pod's shape.
    var local: PreFilterRun
    /// The rules about other pods, when the search goes by a plan.
    var plan: TopologyPlan?
    /// Whether no plugin that needs the whole cluster has anything to do.
    var isPlain = false
    /// Whether scores that need the whole cluster have something to do.
    var hasClusterScores: Bool
}
