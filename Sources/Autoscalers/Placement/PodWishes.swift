import KubernetesAPI
import SchedulingFramework

// Kubernetes counterpart: provisioning/scheduling/preferences.go (karpenter).
// Deliberate difference: which pods a pod prefers to be near to or far from plays no part, nor do PreferNoSchedule taints.

/// What pods prefer, taken for required and given up piece by piece.
enum PodWishes {
    /// Returns shapes that ask for what `shape` prefers: the strictest first, each of the others gives up one thing more, the
    /// last everything. Empty for a shape that prefers nothing.
    static func shapes(of shape: PodShape) -> [PodShape] {
        let spec = shape.spec
        // As upstream, the heaviest of the preferred nodes that are left are the ones that are asked for.
        var nodes = spec.affinity?.nodeAffinity?.preferred ?? []
        nodes = nodes.enumerated().sorted { left, right in
            (right.element.weight, left.offset) < (left.element.weight, right.offset)
        }.map(\.element)
        var spread = spec.topologySpreadConstraints
        let hasSoft = spread.contains { $0.whenUnsatisfiable == .scheduleAnyway }
        if nodes.isEmpty, !hasSoft { return [] }
        var shapes: [PodShape] = []
        for place in 0...nodes.count {
            shapes.append(make(shape, place < nodes.count ? nodes[place].preference : nil, spread))
        }
        while let place = spread.firstIndex(where: { $0.whenUnsatisfiable == .scheduleAnyway }) {
            let last = spread.removeLast()
            if place < spread.count { spread[place] = last }
            shapes.append(make(shape, nil, spread))
        }
        return shapes
    }

    private static func make(
        _ shape: PodShape, _ preference: NodeSelectorTerm?, _ spread: [TopologySpreadConstraint]
    ) -> PodShape {
        var spec = shape.spec
        spec.topologySpreadConstraints = spread.map { constraint in
            var constraint = constraint
            constraint.whenUnsatisfiable = .doNotSchedule
            return constraint
        }
        var rules = spec.affinity?.nodeAffinity ?? NodeAffinityRules()
        rules.preferred = []
        if let preference {
            let terms = rules.required?.terms ?? [NodeSelectorTerm()]
            rules.required = NodeSelector(
                terms: terms.map { term in
                    NodeSelectorTerm(
                        matchExpressions: term.matchExpressions + preference.matchExpressions,
                        matchFields: term.matchFields + preference.matchFields)
                })
        }
        if spec.affinity != nil { spec.affinity?.nodeAffinity = rules }
        return PodShape(PodSpecBox(spec), gpu: shape.gpu)
    }
}
