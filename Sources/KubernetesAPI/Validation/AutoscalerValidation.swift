// Counterpart: validateHorizontalPodAutoscalerSpec (pkg/apis/autoscaling/validation, v1.36).

extension ValidationCheck {
    mutating func autoscaler(_ autoscaler: HorizontalPodAutoscaler, at path: FieldPath) {
        require(autoscaler.minReplicas >= 0, path.field("minReplicas"), "must not be below 0")
        require(
            autoscaler.minReplicas != 0 || autoscaler.metrics.contains { ["Object", "External"].contains($0.type) },
            path.field("minReplicas"), "pods that are not there have no metrics",
            expected: "at least 1, or a metric of type Object or External")
        require(
            autoscaler.minReplicas <= autoscaler.maxReplicas, path.field("maxReplicas"),
            "must not be below minReplicas (\(autoscaler.minReplicas))")
        for (index, metric) in autoscaler.metrics.enumerated() {
            self.metric(metric, at: path.field("metrics").index(index))
        }
        let behavior = path.field("behavior")
        for (name, rules) in [("scaleUp", autoscaler.behavior.scaleUp), ("scaleDown", autoscaler.behavior.scaleDown)] {
            require(
                rules?.tolerance.map { $0 >= .zero } ?? true, behavior.field(name).field("tolerance"),
                "must not be negative")
        }
    }

    private mutating func metric(_ metric: HorizontalPodAutoscaler.Metric, at path: FieldPath) {
        let target = path.field(metric.type.prefix(1).lowercased() + metric.type.dropFirst()).field("target")
        for (name, amount) in [("value", metric.value), ("averageValue", metric.averageValue)] {
            require(amount.map { $0 > .zero } ?? true, target.field(name), "must be greater than 0")
        }
        switch metric.type {
        case "Resource", "ContainerResource":
            require(
                metric.averageUtilization != nil || metric.averageValue != nil, target,
                "nothing to aim at", expected: "averageUtilization or averageValue")
            require(
                metric.averageUtilization == nil || metric.averageValue == nil, target.field("averageValue"),
                "not allowed together with averageUtilization")
            if metric.type == "ContainerResource", let name = metric.resource {
                let field = path.field("containerResource")
                resourceName(name, at: field.field("name"), of: .container)
                require(
                    metric.container.map { $0.isEmpty || NameRules.isDNSLabel($0) } ?? true,
                    field.field("container"), "not a valid name of a container")
            }
        case "Pods":
            require(metric.averageValue != nil, target.field("averageValue"), "a value is required")
        default:
            require(
                metric.value != nil || metric.averageValue != nil, target, "nothing to aim at",
                expected: "value or averageValue")
            require(
                metric.type != "External" || metric.value == nil || metric.averageValue == nil, target.field("value"),
                "not allowed together with averageValue")
        }
    }
}
