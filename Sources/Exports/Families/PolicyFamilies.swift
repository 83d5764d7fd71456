import KubernetesAPI

/// What kube-state-metrics tells of namespaces, disruption budgets, autoscalers and quotas.
enum PolicyFamilies {
    static let namespaces: [ObjectFamily<Namespace>] = [
        .time("kube_namespace_created", "When a namespace was created.") { $0.metadata.creationTimestamp },
        .facts("kube_namespace_labels", "The labels of a namespace.") { $0.metadata.labelPairs },
        .gauge("kube_namespace_status_phase", "Whether a namespace is there to stay.") { namespace in
            let phase = namespace.metadata.deletionTimestamp == nil ? "Active" : "Terminating"
            return ["Active", "Terminating"].map { MetricSample([("phase", $0)], $0 == phase ? 1 : 0) }
        },
    ]

    static let budgets: [ObjectFamily<PodDisruptionBudget>] = [
        .time("kube_poddisruptionbudget_created", "When a budget was created.") { $0.metadata.creationTimestamp },
        .number("kube_poddisruptionbudget_status_observed_generation", "The generation that the controller has seen.") {
            $0.status.observedGeneration
        },
        .number("kube_poddisruptionbudget_status_expected_pods", "Pods that a budget is for.") {
            $0.status.expectedPods
        },
        .number("kube_poddisruptionbudget_status_desired_healthy", "Pods that are to stay healthy.") {
            $0.status.desiredHealthy
        },
        .number("kube_poddisruptionbudget_status_current_healthy", "Pods that are healthy.") {
            $0.status.currentHealthy
        },
        .number("kube_poddisruptionbudget_status_pod_disruptions_allowed", "Pods that may be evicted now.") {
            $0.status.disruptionsAllowed
        },
    ]

    static let autoscalers: [ObjectFamily<HorizontalPodAutoscaler>] = [
        .facts("kube_horizontalpodautoscaler_info", "An autoscaler and what it scales.") {
            [("scaletargetref_kind", $0.targetKind), ("scaletargetref_name", $0.targetName)]
        },
        .time("kube_horizontalpodautoscaler_created", "When an autoscaler was created.") {
            $0.metadata.creationTimestamp
        },
        .number("kube_horizontalpodautoscaler_metadata_generation", "How often what is wanted was changed.") {
            $0.metadata.generation
        },
        .number("kube_horizontalpodautoscaler_spec_min_replicas", "The fewest pods.") { $0.minReplicas },
        .number("kube_horizontalpodautoscaler_spec_max_replicas", "The most pods.") { $0.maxReplicas },
        .gauge("kube_horizontalpodautoscaler_spec_target_metric", "What a metric is held at.") { autoscaler in
            autoscaler.metrics.flatMap(targets)
        },
        .number("kube_horizontalpodautoscaler_status_current_replicas", "Pods that there are.") {
            $0.status.currentReplicas
        },
        .number("kube_horizontalpodautoscaler_status_desired_replicas", "Pods that the metrics call for.") {
            $0.status.desiredReplicas
        },
        .gauge("kube_horizontalpodautoscaler_status_condition", "Which status a condition has.") { autoscaler in
            autoscaler.status.conditions.flatMap {
                MetricSample.statuses($0.status.rawValue, label: "status", beside: [("condition", $0.type.name)])
            }
        },
    ]

    static let quotas: [ObjectFamily<ResourceQuota>] = [
        .gauge("kube_resourcequota", "What a quota allows, and what of it is used.") { quota in
            let lists = [("hard", quota.hard), ("used", quota.used)]
            return lists.flatMap { type, list in
                list.entries.map { MetricSample([("resource", $0.name.text), ("type", type)], $0.amount.double) }
            }
        }
    ]

    private static func targets(_ metric: HorizontalPodAutoscaler.Metric) -> [MetricSample] {
        let name = metric.resource?.text ?? metric.name ?? ""
        func sample(_ type: String, _ value: Double) -> MetricSample {
            MetricSample(
                [("metric_name", name), ("metric_target_type", type), ("container", metric.container ?? "")], value)
        }
        return [
            metric.averageUtilization.map { sample("utilization", Double($0)) },
            metric.averageValue.map { sample("average", $0.double) }, metric.value.map { sample("value", $0.double) },
        ].compactMap { $0 }
    }
}
