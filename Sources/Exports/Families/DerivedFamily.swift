/// Families that no single object tells: what containers use, what targets answer, what the run's database counts.
enum DerivedFamily: Int, CaseIterable {
    case up, processorTime, workingSet, processorAllocation, memoryAllocation, runningPods, runningContainers, evictions
    case schedulingAttempts, managementCost

    var family: MetricFamily {
        switch self {
        case .up:
            MetricFamily("up", help: "Whether a target answers.")
        case .processorTime:
            MetricFamily(
                "container_cpu_usage_seconds", .counter, unit: "seconds", help: "Processor time that a container used.")
        case .workingSet:
            MetricFamily(
                "container_memory_working_set_bytes", unit: "bytes", help: "Memory that a container holds.")
        case .processorAllocation:
            MetricFamily(
                "container_cpu_allocation", help: "Cores that a container is charged for: asked for or used.")
        case .memoryAllocation:
            MetricFamily(
                "container_memory_allocation_bytes", unit: "bytes",
                help: "Memory that a container is charged for: asked for or held.")
        case .runningPods:
            MetricFamily("kubelet_running_pods", help: "Pods with a running container on the node.")
        case .runningContainers:
            MetricFamily("kubelet_running_containers", help: "Running containers on the node.")
        case .evictions:
            MetricFamily("kubelet_evictions", .counter, help: "Pods that the kubelet evicted, by what ran short.")
        case .schedulingAttempts:
            MetricFamily("scheduler_schedule_attempts", .counter, help: "Attempts to place a pod, by result.")
        case .managementCost:
            MetricFamily("kubecost_cluster_management_cost", help: "Dollars an hour for the control plane.")
        }
    }

    /// The place of the family in the export: after those of objects.
    var place: Int { ExportFamilies.objects.count + rawValue }
}

/// All families of the export, in its order.
package enum ExportFamilies {
    static let objects = KindExporter.all.flatMap(\.families)

    package static let all = objects + DerivedFamily.allCases.map(\.family)

    /// The names of labels that samples have, beside those that begin with `label_`.
    package static let labels: Set<String> = [
        "arch", "concurrency_policy", "condition", "container", "container_state", "created_by_kind", "created_by_name",
        "cronjob", "daemonset", "deployment", "effect", "eviction_signal", "horizontalpodautoscaler", "host_network",
        "image", "image_id",
        "image_spec", "instance", "instance_type", "job", "job_name", "key", "metric_name", "metric_target_type",
        "metrics_path", "namespace", "node", "owner_is_controller", "owner_kind", "owner_name", "phase", "pod",
        "poddisruptionbudget", "priority_class", "profile", "provider_id", "qos_class", "reason", "region",
        "replicaset",
        "resource", "resourcequota", "result", "revision", "role", "scaletargetref_kind", "scaletargetref_name",
        "schedule", "statefulset", "status", "timezone", "type", "uid", "unit", "value",
    ]
}
