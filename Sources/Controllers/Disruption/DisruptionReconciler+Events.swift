import ControlPlane
import KubernetesAPI

extension DisruptionReconciler {
    /// Returns what a look at a budget's pods has to tell.
    static func events(
        _ budget: PodDisruptionBudget, _ key: ObjectKey, pods: [Pod], fault: String?, in view: any ClusterView
    ) -> [EventRecord] {
        if pods.isEmpty { return [EventRecord(key, reason: "NoPods", message: "No matching pods found")] }
        var events: [EventRecord] = []
        let needsControllers: Bool
        switch (budget.maxUnavailable, budget.minAvailable) {
        case (.some, _), (nil, .percent?): needsControllers = true
        case (nil, .number?), (nil, nil): needsControllers = false
        }
        if let fault {
            events.append(
                EventRecord(
                    key, .warning, reason: "CalculateExpectedPodCountFailed",
                    message: "Failed to calculate the number of expected pods: \(fault)"))
        } else if needsControllers, pods.contains(where: { $0.metadata.controllerReference == nil }) {
            events.append(
                EventRecord(
                    key, .warning, reason: "UnmanagedPods",
                    message: "Pods selected by this PodDisruptionBudget (selector: \(text(budget.selector))) were found"
                        + " to be unmanaged. As a result, the status of the PDB cannot be calculated correctly, which"
                        + " may result in undefined behavior. To account for these pods please set"
                        + " \".spec.minAvailable\" field of the PDB to an integer value."))
        }
        return events + overlaps(budget, pods: pods, in: view)
    }

    /// Pods under more than one budget, told by the first of these.
    private static func overlaps(
        _ budget: PodDisruptionBudget, pods: [Pod], in view: any ClusterView
    ) -> [EventRecord] {
        // Most pods of a budget carry the labels of the one before.
        var known: (labels: StringMap, budgets: [String])?
        return pods.compactMap { pod in
            let matching: [String]
            if let known, known.labels == pod.metadata.labels {
                matching = known.budgets
            } else {
                matching = view.disruptionBudgets(
                    inNamespace: budget.metadata.namespace, matching: pod.metadata.labels
                ).map(\.metadata.name)
                known = (pod.metadata.labels, matching)
            }
            guard matching.count > 1, matching[0] == budget.metadata.name else { return nil }
            return EventRecord(
                pod.key, .warning, reason: "MultiplePodDisruptionBudgets",
                message: "Pod \"\(pod.metadata.namespace)\"/\"\(pod.metadata.name)\" matches multiple"
                    + " PodDisruptionBudgets.  Chose \"\(matching[0])\" arbitrarily.")
        }
    }

    /// A selector as Go prints it.
    private static func text(_ selector: LabelSelector?) -> String {
        guard let selector else { return "nil" }
        let labels = selector.matchLabels.pairs.map { "\($0.key): \($0.value)," }.joined()
        let expressions = selector.matchExpressions.map {
            "{\($0.key) \($0.operator.rawValue) [\($0.values.joined(separator: " "))]}"
        }
        return "&LabelSelector{MatchLabels:map[string]string{\(labels)},"
            + "MatchExpressions:[]LabelSelectorRequirement{\(expressions.joined(separator: " "))},}"
    }
}
