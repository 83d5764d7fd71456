/// Where a pod wants to be, or not to be (`v1.Affinity`).
@usableFromInline
package struct Affinity: Hashable, Sendable {
    package var nodeAffinity: NodeAffinityRules?
    package var podAffinity: PodAffinityRules?
    package var podAntiAffinity: PodAffinityRules?

    package init(
        nodeAffinity: NodeAffinityRules? = nil, podAffinity: PodAffinityRules? = nil,
        podAntiAffinity: PodAffinityRules? = nil
    ) {
        self.nodeAffinity = nodeAffinity
        self.podAffinity = podAffinity
        self.podAntiAffinity = podAntiAffinity
    }
}

/// Required and preferred nodes (`v1.NodeAffinity`).
@usableFromInline
package struct NodeAffinityRules: Hashable, Sendable {
    package var required: NodeSelector?
    package var preferred: [PreferredSchedulingTerm]

    package init(required: NodeSelector? = nil, preferred: [PreferredSchedulingTerm] = []) {
        self.required = required
        self.preferred = preferred
    }
}

/// Required and preferred neighbours (`v1.PodAffinity`, `v1.PodAntiAffinity`).
@usableFromInline
package struct PodAffinityRules: Hashable, Sendable {
    package var required: [PodAffinityTerm]
    package var preferred: [WeightedPodAffinityTerm]

    package init(required: [PodAffinityTerm] = [], preferred: [WeightedPodAffinityTerm] = []) {
        self.required = required
        self.preferred = preferred
    }
}

/// A set of pods, and the topology in which to be with or without them (`v1.PodAffinityTerm`).
@usableFromInline
package struct PodAffinityTerm: Hashable, Sendable {
    package var labelSelector: LabelSelector?
    package var namespaces: [String]
    package var namespaceSelector: LabelSelector?
    package var topologyKey: String
    package var matchLabelKeys: [String]
    package var mismatchLabelKeys: [String]

    package init(
        labelSelector: LabelSelector?, topologyKey: String, namespaces: [String] = [],
        namespaceSelector: LabelSelector? = nil, matchLabelKeys: [String] = [], mismatchLabelKeys: [String] = []
    ) {
        self.labelSelector = labelSelector
        self.topologyKey = topologyKey
        self.namespaces = namespaces
        self.namespaceSelector = namespaceSelector
        self.matchLabelKeys = matchLabelKeys
        self.mismatchLabelKeys = mismatchLabelKeys
    }
}

/// A pod affinity term with its weight (`v1.WeightedPodAffinityTerm`).
@usableFromInline
package struct WeightedPodAffinityTerm: Hashable, Sendable {
    /// 1 to 100.
    package var weight: Int64
    package var term: PodAffinityTerm

    package init(weight: Int64, term: PodAffinityTerm) {
        self.weight = weight
        self.term = term
    }
}

/// How evenly pods are to be spread over a topology (`v1.TopologySpreadConstraint`).
@usableFromInline
package struct TopologySpreadConstraint: Hashable, Sendable {
    @usableFromInline
    package enum WhenUnsatisfiable: String, Hashable, Sendable, CaseIterable {
        case doNotSchedule = "DoNotSchedule"
        case scheduleAnyway = "ScheduleAnyway"
    }

    @usableFromInline
    package enum InclusionPolicy: String, Hashable, Sendable, CaseIterable {
        case honor = "Honor"
        case ignore = "Ignore"
    }

    package var maxSkew: Int64
    package var topologyKey: String
    package var whenUnsatisfiable: WhenUnsatisfiable
    package var labelSelector: LabelSelector?
    package var minDomains: Int64?
    package var nodeAffinityPolicy: InclusionPolicy?
    package var nodeTaintsPolicy: InclusionPolicy?
    package var matchLabelKeys: [String]

    package init(
        maxSkew: Int64, topologyKey: String, whenUnsatisfiable: WhenUnsatisfiable,
        labelSelector: LabelSelector? = nil, minDomains: Int64? = nil,
        nodeAffinityPolicy: InclusionPolicy? = nil, nodeTaintsPolicy: InclusionPolicy? = nil,
        matchLabelKeys: [String] = []
    ) {
        self.maxSkew = maxSkew
        self.topologyKey = topologyKey
        self.whenUnsatisfiable = whenUnsatisfiable
        self.labelSelector = labelSelector
        self.minDomains = minDomains
        self.nodeAffinityPolicy = nodeAffinityPolicy
        self.nodeTaintsPolicy = nodeTaintsPolicy
        self.matchLabelKeys = matchLabelKeys
    }
}
