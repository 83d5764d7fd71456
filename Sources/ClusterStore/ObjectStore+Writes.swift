import ControlPlane
import KubernetesAPI

// The only places where an object enters, changes or leaves: tables, indexes, versions and events move together.

// MARK: - Pods

extension ObjectStore {
    mutating func insert(_ pod: inout Pod, at key: TableKey, into events: inout [WatchEvent]) {
        pod.metadata.resourceVersion = takeVersion()
        let sequence = takeSequence()
        let entry = podTable.insert(pod, at: key, sequence: sequence)
        podIndexes.insert(pod, entry)
        budgetIndex.insert(pod, entry)
        places[pod.metadata.uid] = ObjectPlace(kind: .pod, handle: entry.handle)
        events.append(.added(.pod(pod)))
    }

    mutating func replace(
        _ handle: ObjectHandle, _ old: Pod, with new: inout Pod, into events: inout [WatchEvent],
        mayChangeOwners: Bool = false
    ) {
        new.metadata.resourceVersion = takeVersion()
        podTable.replace(handle, old, with: new, mayChangeOwners: mayChangeOwners)
        podIndexes.replace(old, with: new, podTable.entry(handle), mayChangeOwners: mayChangeOwners)
        budgetIndex.replace(old, with: new, podTable.entry(handle))
        events.append(.modified(old: .pod(old), new: .pod(new)))
    }

    /// Removes the pod; `last` is what the deletion event shows.
    mutating func remove(
        _ handle: ObjectHandle, _ old: Pod, last: inout Pod, into events: inout [WatchEvent]
    ) {
        podTable.remove(handle, at: TableKey(namespace: old.metadata.namespace, name: old.metadata.name))
        podIndexes.remove(old, podTable.isLive)
        budgetIndex.remove(old, podTable.isLive)
        places[old.metadata.uid] = nil
        last.metadata.resourceVersion = takeVersion()
        events.append(.deleted(.pod(last)))
    }
}

// MARK: - Nodes

extension ObjectStore {
    mutating func insert(_ node: inout Node, into events: inout [WatchEvent]) {
        node.metadata.resourceVersion = takeVersion()
        let sequence = takeSequence()
        let entry = nodeTable.insert(node, at: TableKey(namespace: "", name: node.metadata.name), sequence: sequence)
        nodeNames.insert(node.metadata.name, entry.handle)
        places[node.metadata.uid] = ObjectPlace(kind: .node, handle: entry.handle)
        events.append(.added(.node(node)))
    }

    mutating func replace(
        _ handle: ObjectHandle, _ old: Node, with new: inout Node, into events: inout [WatchEvent],
        mayChangeOwners: Bool = false
    ) {
        new.metadata.resourceVersion = takeVersion()
        nodeTable.replace(handle, old, with: new, mayChangeOwners: mayChangeOwners)
        events.append(.modified(old: .node(old), new: .node(new)))
    }

    mutating func remove(
        _ handle: ObjectHandle, _ old: Node, last: inout Node, into events: inout [WatchEvent]
    ) {
        nodeTable.remove(handle, at: TableKey(namespace: "", name: old.metadata.name))
        nodeNames.remove(old.metadata.name)
        places[old.metadata.uid] = nil
        last.metadata.resourceVersion = takeVersion()
        events.append(.deleted(.node(last)))
    }
}

// MARK: - All other kinds

extension ObjectStore {
    mutating func insert(_ object: inout KubernetesObject, into events: inout [WatchEvent]) {
        object.metadata.resourceVersion = takeVersion()
        let sequence = takeSequence()
        let kind = object.kind
        let entry = self[kind].insert(object, at: TableKey(object.key), sequence: sequence)
        presentKinds |= 1 << UInt64(kind.rawValue)
        places[object.metadata.uid] = ObjectPlace(kind: kind, handle: entry.handle)
        if case .podDisruptionBudget(let budget) = object { budgetIndex.insert(budget, entry, podTable) }
        if kind == .priorityClass { admission.forget() }
        if kind == .namespace, object.metadata.deletionTimestamp != nil {
            terminatingNamespaces.insert(object.metadata.name)
        }
        events.append(.added(object))
    }

    mutating func replace(
        _ handle: ObjectHandle, _ old: KubernetesObject, with new: inout KubernetesObject,
        into events: inout [WatchEvent], mayChangeOwners: Bool = false
    ) {
        new.metadata.resourceVersion = takeVersion()
        let kind = new.kind
        self[kind].replace(handle, old, with: new, mayChangeOwners: mayChangeOwners)
        if case .podDisruptionBudget(let budget) = new, case .podDisruptionBudget(let before) = old {
            budgetIndex.replace(before, with: budget, self[kind].entry(handle), podTable)
        }
        if kind == .priorityClass { admission.forget() }
        if kind == .namespace, new.metadata.deletionTimestamp != nil {
            terminatingNamespaces.insert(new.metadata.name)
        }
        events.append(.modified(old: old, new: new))
    }

    mutating func remove(
        _ handle: ObjectHandle, _ old: KubernetesObject, last: inout KubernetesObject,
        into events: inout [WatchEvent]
    ) {
        let kind = old.kind
        self[kind].remove(handle, at: TableKey(old.key))
        if case .podDisruptionBudget(let budget) = old { budgetIndex.remove(budget, self[kind].isLive) }
        if others[Int(kind.rawValue)].count == 0 { presentKinds &= ~(1 << UInt64(kind.rawValue)) }
        places[old.metadata.uid] = nil
        if kind == .priorityClass { admission.forget() }
        if kind == .namespace { terminatingNamespaces.remove(old.metadata.name) }
        last.metadata.resourceVersion = takeVersion()
        events.append(.deleted(last))
    }
}
