import KubernetesAPI

/// What kube-state-metrics tells of Deployments and ReplicaSets.
enum WorkloadFamilies {
    static let deployments: [ObjectFamily<Deployment>] = [
        .time("kube_deployment_created", "When a Deployment was created.") { $0.metadata.creationTimestamp },
        .facts("kube_deployment_labels", "The labels of a Deployment.") { $0.metadata.labelPairs },
        .gauge("kube_deployment_owner", "An owner of a Deployment.") { $0.metadata.ownerSamples },
        .number("kube_deployment_metadata_generation", "How often what is wanted was changed.") {
            $0.metadata.generation
        },
        .number("kube_deployment_spec_replicas", "Pods that a Deployment asks for.") { $0.spec.replicas },
        .number("kube_deployment_spec_paused", "Whether a Deployment is paused.") { $0.spec.paused ? 1 : 0 },
        .number(
            "kube_deployment_spec_strategy_rollingupdate_max_unavailable",
            "Pods that may be missing while a Deployment is updated."
        ) { deployment in
            rolling(deployment).map { $0.unavailable.scaled(of: deployment.spec.replicas, roundUp: false) }
        },
        .number(
            "kube_deployment_spec_strategy_rollingupdate_max_surge",
            "Pods that may be too many while a Deployment is updated."
        ) { deployment in
            rolling(deployment).map { $0.surge.scaled(of: deployment.spec.replicas, roundUp: true) }
        },
        .number("kube_deployment_status_observed_generation", "The generation that the controller has seen.") {
            $0.status.observedGeneration
        },
        .number("kube_deployment_status_replicas", "Pods that there are.") { $0.status.replicas },
        .number("kube_deployment_status_replicas_ready", "Pods that are ready.") { $0.status.readyReplicas },
        .number("kube_deployment_status_replicas_available", "Pods that have been ready for long enough.") {
            $0.status.availableReplicas
        },
        .number("kube_deployment_status_replicas_unavailable", "Pods that are missing or not available.") {
            $0.status.unavailableReplicas
        },
        .number("kube_deployment_status_replicas_updated", "Pods of the latest template.") {
            $0.status.updatedReplicas
        },
        .gauge("kube_deployment_status_condition", "Which status a condition of a Deployment has.") { deployment in
            deployment.status.conditions.flatMap {
                MetricSample.statuses(
                    $0.status.rawValue, label: "status", beside: [("reason", $0.reason), ("condition", $0.type.name)])
            }
        },
    ]

    static let replicaSets: [ObjectFamily<ReplicaSet>] = [
        .time("kube_replicaset_created", "When a ReplicaSet was created.") { $0.metadata.creationTimestamp },
        .gauge("kube_replicaset_owner", "An owner of a ReplicaSet.") { $0.metadata.ownerSamples },
        .number("kube_replicaset_metadata_generation", "How often what is wanted was changed.") {
            $0.metadata.generation
        },
        .number("kube_replicaset_spec_replicas", "Pods that a ReplicaSet asks for.") { $0.spec.replicas },
        .number("kube_replicaset_status_observed_generation", "The generation that the controller has seen.") {
            $0.status.observedGeneration
        },
        .number("kube_replicaset_status_replicas", "Pods that there are.") { $0.status.replicas },
        .number("kube_replicaset_status_fully_labeled_replicas", "Pods with all labels of the template.") {
            $0.status.fullyLabeledReplicas
        },
        .number("kube_replicaset_status_ready_replicas", "Pods that are ready.") { $0.status.readyReplicas },
    ]

    private static func rolling(_ deployment: Deployment) -> (unavailable: IntOrPercent, surge: IntOrPercent)? {
        switch deployment.spec.strategy {
        case .recreate: nil
        case .rollingUpdate(let maxUnavailable, let maxSurge): (maxUnavailable, maxSurge)
        }
    }
}
