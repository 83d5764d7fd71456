import KubernetesAPI

extension ObjectStore {
    /// Recomputes every index from the objects and returns what differs; empty means that all is well.
    package func checkIndexes() -> [String] {
        var faults = podTable.faults(named: "pods") + nodeTable.faults(named: "nodes")
        for kind in ObjectKind.allCases { faults += self[kind].faults(named: kind.name) }

        var fresh = PodIndexes()
        var freshPlaces: [UID: ObjectPlace] = [:]
        podTable.forEach(in: podTable.order) { entry, pod in
            fresh.insert(pod, entry)
            freshPlaces[pod.metadata.uid] = ObjectPlace(kind: .pod, handle: entry.handle)
        }
        faults += podIndexes.differences(from: fresh, podTable.isLive).map { "pods: the index \($0) differs" }

        faults += budgetIndexFaults()

        var freshNames = NodeNames()
        nodeTable.forEach(in: nodeTable.order) { entry, node in
            freshNames.insert(node.metadata.name, entry.handle)
            freshPlaces[node.metadata.uid] = ObjectPlace(kind: .node, handle: entry.handle)
        }
        if freshNames.handles != nodeNames.handles { faults.append("nodes: name order differs") }

        var terminating: Set<String> = []
        for kind in ObjectKind.allCases {
            self[kind].forEach(in: self[kind].order) { entry, object in
                let metadata = object.metadata
                freshPlaces[metadata.uid] = ObjectPlace(kind: kind, handle: entry.handle)
                if kind == .namespace, metadata.deletionTimestamp != nil { terminating.insert(metadata.name) }
            }
        }
        if freshPlaces != places { faults.append("uids: the index differs") }
        if terminating != terminatingNamespaces { faults.append("namespaces: the terminating set differs") }
        return faults
    }

    private func budgetIndexFaults() -> [String] {
        var fresh = BudgetIndex()
        self[.podDisruptionBudget].forEach(in: self[.podDisruptionBudget].order) { entry, object in
            if case .podDisruptionBudget(let budget) = object { fresh.insert(budget, entry, podTable) }
        }
        var faults: [String] = []
        let isLive = self[.podDisruptionBudget].isLive
        if !isLive.areEqual(budgetIndex.budgets, fresh.budgets)
            || !isLive.areEqual(budgetIndex.unlabelled, fresh.unlabelled)
        {
            faults.append("budgets: the index by label differs")
        }
        // Keys of budgets that are gone stay: what is followed may be more than what is asked for.
        let areFollowed = fresh.pods.lists.allSatisfy { label, list in
            budgetIndex.pods[label].map(podTable.isLive.entries) == podTable.isLive.entries(of: list)
        }
        if !areFollowed { faults.append("pods: the index by label differs") }
        return faults
    }

    /// Returns a hash of the keys, uids and versions of all objects in list order (FNV-1a).
    ///
    /// Equal requests in equal order give equal digests, in every process.
    package func digest() -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        func absorb(_ value: UInt64) {
            for shift in stride(from: UInt64(0), to: 64, by: 8) {
                hash = (hash ^ (value >> shift & 0xff)) &* 0x100_0000_01b3
            }
        }
        func absorb(_ key: ObjectKey, _ metadata: ObjectMeta) {
            absorb(UInt64(key.kind.rawValue))
            for byte in key.namespace.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
            absorb(UInt64(key.namespace.utf8.count))
            for byte in key.name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
            absorb(UInt64(key.name.utf8.count))
            absorb(metadata.uid.high)
            absorb(metadata.uid.low)
            absorb(UInt64(bitPattern: metadata.resourceVersion))
        }
        podTable.forEach(in: podTable.order) { absorb($1.key, $1.metadata) }
        nodeTable.forEach(in: nodeTable.order) { absorb($1.key, $1.metadata) }
        for table in others { table.forEach(in: table.order) { absorb($1.key, $1.metadata) } }
        absorb(UInt64(bitPattern: resourceVersion))
        return hash
    }
}
