import KubernetesAPI

extension PodTopologySpread {
    /// Keeps the counts of a cycle right when nodes without pods come and go, so that they need not be made anew.
    package final class NodeFollower {
        private let pod: PodInfo
        private let state: State
        /// How many nodes are in each domain, for each constraint; only looked up.
        private var nodes: [[String: Int]]

        /// Creates one for `pod`, whose cycle has been through the pre-filter with `nodes`; nil where the counts cannot
        /// follow, or there are none.
        package init?(_ pod: PodInfo, among nodes: [NodeInfo], state: CycleState) {
            guard let state = state[PodTopologySpread.name] as? State, let hard = state.hard else { return nil }
            // Pods that come are counted by what they are asked about, those that are there by nothing.
            if hard.constraints.contains(where: \.countsNobody) { return nil }
            self.pod = pod
            self.state = state
            self.nodes = hard.constraints.map { _ in [:] }
            for node in nodes {
                forDomains(of: node) { index, domain in self.nodes[index][domain, default: 0] += 1 }
            }
        }

        /// Takes a node without pods into account.
        package func nodeAdded(_ node: NodeInfo) {
            forDomains(of: node) { index, domain in
                nodes[index][domain, default: 0] += 1
                if nodes[index][domain] == 1 { state.hard?.counts[index].open(domain) }
            }
        }

        /// Leaves a node out of account from which all pods are gone.
        package func nodeRemoved(_ node: NodeInfo) {
            forDomains(of: node) { index, domain in
                let left = (nodes[index][domain] ?? 0) - 1
                nodes[index][domain] = left > 0 ? left : nil
                if left <= 0 { state.hard?.counts[index].close(domain) }
            }
        }

        private func forDomains(of node: NodeInfo, _ body: (Int, String) -> Void) {
            guard let constraints = state.hard?.constraints, constraints.haveKeys(in: node.labels) else { return }
            for (index, constraint) in constraints.enumerated() where constraint.includes(node, for: pod.shape) {
                if let domain = node.labels[constraint.topologyKey] { body(index, domain) }
            }
        }
    }
}
