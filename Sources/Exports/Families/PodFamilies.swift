import Chronology
import KubernetesAPI

/// What kube-state-metrics tells of pods as a whole.
enum PodFamilies {
    static let table: [ObjectFamily<Pod>] = [
        .facts("kube_pod_info", "A pod, its node and what made it.") { pod in
            let owner = pod.metadata.controllerReference
            return [
                ("node", pod.nodeName ?? ""), ("created_by_kind", owner?.kind ?? ""),
                ("created_by_name", owner?.name ?? ""), ("priority_class", pod.spec.priorityClassName),
                ("host_network", pod.spec.hostNetwork ? "true" : "false"),
            ]
        },
        .gauge("kube_pod_owner", "An owner of a pod.") { $0.metadata.ownerSamples },
        .facts("kube_pod_labels", "The labels of a pod.") { $0.metadata.labelPairs },
        .time("kube_pod_created", "When a pod was created.") { $0.metadata.creationTimestamp },
        .time("kube_pod_start_time", "When a kubelet took a pod.") { $0.status.startTime },
        .time("kube_pod_completion_time", "When the last container of a pod that is over ended.", completion),
        .time("kube_pod_deletion_timestamp", "When a pod is to be gone.") { $0.metadata.deletionTimestamp },
        .facts("kube_pod_restart_policy", "Whether ended containers of a pod are started again.") {
            [("type", $0.spec.restartPolicy.rawValue)]
        },
        .gauge("kube_pod_status_phase", "Which phase a pod is in.") { pod in
            [.pending, .succeeded, .failed, .unknown, .running].map { (phase: PodPhase) in
                MetricSample([("phase", phase.rawValue)], pod.status.phase == phase ? 1 : 0)
            }
        },
        .gauge("kube_pod_status_qos_class", "Which quality of service class a pod has.") { pod in
            guard let present = pod.status.qosClass else { return [] }
            return [.bestEffort, .burstable, .guaranteed].map { (grade: PodStatus.QOSClass) in
                MetricSample([("qos_class", grade.rawValue)], present == grade ? 1 : 0)
            }
        },
        .gauge("kube_pod_status_ready", "Whether a pod is ready.") { condition($0, Condition.ready) },
        .gauge("kube_pod_status_scheduled", "Whether a pod has a node.") { condition($0, Condition.podScheduled) },
        .gauge("kube_pod_status_unschedulable", "A pod for which no node was found.") { pod in
            guard let scheduled = pod.status.conditions.named(Condition.podScheduled), scheduled.status == .false,
                scheduled.reason == "Unschedulable"
            else { return [] }
            return [MetricSample()]
        },
        .gauge("kube_pod_status_reason", "Why a pod is as it is, for reasons that were given.", reasons),
    ]

    private static func condition(_ pod: Pod, _ type: ConditionType) -> [MetricSample] {
        guard let condition = pod.status.conditions.named(type) else { return [] }
        return MetricSample.statuses(condition.status.rawValue, label: "condition")
    }

    @Sendable private static func completion(_ pod: Pod) -> Instant? {
        guard pod.status.phase.isTerminal else { return nil }
        return pod.status.containerStatuses.compactMap { status in
            if case .terminated(_, _, _, let finishedAt) = status.state { return finishedAt }
            return nil
        }.max()
    }

    // What kube-state-metrics looks for in the status, the conditions and the ends of containers.
    private static let knownReasons = [
        "Evicted", "NodeAffinity", "NodeLost", "PreemptionByScheduler", "SchedulingGated", "Shutdown",
        "TerminationByKubelet", "UnexpectedAdmissionError",
    ]

    @Sendable private static func reasons(_ pod: Pod) -> [MetricSample] {
        var given = [pod.status.reason] + pod.status.conditions.map(\.reason)
        for status in pod.status.containerStatuses {
            if case .terminated(_, let reason, _, _) = status.state { given.append(reason) }
        }
        let found = knownReasons.filter { given.contains($0) }
        let isOther = !pod.status.reason.isEmpty && !knownReasons.contains(pod.status.reason)
        return (found + (isOther ? ["Other"] : [])).map { MetricSample([("reason", $0)]) }
    }
}
