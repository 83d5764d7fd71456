import SchedulingFramework

extension TrialCluster {
    /// Puts pods of one kind on the first nodes on which they fit, one after the other until one fits nowhere; returns how many
    /// found a place.
    func place(_ pods: [PodInfo], of kind: PodKind) -> Int {
        let isPlain = self.isPlain(kind)
        var isFull = [Bool](repeating: false, count: nodes.count)
        var start = 0
        for (number, pod) in pods.enumerated() {
            var found: Int?
            for place in start..<nodes.count where !isFull[place] {
                guard let verdict = verdict(kind, on: nodes[place]) else {
                    found = place
                    break
                }
                isFull[place] = isLasting(verdict, of: kind)
            }
            guard let found else { return number }
            add(pod, to: nodes[found])
            // A node that refused the kind once refuses it again.
            if isPlain { start = found }
        }
        return pods.count
    }

    /// Whether a node that refuses the kind for this reason refuses it however many more pods of the kind are placed.
    private func isLasting(_ verdict: NodeVerdict, of kind: PodKind) -> Bool {
        guard kind.takesOnlyResources, let plugin = verdict.plugin else { return false }
        return plugin != PodTopologySpread.name && plugin != InterPodAffinity.name
    }
}
