import Chronology
import KubernetesAPI

/// What kube-state-metrics tells of the containers of pods.
enum ContainerFamilies {
    static let table: [ObjectFamily<Pod>] = main + initial

    private static let main: [ObjectFamily<Pod>] = [
        .gauge("kube_pod_container_info", "A container and its image.") { pod in
            pod.spec.containers.map { container in
                let status = pod.status.containerStatuses.first { $0.name == container.name }
                return MetricSample([
                    ("container", container.name), ("image", container.image), ("image_spec", container.image),
                    ("image_id", status?.imageID ?? ""),
                ])
            }
        },
        .gauge("kube_pod_container_resource_requests", "What a container asks for of a resource.") { pod in
            amounts(pod, pod.spec.containers, \.requests)
        },
        .gauge("kube_pod_container_resource_limits", "What a container may use of a resource.") { pod in
            amounts(pod, pod.spec.containers, \.limits)
        },
        each("kube_pod_container_state_started", "When a container was started.") { status in
            switch status.state {
            case .waiting: nil
            case .running(let startedAt): [MetricSample(at: startedAt)]
            case .terminated(_, _, let startedAt, _): [MetricSample(at: startedAt)]
            }
        },
        each("kube_pod_container_status_ready", "Whether a container is ready.") { [flag($0.ready)] },
        each("kube_pod_container_status_waiting", "Whether a container waits.") { [flag(waiting($0.state) != nil)] },
        each("kube_pod_container_status_waiting_reason", "Why a container waits.") { status in
            waiting(status.state).map { [MetricSample([("reason", $0)])] }
        },
        each("kube_pod_container_status_running", "Whether a container runs.") { [flag(isRunning($0.state))] },
        each("kube_pod_container_status_terminated", "Whether a container has ended.") {
            [flag(end(of: $0.state) != nil)]
        },
        each("kube_pod_container_status_terminated_reason", "Why a container has ended.") { status in
            end(of: status.state).map { [MetricSample([("reason", $0.reason)])] }
        },
        each("kube_pod_container_status_last_terminated_reason", "Why a container ended the time before.") { status in
            end(of: status.lastTermination).map { [MetricSample([("reason", $0.reason)])] }
        },
        each(
            "kube_pod_container_status_last_terminated_exitcode", "The exit code of a container the time before."
        ) { status in
            end(of: status.lastTermination).map { [MetricSample([], Double($0.code))] }
        },
        each("kube_pod_container_status_last_terminated_timestamp", "When a container ended the time before.") {
            end(of: $0.lastTermination).map { [MetricSample(at: $0.at)] }
        },
        restarts("kube_pod_container_status_restarts", "How often a container was started again.", \.containerStatuses),
    ]

    private static let initial: [ObjectFamily<Pod>] = [
        each("kube_pod_init_container_status_waiting_reason", "Why an init container waits.", \.initContainerStatuses) {
            status in waiting(status.state).map { [MetricSample([("reason", $0)])] }
        },
        each("kube_pod_init_container_status_running", "Whether an init container runs.", \.initContainerStatuses) {
            [flag(isRunning($0.state))]
        },
        each(
            "kube_pod_init_container_status_ready", "Whether an init container is done or ready.",
            \.initContainerStatuses
        ) {
            [flag($0.ready)]
        },
        restarts(
            "kube_pod_init_container_status_restarts", "How often an init container was started again.",
            \.initContainerStatuses),
        .gauge("kube_pod_init_container_resource_requests", "What an init container asks for of a resource.") { pod in
            amounts(pod, pod.spec.initContainers, \.requests)
        },
        .gauge("kube_pod_init_container_resource_limits", "What an init container may use of a resource.") { pod in
            amounts(pod, pod.spec.initContainers, \.limits)
        },
    ]

    // MARK: - Rows

    private static func each(
        _ name: String, _ help: String,
        _ statuses: @escaping @Sendable (PodStatus) -> [ContainerStatus] = { $0.containerStatuses },
        _ samples: @escaping @Sendable (ContainerStatus) -> [MetricSample]?
    ) -> ObjectFamily<Pod> {
        .gauge(name, help) { named(statuses($0.status), samples) }
    }

    private static func restarts(
        _ name: String, _ help: String, _ statuses: @escaping @Sendable (PodStatus) -> [ContainerStatus]
    ) -> ObjectFamily<Pod> {
        ObjectFamily(MetricFamily(name, .counter, help: help)) { pod, _ in
            named(statuses(pod.status)) { [MetricSample([], Double($0.restartCount))] }
        }
    }

    private static func named(
        _ statuses: [ContainerStatus], _ samples: (ContainerStatus) -> [MetricSample]?
    ) -> [MetricSample] {
        statuses.flatMap { status in
            (samples(status) ?? []).map { sample in
                var sample = sample
                sample.labels.insert(("container", status.name), at: 0)
                return sample
            }
        }
    }

    private static func amounts(
        _ pod: Pod, _ containers: [Container], _ amounts: (Container) -> ResourceList
    ) -> [MetricSample] {
        containers.flatMap { container in
            amounts(container).entries.map { entry in
                MetricSample(
                    [("container", container.name), ("node", pod.nodeName ?? "")] + ResourceLabels.of(entry.name),
                    entry.amount.double)
            }
        }
    }

    // MARK: - States

    private static func flag(_ isTrue: Bool) -> MetricSample { MetricSample([], isTrue ? 1 : 0) }

    private static func waiting(_ state: ContainerState) -> String? {
        if case .waiting(let reason) = state { return reason }
        return nil
    }

    private static func isRunning(_ state: ContainerState) -> Bool {
        if case .running = state { return true }
        return false
    }

    private static func end(of state: ContainerState?) -> (code: Int32, reason: String, at: Instant)? {
        if case .terminated(let exitCode, let reason, _, let finishedAt) = state {
            return (exitCode, reason, finishedAt)
        }
        return nil
    }
}
