package import KubernetesAPI

// Counterpart: mergePodStatus in pkg/kubelet/status/status_manager.go (v1.36).

extension PodStatus {
    /// Returns this stored status overlaid with the one that a kubelet `posted`.
    ///
    /// Conditions of others (`PodScheduled`, `DisruptionTarget`, readiness gates), the nominated node and the QoS class
    /// stay as stored, and a terminal phase is never left.
    package func merging(posted: PodStatus) -> PodStatus {
        var merged = posted
        if !hasOthersConditions(of: posted) { merged.conditions = mergedConditions(posted) }
        // The kubelet adds this one when its pod is over, beside others who may have set it.
        if posted.phase.isTerminal, !phase.isTerminal,
            let target = posted.conditions.named(Condition.disruptionTarget), target.reason == "TerminationByKubelet"
        {
            merged.conditions.set(target)
        }
        // What is the same is not written, so that both go on sharing one copy.
        if nominatedNodeName != posted.nominatedNodeName { merged.nominatedNodeName = nominatedNodeName }
        if let qosClass, qosClass != posted.qosClass { merged.qosClass = qosClass }
        if phase.isTerminal {
            merged.phase = phase
            merged.reason = reason
            merged.message = message
        }
        return merged
    }

    private func mergedConditions(_ posted: PodStatus) -> [Condition] {
        var merged: [Condition] = []
        merged.reserveCapacity(conditions.count + 4)
        for place in conditions.indices where !conditions[place].isOfKubelet {
            merged.append(conditions[place])
        }
        for place in posted.conditions.indices where posted.conditions[place].isOfKubelet {
            merged.append(posted.conditions[place])
        }
        return merged
    }

    /// Whether the `posted` conditions begin with those of others as they stand here and go on with the kubelet's, as
    /// they do unless somebody wrote meanwhile.
    private func hasOthersConditions(of posted: PodStatus) -> Bool {
        var count = 0
        for place in conditions.indices where !conditions[place].isOfKubelet {
            guard count < posted.conditions.count, posted.conditions[count] == conditions[place] else { return false }
            count += 1
        }
        for place in count..<posted.conditions.count where !posted.conditions[place].isOfKubelet {
            return false
        }
        return true
    }
}
