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

    /// Returns what up to `nodesMax` more machines of `group` do, or why they would do nothing.
    func option(for group: NodeGroup, nodesMax: Int, refusals: inout [[String]]) -> ScaleUpOption? {
        guard let first = group.templates.first else { return nil }
        let node = template(first, "template-node-for-\(group.name)")
        var eligible: [Int] = []
        var isPlain = true
        trial.fork()
        defer { trial.revert() }
        let sample = trial.addNode(node, pods: daemons.pods(on: node))
        for (place, pods) in pending.enumerated() {
            if let verdict = trial.verdict(pods.kind, on: sample) {
                refusals[place].append(verdict.verdict.message)
            } else {
                eligible.append(place)
                isPlain = isPlain && trial.isPlain(pods.kind)
            }
        }
        if eligible.isEmpty { return nil }
        let order = eligible.sorted { left, right in
            let (first, second) = (weight(pending[left].kind, sample), weight(pending[right].kind, sample))
            return first != second ? first > second : left < right
        }
        let copy = sample.copied()
        let result =
            isPlain ? pack(order, on: copy, nodesMax) : simulate(order, group, instead: sample, nodesMax)
        guard result.nodes > 0, result.placed.contains(where: { $0 > 0 }) else { return nil }
        return ScaleUpOption(group: group, node: copy, nodeCount: result.nodes, placed: result.placed)
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
