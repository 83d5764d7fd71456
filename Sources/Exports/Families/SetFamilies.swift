import KubernetesAPI

/// What kube-state-metrics tells of StatefulSets and DaemonSets.
enum SetFamilies {
    static let statefulSets: [ObjectFamily<StatefulSet>] = [
        .time("kube_statefulset_created", "When a StatefulSet was created.") { $0.metadata.creationTimestamp },
        .facts("kube_statefulset_labels", "The labels of a StatefulSet.") { $0.metadata.labelPairs },
        .number("kube_statefulset_metadata_generation", "How often what is wanted was changed.") {
            $0.metadata.generation
        },
        .number("kube_statefulset_replicas", "Pods that a StatefulSet asks for.") { $0.spec.replicas },
        .number("kube_statefulset_ordinals_start", "The number of the first pod.") { $0.spec.ordinalsStart },
        .number("kube_statefulset_status_observed_generation", "The generation that the controller has seen.") {
            $0.status.observedGeneration
        },
        .number("kube_statefulset_status_replicas", "Pods that there are.") { $0.status.replicas },
        .number("kube_statefulset_status_replicas_ready", "Pods that are ready.") { $0.status.readyReplicas },
        .number("kube_statefulset_status_replicas_available", "Pods that have been ready for long enough.") {
            $0.status.availableReplicas
        },
        .number("kube_statefulset_status_replicas_current", "Pods of the present revision.") {
            $0.status.currentReplicas
        },
        .number("kube_statefulset_status_replicas_updated", "Pods of the revision that is rolled out.") {
            $0.status.updatedReplicas
        },
        .facts("kube_statefulset_status_current_revision", "The present revision.") {
            [("revision", $0.status.currentRevision)]
        },
        .facts("kube_statefulset_status_update_revision", "The revision that is rolled out.") {
            [("revision", $0.status.updateRevision)]
        },
    ]

    static let daemonSets: [ObjectFamily<DaemonSet>] = [
        .time("kube_daemonset_created", "When a DaemonSet was created.") { $0.metadata.creationTimestamp },
        .facts("kube_daemonset_labels", "The labels of a DaemonSet.") { $0.metadata.labelPairs },
        .number("kube_daemonset_metadata_generation", "How often what is wanted was changed.") {
            $0.metadata.generation
        },
        .number("kube_daemonset_status_observed_generation", "The generation that the controller has seen.") {
            $0.status.observedGeneration
        },
        .number("kube_daemonset_status_desired_number_scheduled", "Nodes that are to have a pod.") {
            $0.status.desiredNumberScheduled
        },
        .number("kube_daemonset_status_current_number_scheduled", "Nodes that are to have a pod and have one.") {
            $0.status.currentNumberScheduled
        },
        .number("kube_daemonset_status_number_misscheduled", "Nodes that have a pod and are not to.") {
            $0.status.numberMisscheduled
        },
        .number("kube_daemonset_status_number_ready", "Nodes with a ready pod.") { $0.status.numberReady },
        .number("kube_daemonset_status_number_available", "Nodes with a pod that has been ready for long enough.") {
            $0.status.numberAvailable
        },
        .number("kube_daemonset_status_number_unavailable", "Nodes without one.") { $0.status.numberUnavailable },
        .number("kube_daemonset_status_updated_number_scheduled", "Nodes with a pod of the latest template.") {
            $0.status.updatedNumberScheduled
        },
    ]
}
