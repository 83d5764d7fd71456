import KubernetesAPI

// Kubernetes counterpart: backend/cache/node_tree.go (v1.36).

/// The order in which nodes are looked at: by name, or zone by zone in turn.
struct NodeOrder {
    private let interleavesZones: Bool
    /// In order of appearance; used only when zones take turns.
    private var zones: [(key: String, nodes: [String])] = []
    /// In name order; used only when they do not.
    private var names: [String] = []

    init(interleavesZones: Bool) { self.interleavesZones = interleavesZones }

    mutating func add(_ node: Node) {
        let name = node.metadata.name
        guard interleavesZones else {
            let place = Self.place(of: name, in: names)
            names.insert(name, at: place)
            return
        }
        let key = Self.zoneKey(node)
        if let place = zones.firstIndex(where: { $0.key == key }) {
            zones[place].nodes.append(name)
        } else {
            zones.append((key, [name]))
        }
    }

    mutating func remove(_ node: Node) {
        let name = node.metadata.name
        guard interleavesZones else {
            let place = Self.place(of: name, in: names)
            if place < names.count, names[place] == name { names.remove(at: place) }
            return
        }
        let key = Self.zoneKey(node)
        guard let place = zones.firstIndex(where: { $0.key == key }) else { return }
        zones[place].nodes.removeAll { $0 == name }
        if zones[place].nodes.isEmpty { zones.remove(at: place) }
    }

    /// Takes over a change of labels; returns whether the order changed.
    mutating func update(from old: Node, to new: Node) -> Bool {
        guard interleavesZones, Self.zoneKey(old) != Self.zoneKey(new) else { return false }
        remove(old)
        add(new)
        return true
    }

    /// All names, in order.
    var list: [String] {
        guard interleavesZones else { return names }
        var list: [String] = []
        let longest = zones.map(\.nodes.count).max() ?? 0
        for round in 0..<longest {
            for zone in zones where round < zone.nodes.count { list.append(zone.nodes[round]) }
        }
        return list
    }

    private static func place(of name: String, in names: [String]) -> Int {
        var low = 0
        var high = names.count
        while low < high {
            let middle = (low + high) / 2
            if names[middle] < name { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private static func zoneKey(_ node: Node) -> String {
        let labels = node.metadata.labels
        let zone = labels["topology.kubernetes.io/zone"] ?? labels["failure-domain.beta.kubernetes.io/zone"] ?? ""
        let region = labels["topology.kubernetes.io/region"] ?? labels["failure-domain.beta.kubernetes.io/region"] ?? ""
        return zone.isEmpty && region.isEmpty ? "" : region + ":" + zone
    }
}
