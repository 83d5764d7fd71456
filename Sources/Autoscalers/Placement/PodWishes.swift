import KubernetesAPI
import SchedulingFramework

// Kubernetes counterpart: provisioning/scheduling/preferences.go (karpenter).
// Deliberate difference: which pods a pod prefers to be near to or far from plays no part, nor do PreferNoSchedule taints.

/// What pods prefer, taken for required and given up piece by piece.
enum PodWishes {
    /// How much of what a pod says is asked for first.
    enum Extent {
        /// All that it prefers.
        case all
        /// Only the first of several nodes of which any would do.
        case alternatives
    }

    /// Returns shapes that ask for what `shape` prefers: the strictest first, each of the others gives up one thing more, the
    /// last everything. Empty for a shape that prefers nothing.
    ///
    /// Of several required terms the first is asked for, and given up before anything that is merely preferred.
    static func shapes(of shape: PodShape, _ extent: Extent) -> [PodShape] {
        let spec = shape.spec
        let terms = spec.affinity?.nodeAffinity?.required?.terms ?? []
        let earlier = terms.dropLast()
        let last = earlier.isEmpty ? nil : terms.last
        if extent == .alternatives {
            return earlier.isEmpty ? [] : terms.map { Self.shape(shape, of: $0) }
        }
        // As upstream, the heaviest of the preferred nodes that are left are the ones that are asked for.
        var nodes = spec.affinity?.nodeAffinity?.preferred ?? []
        nodes = nodes.enumerated().sorted { left, right in
            (right.element.weight, left.offset) < (left.element.weight, right.offset)
        }.map(\.element)
        var spread = spec.topologySpreadConstraints
        let hasSoft = spread.contains { $0.whenUnsatisfiable == .scheduleAnyway }
        if earlier.isEmpty, nodes.isEmpty, !hasSoft { return [] }
        var shapes = earlier.map { make(shape, $0, nodes.first?.preference, spread) }
        for place in 0...nodes.count {
            shapes.append(make(shape, last, place < nodes.count ? nodes[place].preference : nil, spread))
        }
        while let place = spread.firstIndex(where: { $0.whenUnsatisfiable == .scheduleAnyway }) {
            let moved = spread.removeLast()
            if place < spread.count { spread[place] = moved }
            shapes.append(make(shape, last, nil, spread))
        }
        return shapes
    }

    private static func shape(_ shape: PodShape, of term: NodeSelectorTerm) -> PodShape {
        var spec = shape.spec
        spec.affinity?.nodeAffinity?.required = NodeSelector(terms: [term])
        return PodShape(PodSpecBox(spec), gpu: shape.gpu)
    }

    private static func make(
        _ shape: PodShape, _ term: NodeSelectorTerm?, _ preference: NodeSelectorTerm?,
        _ spread: [TopologySpreadConstraint]
    ) -> PodShape {
        var spec = shape.spec
        spec.topologySpreadConstraints = spread.map { constraint in
            var constraint = constraint
            constraint.whenUnsatisfiable = .doNotSchedule
            return constraint
        }
        var rules = spec.affinity?.nodeAffinity ?? NodeAffinityRules()
        rules.preferred = []
        if let term { rules.required = NodeSelector(terms: [term]) }
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
