package import Chronology
package import ControlPlane
package import KubernetesAPI

// MARK: - Gets

extension ObjectStore: ClusterView {
    package var startDate: StartDate { options.startDate }

    package func pod(namespace: String, name: String) -> Pod? {
        podTable.object(TableKey(namespace: namespace, name: name))
    }

    package func node(_ name: String) -> Node? { nodeTable.object(TableKey(namespace: "", name: name)) }

    package func replicaSet(namespace: String, name: String) -> ReplicaSet? {
        guard case .replicaSet(let object)? = other(.replicaSet, namespace, name) else { return nil }
        return object
    }

    package func deployment(namespace: String, name: String) -> Deployment? {
        guard case .deployment(let object)? = other(.deployment, namespace, name) else { return nil }
        return object
    }

    package func job(namespace: String, name: String) -> Job? {
        guard case .job(let object)? = other(.job, namespace, name) else { return nil }
        return object
    }

    package func object(_ key: ObjectKey) -> KubernetesObject? {
        // First of all: an argument that is made after the table is chosen costs a copy of the table.
        let name = TableKey(key)
        if key.kind == .pod { return podTable.object(name).map { .pod($0) } }
        if key.kind == .node { return nodeTable.object(name).map { .node($0) } }
        return others[Int(key.kind.rawValue)].object(name)
    }

    package func object(uid: UID) -> KubernetesObject? {
        guard let place = places[uid] else { return nil }
        return object(at: place)
    }

    private func other(_ kind: ObjectKind, _ namespace: String, _ name: String) -> KubernetesObject? {
        let key = TableKey(namespace: namespace, name: name)
        return others[Int(kind.rawValue)].object(key)
    }

    private func object(at place: ObjectPlace) -> KubernetesObject {
        if place.kind == .pod { return .pod(podTable.object(place.handle)) }
        if place.kind == .node { return .node(nodeTable.object(place.handle)) }
        return others[Int(place.kind.rawValue)].object(place.handle)
    }

    /// Where the object at `key` is, or nil.
    func place(of key: ObjectKey) -> ObjectPlace? {
        let name = TableKey(key)
        let handle =
            key.kind == .pod
            ? podTable.handle(name) : key.kind == .node ? nodeTable.handle(name) : self[key.kind].handle(name)
        return handle.map { ObjectPlace(kind: key.kind, handle: $0) }
    }
}

// MARK: - Lists

extension ObjectStore {
    package func nodes() -> [Node] { nodeNames.handles.map(nodeTable.object) }

    package func pods(inNamespace namespace: String) -> [Pod] {
        podTable.objects(podTable.byNamespace[NameKey(namespace)])
    }

    package func pods(inNamespace namespace: String, matching selector: LabelSelector) -> [Pod] {
        guard let label = BudgetIndex.label(of: selector, namespace: namespace),
            budgetIndex.keys[namespace]?.contains(label.key) ?? false
        else {
            return pods(inNamespace: namespace).filter { selector.matches($0.metadata.labels) }
        }
        guard let list = budgetIndex.pods[label] else { return [] }
        var result: [Pod] = []
        result.reserveCapacity(list.count)
        podTable.forEach(in: list) { if selector.matches($1.metadata.labels) { result.append($1) } }
        return result
    }

    package func disruptionBudgets(
        inNamespace namespace: String, matching labels: StringMap
    ) -> [PodDisruptionBudget] {
        budgetEntries(inNamespace: namespace, matching: labels).compactMap { entry in
            guard case .podDisruptionBudget(let budget) = self[.podDisruptionBudget].object(entry.handle),
                budget.selector?.matches(labels) ?? false
            else { return nil }
            return budget
        }
    }

    /// The budgets of a namespace that may mean a pod with `labels`, in the order of creation.
    private func budgetEntries(inNamespace namespace: String, matching labels: StringMap) -> [OrderedHandle] {
        var entries: [OrderedHandle] = []
        for place in budgetIndex.places(of: labels, namespace: namespace) {
            entries += self[.podDisruptionBudget].entries(budgetIndex.budgets[place])
        }
        entries += self[.podDisruptionBudget].entries(budgetIndex.unlabelled[NameKey(namespace)])
        return entries.count > 1 ? entries.sorted() : entries
    }

    package func pods(controlledBy owner: UID) -> [Pod] {
        guard let list = podTable.byOwner[owner] else { return [] }
        var result: [Pod] = []
        result.reserveCapacity(list.count)
        podTable.forEach(in: list) { if $1.metadata.controllerUID == owner { result.append($1) } }
        return result
    }

    package func podSummary(controlledBy owner: UID) -> PodSummary? { podIndexes.summaries[owner] }

    package func orphanPods(inNamespace namespace: String) -> [Pod] {
        podTable.objects(podTable.orphans[NameKey(namespace)])
    }

    package func pods(onNode node: String) -> [Pod] { podTable.objects(podIndexes.byNode[NameKey(node)]) }

    package func pods(inPhase phase: PodPhase) -> [Pod] {
        phase == .running
            ? podTable.objects(podTable.order).filter { $0.status.phase == .running }
            : podTable.objects(podIndexes[phase])
    }

    package func terminatedPods() -> [Pod] {
        let succeeded = podTable.entries(podIndexes[.succeeded])
        let failed = podTable.entries(podIndexes[.failed])
        var merged: [Pod] = []
        merged.reserveCapacity(succeeded.count + failed.count)
        var next = 0
        for entry in failed {
            while next < succeeded.count, succeeded[next] < entry {
                merged.append(podTable.object(succeeded[next].handle))
                next += 1
            }
            merged.append(podTable.object(entry.handle))
        }
        for entry in succeeded[next...] { merged.append(podTable.object(entry.handle)) }
        return merged
    }

    package func objects(of kind: ObjectKind, namespace: String?) -> [KubernetesObject] {
        // A cluster-scoped kind has no namespaces to choose from.
        let namespace = kind.isNamespaced ? namespace : nil
        if kind == .pod {
            return podTable.objects(
                namespace.map { podTable.byNamespace[NameKey($0)] ?? HandleList() } ?? podTable.order
            ).map {
                .pod($0)
            }
        }
        if kind == .node { return nodeTable.objects(nodeTable.order).map { .node($0) } }
        // Asked for with every pod, of kinds that few clusters have.
        let table = Int(kind.rawValue)
        if others[table].count == 0 { return [] }
        guard let namespace else { return others[table].objects(others[table].order) }
        return others[table].objects(others[table].byNamespace[NameKey(namespace)])
    }

    package func replicaSets(controlledBy owner: UID) -> [ReplicaSet] {
        replicaSets(others[Int(ObjectKind.replicaSet.rawValue)].byOwner[owner]) { $0.metadata.controllerUID == owner }
    }

    package func orphanReplicaSets(inNamespace namespace: String) -> [ReplicaSet] {
        replicaSets(others[Int(ObjectKind.replicaSet.rawValue)].orphans[NameKey(namespace)]) { _ in true }
    }

    private func replicaSets(_ list: HandleList?, where belongs: (ReplicaSet) -> Bool) -> [ReplicaSet] {
        guard let list else { return [] }
        var found: [ReplicaSet] = []
        others[Int(ObjectKind.replicaSet.rawValue)].forEach(in: list) { _, object in
            if case .replicaSet(let replicaSet) = object, belongs(replicaSet) { found.append(replicaSet) }
        }
        return found
    }

    package func dependents(of owner: UID) -> [KubernetesObject] {
        var found: [(entry: OrderedHandle, kind: ObjectKind)] = []
        var kinds = 0
        func gather<Object>(_ kind: ObjectKind, _ table: ObjectTable<Object>) {
            guard let list = table.byOwner[owner] else { return }
            kinds += 1
            for entry in table.entries(list) { found.append((entry, kind)) }
        }
        gather(.pod, podTable)
        gather(.node, nodeTable)
        for kind in ObjectKind.allCases where presentKinds & 1 << UInt64(kind.rawValue) != 0 {
            gather(kind, others[Int(kind.rawValue)])
        }
        if kinds > 1 { found.sort { $0.entry < $1.entry } }
        return found.map { object(at: ObjectPlace(kind: $0.kind, handle: $0.entry.handle)) }
    }

    /// The number of objects of a kind.
    package func count(of kind: ObjectKind) -> Int {
        kind == .pod ? podTable.count : kind == .node ? nodeTable.count : self[kind].count
    }
}
