package import KubernetesAPI

// Counterpart: mergePodStatus in pkg/kubelet/status/status_manager.go (v1.36).

extension PodStatus {
    /// The conditions that the kubelet alone decides.
    private static let ofKubelet = [
        Condition.podReadyToStartContainers, Condition.initialized, Condition.containersReady, Condition.ready,
    ]

    /// Returns this stored status overlaid with the one that a kubelet `posted`.
    ///
    /// Conditions of others (`PodScheduled`, `DisruptionTarget`, readiness gates), the nominated node and the QoS class
    /// stay as stored, and a terminal phase is never left.
    package func merging(posted: PodStatus) -> PodStatus {
        var merged = posted
        merged.conditions = conditions.filter { !Self.ofKubelet.contains($0.type) }
        for condition in posted.conditions where Self.ofKubelet.contains(condition.type) {
            merged.conditions.append(condition)
        }
        merged.nominatedNodeName = nominatedNodeName
        merged.qosClass = qosClass ?? posted.qosClass
        if phase.isTerminal {
            merged.phase = phase
            merged.reason = reason
            merged.message = message
        }
        return merged
    }
}
