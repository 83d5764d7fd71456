import KubernetesAPI

extension ScheduledChange.Act {
    /// What people do, in words.
    var sentence: String {
        switch self {
        case .apply(let objects): "apply \(objects.map { "\($0.key)" }.joined(separator: ", "))"
        case .scale(let key, let replicas): "scale \(key) to \(replicas)"
        case .setImage(let key, let container, let image): "set the image of \(container) in \(key) to \(image)"
        case .publish(let image, _): "publish \(image)"
        case .cordon(let node): "cordon \(node)"
        case .uncordon(let node): "uncordon \(node)"
        case .drain(let options): "drain \(options.node)"
        case .shutDown(let node, let restarts): "\(restarts ? "restart" : "shut down") \(node)"
        case .delete(let key): "delete \(key)"
        case .replacePods(let share): "replace \(share) of a million pods"
        }
    }
}
