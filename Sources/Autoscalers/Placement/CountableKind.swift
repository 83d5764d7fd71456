import KubernetesAPI
import SchedulingFramework

/// Pods of one kind that take nothing of a node but resources and may have to be spread over domains: where they fit can be
/// counted.
struct CountableKind {
    let kind: PodKind
    /// The rules that look at a node alone, in their order, and the one that spreads in its place among them.
    let filters: [PlacementRules.FilterEntry]
    let state: CycleState
    let spread: [SpreadRule]

    /// Whether nothing but the node matters.
    var isPlain: Bool { spread.isEmpty && !kind.shape.hasSpreadConstraints }

    /// Whether all nodes are the same to it that differ in their labels alone.
    var ignoresLabels: Bool { kind.shape.spec.nodeSelector.isEmpty && kind.shape.requiredNodes == nil }

    /// Returns why pods of the kind may not run on `node`, by all rules but the one that spreads them.
    func localVerdict(on node: NodeInfo) -> NodeVerdict? {
        verdict(on: node, from: filters.startIndex, to: filters.endIndex)
    }

    /// Returns why pods of the kind may not run on `node`, a first node in a cluster whose others are counted.
    func verdict(onFirst node: NodeInfo) -> NodeVerdict? {
        guard let place = filters.firstIndex(where: { $0.name == PodTopologySpread.name }) else {
            return localVerdict(on: node)
        }
        if let verdict = verdict(on: node, from: 0, to: place) { return verdict }
        for rule in spread {
            guard let domain = node.labels[rule.constraint.topologyKey] else {
                return NodeVerdict(plugin: PodTopologySpread.name, verdict: PodTopologySpread.missingLabel)
            }
            if rule.isTooSkewed(onFirst: node, in: domain, of: kind, spread) {
                return NodeVerdict(plugin: PodTopologySpread.name, verdict: PodTopologySpread.tooSkewed)
            }
        }
        return verdict(on: node, from: place + 1, to: filters.endIndex)
    }

    private func verdict(on node: NodeInfo, from start: Int, to end: Int) -> NodeVerdict? {
        for entry in filters[start..<max(start, end)] where entry.name != PodTopologySpread.name {
            let verdict = entry.plugin.filter(kind.sample, on: node, state: state)
            if verdict.code != .success { return NodeVerdict(plugin: entry.name, verdict: verdict) }
        }
        return nil
    }
}

/// One constraint on the spreading of a kind, with how many pods count in each domain of the cluster as it is.
struct SpreadRule {
    let constraint: PodTopologySpread.Constraint
    /// 1 where the constraint selects the kind's own pods, else 0.
    let selfMatch: Int64
    /// The numbers of the domains that are taken into account; only looked up.
    private(set) var places: [String: Int] = [:]
    private(set) var counts: [Int64] = []

    /// Whether every node is a domain of its own.
    var isByHost: Bool { constraint.isHostname }

    fileprivate init(_ constraint: PodTopologySpread.Constraint, _ pod: PodInfo) {
        self.constraint = constraint
        selfMatch = constraint.selects(pod.pod.metadata.labels) ? 1 : 0
    }

    fileprivate mutating func collect(_ node: NodeInfo, of kind: PodKind) {
        guard constraint.includes(node, for: kind.shape), let domain = node.labels[constraint.topologyKey] else {
            return
        }
        let count = constraint.count(in: kind.sample.key.namespace, on: node)
        if let place = places[domain] {
            counts[place] += count
        } else {
            places[domain] = counts.count
            counts.append(count)
        }
    }

    /// The count above which one more pod in a domain would be too many, when these are the lowest and the number of domains.
    func limit(lowest: Int64, domains: Int) -> Int64 {
        let minimum = PodTopologySpread.globalMinimum(
            lowest: lowest, domains: domains, minDomains: constraint.minDomains)
        // Of no domains, the lowest is as high as can be.
        return minimum == Int64.max ? minimum : constraint.maxSkew + minimum - selfMatch
    }

    fileprivate func isTooSkewed(
        onFirst node: NodeInfo, in domain: String, of kind: PodKind, _ all: [SpreadRule]
    ) -> Bool {
        var counts = counts
        var own = places[domain].map { counts[$0] }
        if all.map(\.constraint).haveKeys(in: node.labels), constraint.includes(node, for: kind.shape) {
            let more = constraint.count(in: kind.sample.key.namespace, on: node)
            own = (own ?? 0) + more
            if let place = places[domain] { counts[place] += more } else { counts.append(more) }
        }
        return own ?? 0 > limit(lowest: counts.min() ?? Int64.max, domains: counts.count)
    }
}

extension TrialCluster {
    /// Returns a kind with what is counted for it in the cluster as it is now, or nil where counting does not tell where its
    /// pods fit.
    func countable(_ kind: PodKind) -> CountableKind? {
        guard kind.takesOnlyResources else { return nil }
        let cycle = self.cycle(of: kind)
        guard cycle.rejection == nil, cycle.nodeNames == nil else { return nil }
        var spread: [SpreadRule] = []
        if !cycle.isLocal {
            guard cycle.listeners.count == 1, cycle.countsNodes,
                let plugin = rules.filter(named: PodTopologySpread.name) as? PodTopologySpread
            else { return nil }
            let constraints = plugin.hardConstraints(of: kind.sample, in: snapshot)
            // An empty selector selects the pod itself, but counts nobody.
            if constraints.contains(where: { $0.selector?.isEmpty ?? false }) { return nil }
            spread = constraints.map { SpreadRule($0, kind.sample) }
            for node in snapshot.nodes where constraints.haveKeys(in: node.labels) {
                for place in spread.indices { spread[place].collect(node, of: kind) }
            }
        }
        return CountableKind(kind: kind, filters: cycle.filters, state: cycle.state, spread: spread)
    }
}
