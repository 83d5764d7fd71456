import Autoscalers

/// The parts of the VerticalPodAutoscaler that run beside the API server, and whether anybody needs them.
struct VerticalDesk {
    var recommender = ClusterRecommender()
    let updater = VerticalUpdater()
    /// Whether the next look is scheduled.
    var isOn = false
    /// Whether it is the updater whose request is being carried out.
    var isEvicting = false
}
