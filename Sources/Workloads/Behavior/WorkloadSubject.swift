package import KubernetesAPI

/// What a container is for in its pod.
package enum ContainerRole: Hashable, Sendable {
    case initializing, sidecar, main
}

/// A pod as rules see it: mostly by the workload that it belongs to.
package struct WorkloadSubject: Hashable, Sendable {
    /// The kind of the owner that nobody owns, such as `Deployment` or `CronJob`; `Pod` for a bare pod.
    package var ownerKind: String
    package var ownerName: String
    package var namespace: String
    package var ownerLabels: StringMap
    package var podLabels: StringMap
    package var restartPolicy: RestartPolicy

    /// Creates a subject.
    package init(
        ownerKind: String, ownerName: String, namespace: String, ownerLabels: StringMap = StringMap(),
        podLabels: StringMap = StringMap(), restartPolicy: RestartPolicy = .always
    ) {
        self.ownerKind = ownerKind
        self.ownerName = ownerName
        self.namespace = namespace
        self.ownerLabels = ownerLabels
        self.podLabels = podLabels
        self.restartPolicy = restartPolicy
    }

    /// Whether its main containers are taken to end by themselves.
    package var isBatch: Bool { ownerKind == "Job" || ownerKind == "CronJob" || restartPolicy != .always }
}
