// Kubernetes counterpart: what computeReplicasForMetric and its parts in pkg/controller/podautoscaler/horizontal.go (v1.36)
// call metrics and their failures.

import KubernetesAPI

extension MetricReading {
    /// The metric as conditions and events call it.
    var title: String {
        switch metric.type {
        case "Resource", "ContainerResource":
            if metric.averageUtilization == nil { return "\(resource) resource" }
            let container = metric.type == "ContainerResource" ? " container" : ""
            return "\(resource)\(container) resource utilization (percentage of request)"
        case "Pods": return "pods metric \(name)"
        case "Object" where metric.averageValue == nil: return "\(metric.objectKind ?? "") metric \(name)"
        // Upstream calls an object's metric by this name as well when it is shared by the pods.
        default: return "external metric \(name)(\(metric.selector.text))"
        }
    }

    /// Returns how the event that sums up a look tells of a failure, which conditions tell without its circumstances.
    func summary(of failure: String) -> String {
        switch metric.type {
        case "Resource": return "failed to get \(resource) resource metric value: \(failure)"
        case "ContainerResource": return "failed to get \(metric.container ?? "") container metric value: \(failure)"
        case "Pods": return "failed to get pods metric value: \(failure)"
        case "Object":
            let share = metric.averageValue == nil ? "" : "failed to get \(name) object metric: "
            return "failed to get object metric value: \(share)\(failure)"
        default:
            let share =
                metric.averageValue != nil
                ? "failed to get \(name) external metric: "
                : metric.value != nil ? "failed to get external metric \(name): " : ""
            return "failed to get \(name) external metric value: \(share)\(failure)"
        }
    }
}

extension LabelSelector? {
    /// The selector as Go prints it.
    var text: String {
        guard let self else { return "nil" }
        let labels = self.matchLabels.pairs.map { "\($0.key): \($0.value)," }.joined()
        let expressions = self.matchExpressions.map {
            "LabelSelectorRequirement{Key:\($0.key),Operator:\($0.operator.rawValue),"
                + "Values:[\($0.values.joined(separator: " "))],},"
        }.joined()
        return "&LabelSelector{MatchLabels:map[string]string{\(labels)},"
            + "MatchExpressions:[]LabelSelectorRequirement{\(expressions)},}"
    }
}
