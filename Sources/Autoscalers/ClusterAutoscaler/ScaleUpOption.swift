import KubernetesAPI
import SchedulingFramework

/// What would become of one group's growth.
struct ScaleUpOption {
    let group: NodeGroup
    let node: NodeInfo
    let nodeCount: Int
    /// How many pods find a place, by the place of their kind among the groups of pods that wait.
    let placed: [Int]

    var podCount: Int { placed.reduce(0, +) }
}

/// Works out what groups can do for the pods that wait.
struct ScaleUpEstimate {
    let pending: [PendingGroup]
    let trial: TrialCluster
    let daemons: DaemonPods
    let parameters: ClusterAutoscaler.Parameters
    /// What is counted for each kind; nil for kinds of which each pod has to be tried.
    private let kinds: [CountableKind?]
    /// For each kind and rule, the other kinds whose pods count.
    private let others: [[[Int]]]
    /// What came of groups with the same numbers; only looked up.
    private var known: [GroupShape: (nodes: Int, placed: [Int])] = [:]

    /// Prepares the pods that wait in the cluster as it is; unless it `counts`, every pod is tried by itself.
    init(
        pending: [PendingGroup], trial: TrialCluster, daemons: DaemonPods, parameters: ClusterAutoscaler.Parameters,
        counts: Bool = true
    ) {
        self.pending = pending
        self.trial = trial
        self.daemons = daemons
        self.parameters = parameters
        kinds = pending.map { counts ? trial.countable($0.kind) : nil }
        others = kinds.enumerated().map { place, kind in
            (kind?.spread ?? []).map { rule in
                pending.indices.filter { other in
                    let (own, sample) = (pending[place].kind.sample, pending[other].kind.sample)
                    return other != place && own.key.namespace == sample.key.namespace
                        && rule.constraint.selects(sample.pod.metadata.labels)
                }
            }
        }
    }

    /// Returns what up to `nodesMax` more machines of `group` do, or why they would do nothing.
    mutating func option(for group: NodeGroup, nodesMax: Int, refusals: inout [[String]]) -> ScaleUpOption? {
        guard let first = group.templates.first else { return nil }
        let node = template(first, "template-node-for-\(group.name)")
        let isCounted = kinds.allSatisfy { $0 != nil }
        if !isCounted { trial.fork() }
        defer { if !isCounted { trial.revert() } }
        let sample = isCounted ? empty(node) : trial.addNode(node, pods: daemons.pods(on: node))
        var eligible: [Int] = []
        for (place, pods) in pending.enumerated() {
            let verdict = kinds[place].map { $0.verdict(onFirst: sample) } ?? trial.verdict(pods.kind, on: sample)
            if let verdict { refusals[place].append(verdict.verdict.message) } else { eligible.append(place) }
        }
        if eligible.isEmpty { return nil }
        let weights = pending.map { weight($0.kind, sample) }
        let order = eligible.sorted { left, right in
            weights[left] != weights[right] ? weights[left] > weights[right] : left < right
        }
        let copy = sample.copied()
        let result = grow(order, group, sample, copy, nodesMax)
        guard result.nodes > 0, result.placed.contains(where: { $0 > 0 }) else { return nil }
        return ScaleUpOption(group: group, node: copy, nodeCount: result.nodes, placed: result.placed)
    }

    /// Returns how many machines are added for the kinds of `order`, and how many pods of each kind find a place.
    private mutating func grow(
        _ order: [Int], _ group: NodeGroup, _ sample: NodeInfo, _ copy: NodeInfo, _ nodesMax: Int
    ) -> (nodes: Int, placed: [Int]) {
        let isPlain = order.allSatisfy { place in kinds[place]?.isPlain ?? trial.isPlain(pending[place].kind) }
        guard order.allSatisfy({ kinds[$0] != nil }) else {
            return isPlain ? pack(order, on: copy, nodesMax) : simulate(order, group, instead: sample, nodesMax)
        }
        var nodes = [copy]
        if !isPlain {
            nodes += group.templates.dropFirst().map { empty(template($0, "template-node-for-\(group.name)")) }
        }
        let shape = GroupShape(
            nodes, first: isPlain ? 0 : group.targetSize % nodes.count, nodesMax: nodesMax, order: order, kinds: kinds)
        if let result = known[shape] { return result }
        var growth = CountedGrowth(shape, kinds: kinds, podCounts: pending.map(\.pods.count), others: others)
        let result: (nodes: Int, placed: [Int])
        if isPlain {
            result = pack(order, on: copy, nodesMax)
        } else {
            let placed = growth.place()
            result = (growth.nodeCount, placed)
        }
        known[shape] = result
        return result
    }

    /// A machine with its daemons that is in no cluster.
    private func empty(_ node: Node) -> NodeInfo {
        let info = NodeInfo(node)
        for pod in daemons.pods(on: node) { info.add(pod) }
        return info
    }

    private func template(_ node: Node, _ name: String) -> Node {
        TemplateNode.named(name, node, startupTaints: parameters.startupTaints)
    }

    /// The share of a node that a pod takes, CPU and memory together, in millionths: the largest go first.
    private func weight(_ kind: PodKind, _ node: NodeInfo) -> Int64 {
        let wanted = kind.shape.requests
        func share(_ part: Int64, _ whole: Int64) -> Int64 {
            whole > 0 ? Int64(clamping: Int128(part) * 1_000_000 / Int128(whole)) : 0
        }
        return share(wanted.milliCPU, node.allocatable.milliCPU) + share(wanted.memory, node.allocatable.memory)
    }

    private func pack(_ order: [Int], on node: NodeInfo, _ nodesMax: Int) -> (nodes: Int, placed: [Int]) {
        var packing = Packing(of: node, nodesMax: nodesMax)
        var placed = [Int](repeating: 0, count: pending.count)
        for place in order {
            placed[place] = packing.place(pending[place].kind.shape, count: pending[place].pods.count)
        }
        return (packing.nodeCount, placed)
    }

    /// Places the pods one by one on nodes that are opened when there is no room, in the zones of the group in turn.
    private func simulate(
        _ order: [Int], _ group: NodeGroup, instead sample: NodeInfo, _ nodesMax: Int
    ) -> (nodes: Int, placed: [Int]) {
        trial.fork()
        defer { trial.revert() }
        trial.removeNode(sample)
        var placed = [Int](repeating: 0, count: pending.count)
        var opened: [NodeInfo] = []
        for place in order {
            let kind = pending[place].kind
            for pod in pending[place].pods {
                if let node = opened.first(where: { trial.fits(kind, on: $0) }) {
                    trial.add(pod, to: node)
                    placed[place] += 1
                    continue
                }
                guard opened.count < nodesMax else { break }
                let next = group.templates[(group.targetSize + opened.count) % group.templates.count]
                let node = template(next, "template-node-for-\(group.name)-\(opened.count)")
                trial.fork()
                let info = trial.addNode(node, pods: daemons.pods(on: node))
                guard trial.fits(kind, on: info) else {
                    trial.revert()
                    break
                }
                trial.commit()
                trial.add(pod, to: info)
                opened.append(info)
                placed[place] += 1
            }
        }
        return (opened.count, placed)
    }
}
