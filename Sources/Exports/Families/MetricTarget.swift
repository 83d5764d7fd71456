/// Who would have been scraped for a sample, and what a Prometheus of kube-prometheus would have written beside it.
enum MetricTarget: Hashable, Sendable {
    case kubeStateMetrics
    /// The kubelet of a node.
    case kubelet(node: String)
    /// cAdvisor, inside the kubelet of a node.
    case cadvisor(node: String)
    case openCost
    case apiServer
    case scheduler
    case controllerManager
    case proxy(node: String)

    /// The labels of the target. Where a sample has one of these names itself, its own label stands.
    var labels: [(String, String)] {
        switch self {
        case .kubeStateMetrics: [("job", "kube-state-metrics"), ("instance", "kube-state-metrics:8443")]
        case .kubelet(let node): Self.kubelet(node, path: "/metrics")
        case .cadvisor(let node): Self.kubelet(node, path: "/metrics/cadvisor")
        case .openCost: [("job", "opencost"), ("instance", "opencost:9003")]
        case .apiServer: [("job", "apiserver"), ("instance", "kube-apiserver:6443")]
        case .scheduler: [("job", "kube-scheduler"), ("instance", "kube-scheduler:10259")]
        case .controllerManager:
            [("job", "kube-controller-manager"), ("instance", "kube-controller-manager:10257")]
        case .proxy(let node): [("job", "kube-proxy"), ("instance", "\(node):10249"), ("node", node)]
        }
    }

    private static func kubelet(_ node: String, path: String) -> [(String, String)] {
        [("job", "kubelet"), ("metrics_path", path), ("instance", "\(node):10250"), ("node", node)]
    }
}
