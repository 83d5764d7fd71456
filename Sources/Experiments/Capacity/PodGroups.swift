import ControlPlane
import KubernetesAPI

/// The pods of manifests by the machines that admit them: two groups may have none in common.
struct PodGroups {
    /// Pods for which the same machines will do.
    struct Group {
        /// For each machine whether it takes such pods, by labels, taints and size.
        let admits: [Bool]
        fileprivate var objects: [KubernetesObject]
    }

    /// So many machines of one kind, and what they are there for.
    struct Part {
        let offer: Int
        var count: Int
        fileprivate var objects: [KubernetesObject]
    }

    private let nodes: [Node]
    private let shares: [MachineShare]
    private let rules: DemandRules
    /// In the order of the manifests; of pods that no machine admits there is none.
    let groups: [Group]

    /// Groups the pods of `objects`; a machine is a node and what it leaves to pods.
    init(_ objects: [KubernetesObject], nodes: [Node], shares: [MachineShare], rules: DemandRules) {
        self.rules = rules
        self.nodes = nodes
        self.shares = shares
        var groups: [Group] = []
        for object in objects {
            guard let (spec, count) = WorkloadPods.pods(of: object), count > 0 else { continue }
            let admits = Self.admits(spec, nodes, shares, by: StaticDemand([object], rules))
            guard admits.contains(true) else { continue }
            if let place = groups.firstIndex(where: { $0.admits == admits }) {
                groups[place].objects.append(object)
            } else {
                groups.append(Group(admits: admits, objects: [object]))
            }
        }
        self.groups = groups
    }

    private static func admits(_ spec: PodSpec, _ nodes: [Node], _ shares: [MachineShare], by demand: StaticDemand)
        -> [Bool]
    {
        let placement = DaemonSetPlacement(PodTemplateSpec(spec: spec))
        return nodes.indices.map {
            placement.verdict(nodes[$0]) == .runs && demand.leastCount(on: shares[$0]) != nil
        }
    }

    /// For each machine whether it takes a pod of `spec`.
    func admits(_ spec: PodSpec) -> [Bool] {
        let pod = KubernetesObject.pod(Pod(metadata: ObjectMeta(name: "pod"), spec: spec))
        return Self.admits(spec, nodes, shares, by: StaticDemand([pod], rules))
    }

    /// Whether there is a machine that admits the pods of all groups.
    var haveCommonMachine: Bool { nodes.indices.contains { place in groups.allSatisfy { $0.admits[place] } } }

    /// Whether each group has a machine among the kinds at these places.
    func areAdmitted(by places: [Int]) -> Bool {
        groups.allSatisfy { group in places.contains { group.admits[$0] } }
    }

    /// Returns a kind of machine for each group, as many as hold the sum of what is put on them; the pickiest groups choose
    /// first, and the others join them where that adds less to `cost` than a kind of their own, or where there are `kindsMax`.
    func union(kindsMax: Int, cost: (Int) -> Int64) -> [Part] {
        var parts: [Part] = []
        let order = groups.enumerated().sorted { left, right in
            let (first, second) = (left.element.admits.count { $0 }, right.element.admits.count { $0 })
            return (first, left.offset) < (second, right.offset)
        }
        for group in order.map(\.element) {
            let mustJoin = parts.count >= kindsMax && parts.contains { group.admits[$0.offer] }
            var best: (part: Part, place: Int, added: Int64)?
            for offer in nodes.indices where group.admits[offer] {
                let known = parts.firstIndex { $0.offer == offer }
                if mustJoin, known == nil { continue }
                let objects = (known.map { parts[$0].objects } ?? []) + group.objects
                guard let least = StaticDemand(objects, rules).leastCount(on: shares[offer]) else { continue }
                let count = max(1, least)
                let added = Int64(clamping: Int128(count - (known.map { parts[$0].count } ?? 0)) * Int128(cost(offer)))
                // Of equal ones, what is there already is not another kind.
                let isBetter = best.map { (added, known == nil ? 1 : 0) < ($0.added, $0.place == parts.count ? 1 : 0) }
                guard isBetter ?? true else { continue }
                best = (Part(offer: offer, count: count, objects: objects), known ?? parts.count, added)
            }
            guard let best else { continue }
            if best.place < parts.count { parts[best.place] = best.part } else { parts.append(best.part) }
        }
        return parts
    }
}
