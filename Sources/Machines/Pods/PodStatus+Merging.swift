package import KubernetesAPI

// Counterpart: mergePodStatus in pkg/kubelet/status/status_manager.go (v1.36).

extension PodStatus {
    /// Returns whether the kubelet alone decides conditions of this type.
    private static func isOfKubelet(_ type: String) -> Bool {
        // The lengths differ, and are far cheaper to compare than texts.
        switch type.utf8.count {
        case 5: type == Condition.ready
        case 11: type == Condition.initialized
        case 15: type == Condition.containersReady
        case 25: type == Condition.podReadyToStartContainers
        default: false
        }
    }

    /// Returns this stored status overlaid with the one that a kubelet `posted`.
    ///
    /// Conditions of others (`PodScheduled`, `DisruptionTarget`, readiness gates), the nominated node and the QoS class
    /// stay as stored, and a terminal phase is never left.
    package func merging(posted: PodStatus) -> PodStatus {
        var merged = posted
        merged.conditions = []
        merged.conditions.reserveCapacity(conditions.count + 4)
        for place in conditions.indices where !Self.isOfKubelet(conditions[place].type) {
            merged.conditions.append(conditions[place])
        }
        for place in posted.conditions.indices where Self.isOfKubelet(posted.conditions[place].type) {
            merged.conditions.append(posted.conditions[place])
        }
        // The kubelet adds this one when its pod is over, beside others who may have set it.
        if posted.phase.isTerminal, !phase.isTerminal,
            let target = posted.conditions.named(Condition.disruptionTarget), target.reason == "TerminationByKubelet"
        {
            merged.conditions.set(target)
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
