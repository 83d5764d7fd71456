import KubernetesAPI
import SchedulingFramework

/// What a group offers to pods that can be counted, in numbers alone: groups with the same numbers grow alike.
struct GroupShape: Hashable {
    /// An empty machine.
    struct Template: Hashable {
        var free: ResourceAmounts
        var freePods: Int64

        init(_ node: NodeInfo) {
            free = node.free
            freePods = node.allowedPods - node.podCount
        }
    }

    /// Where the machines of a template stand by one rule of one kind.
    struct Seat: Hashable {
        /// The number of the domain: those that the cluster has come first.
        var domain = 0
        /// Whether the machine and its domain are taken into account.
        var counts = false
        /// How many of its daemons count.
        var daemons: Int64 = 0
    }

    /// One kind of the pods, as it sees the templates.
    struct Part: Hashable {
        /// Its place among the groups of pods that wait.
        let place: Int
        /// For each template, whether its machines take the kind at all.
        var fits: [Bool]
        /// For each rule, for each template.
        var seats: [[Seat]] = []
        /// For each rule, how many domains there are with those of the templates.
        var domains: [Int] = []
    }

    let templates: [Template]
    /// Which template the first new machine has; the others follow in turn.
    let first: Int
    let nodesMax: Int
    /// In the order in which they are placed.
    let parts: [Part]

    /// Reads how `kinds`, by their places in the order in which they go, see empty machines of each template.
    ///
    /// All of them fit on the first template.
    init(_ nodes: [NodeInfo], first: Int, nodesMax: Int, order: [Int], kinds: [CountableKind?]) {
        templates = nodes.map { Template($0) }
        self.first = first
        self.nodesMax = nodesMax
        let twins = nodes.map { $0 === nodes[0] || Self.differInLabels($0, nodes[0]) }
        parts = order.compactMap { place in
            guard let kind = kinds[place] else { return nil }
            var part = Part(place: place, fits: [])
            for (number, node) in nodes.enumerated() {
                let isKnown = number == 0 || twins[number] && kind.ignoresLabels
                part.fits.append(isKnown || kind.localVerdict(on: node) == nil)
            }
            part.sit(kind, nodes)
            return part
        }
    }

    /// Whether two empty machines are the same but for their labels.
    private static func differInLabels(_ left: NodeInfo, _ right: NodeInfo) -> Bool {
        left.taints == right.taints && left.allocatable == right.allocatable && left.requested == right.requested
            && left.allowedPods == right.allowedPods && left.podCount == right.podCount
            && left.node.spec.unschedulable == right.node.spec.unschedulable
    }
}

extension GroupShape.Part {
    fileprivate mutating func sit(_ kind: CountableKind, _ nodes: [NodeInfo]) {
        let constraints = kind.spread.map(\.constraint)
        let namespace = kind.kind.sample.key.namespace
        let haveKeys = nodes.map { constraints.haveKeys(in: $0.labels) }
        for number in nodes.indices where !haveKeys[number] { fits[number] = false }
        for rule in kind.spread {
            var new: [String] = []
            var row: [GroupShape.Seat] = []
            for (number, node) in nodes.enumerated() {
                var seat = GroupShape.Seat()
                if let domain = node.labels[rule.constraint.topologyKey], !rule.isByHost {
                    if let place = rule.places[domain] {
                        seat.domain = place
                    } else {
                        let place = new.firstIndex(of: domain) ?? new.count
                        if place == new.count { new.append(domain) }
                        seat.domain = rule.counts.count + place
                    }
                }
                seat.counts = haveKeys[number] && rule.constraint.includes(node, for: kind.kind.shape)
                if seat.counts, node.podCount > 0 { seat.daemons = rule.constraint.count(in: namespace, on: node) }
                row.append(seat)
            }
            seats.append(row)
            domains.append(rule.counts.count + new.count)
        }
    }
}
