import KubernetesAPI

/// Which budgets have a say over pods, worked out once for each namespace and labels.
final class BudgetBook {
    private struct Key: Hashable {
        let namespace: String
        let labels: StringMap
    }

    /// Only looked up.
    private var known: [Key: [Int]] = [:]

    /// Returns the places of the budgets that select `pod`; `budgets` are the same at every call.
    func places(of pod: Pod, among budgets: [PodDisruptionBudget]) -> [Int] {
        let metadata = pod.metadata
        let key = Key(namespace: metadata.namespace, labels: metadata.labels)
        if let places = known[key] { return places }
        let places = budgets.indices.filter {
            budgets[$0].metadata.namespace == metadata.namespace
                && budgets[$0].selector?.matches(metadata.labels) ?? false
        }
        known[key] = places
        return places
    }
}
