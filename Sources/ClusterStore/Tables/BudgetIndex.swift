import KubernetesAPI

/// Finds the pods that a disruption budget may mean, and the budgets that may mean a pod, by the first label that a
/// budget's selector names.
///
/// Only labels by which a budget of the namespace selects are followed: where there are no budgets it costs nothing.
struct BudgetIndex: Sendable {
    /// A label of the objects of a namespace.
    struct Label: Hashable, Sendable {
        let namespace: String
        let key: String
        let value: String
    }

    /// By namespace the keys of labels by which a budget selects, or did.
    private(set) var keys: [String: [String]] = [:]
    private(set) var pods = HandleIndex<Label>()
    private(set) var budgets = HandleIndex<Label>()
    /// Budgets with selectors that name no label, by namespace.
    private(set) var unlabelled = HandleIndex<NameKey>()

    /// Returns the label by which objects are found that `selector` may mean, if it names one.
    static func label(of selector: LabelSelector, namespace: String) -> Label? {
        selector.matchLabels.pairs.first.map { Label(namespace: namespace, key: $0.key, value: $0.value) }
    }

    /// Returns the labels among `labels` by which something is found; all are of different keys.
    func places(of labels: StringMap, namespace: String) -> [Label] {
        guard let keys = keys[namespace] else { return [] }
        return keys.compactMap { key in
            labels[key].map { Label(namespace: namespace, key: key, value: $0) }
        }
    }
}

// MARK: - Pods

extension BudgetIndex {
    mutating func insert(_ pod: Pod, _ entry: OrderedHandle) {
        if keys.isEmpty { return }
        for place in places(of: pod.metadata.labels, namespace: pod.metadata.namespace) {
            pods.insert(entry, under: place)
        }
    }

    /// Forgets `pod`, which is not in its table any more.
    mutating func remove(_ pod: Pod, _ isLive: ObjectTable<Pod>.Liveness) {
        if keys.isEmpty { return }
        for place in places(of: pod.metadata.labels, namespace: pod.metadata.namespace) {
            pods.forgetOne(under: place) { isLive($0) }
        }
    }

    mutating func replace(_ old: Pod, with new: Pod, _ entry: OrderedHandle) {
        if keys.isEmpty || old.metadata.labels == new.metadata.labels { return }
        for place in places(of: old.metadata.labels, namespace: old.metadata.namespace) {
            pods.remove(entry, under: place)
        }
        insert(new, entry)
    }
}

// MARK: - Budgets

extension BudgetIndex {
    /// Adds a budget; pods of `table` that are there are found by its label from then on.
    mutating func insert(_ budget: PodDisruptionBudget, _ entry: OrderedHandle, _ table: ObjectTable<Pod>) {
        guard let selector = budget.selector else { return }
        let namespace = budget.metadata.namespace
        guard let label = Self.label(of: selector, namespace: namespace) else {
            unlabelled.insert(entry, under: NameKey(namespace))
            return
        }
        budgets.insert(entry, under: label)
        if keys[namespace]?.contains(label.key) ?? false { return }
        keys[namespace, default: []].append(label.key)
        guard let present = table.byNamespace[NameKey(namespace)] else { return }
        table.forEach(in: present) { entry, pod in
            guard let value = pod.metadata.labels[label.key] else { return }
            pods.insert(entry, under: Label(namespace: namespace, key: label.key, value: value))
        }
    }

    /// Forgets `budget`, which is not in its table any more.
    mutating func remove(_ budget: PodDisruptionBudget, _ isLive: ObjectTable<KubernetesObject>.Liveness) {
        guard let selector = budget.selector else { return }
        if let label = Self.label(of: selector, namespace: budget.metadata.namespace) {
            budgets.forgetOne(under: label) { isLive($0) }
        } else {
            unlabelled.forgetOne(under: NameKey(budget.metadata.namespace)) { isLive($0) }
        }
    }

    mutating func replace(
        _ old: PodDisruptionBudget, with new: PodDisruptionBudget, _ entry: OrderedHandle, _ table: ObjectTable<Pod>
    ) {
        if old.selector == new.selector { return }
        if let selector = old.selector {
            if let label = Self.label(of: selector, namespace: old.metadata.namespace) {
                budgets.remove(entry, under: label)
            } else {
                unlabelled.remove(entry, under: NameKey(old.metadata.namespace))
            }
        }
        insert(new, entry, table)
    }
}
