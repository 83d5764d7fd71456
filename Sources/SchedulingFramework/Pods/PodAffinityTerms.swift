package import KubernetesAPI

// Kubernetes counterpart: the terms of framework.PodInfo (v1.36).

/// The terms of a template's pod affinity and anti-affinity, ready to be matched.
package struct PodAffinityTerms: Hashable, Sendable {
    package let requiredAffinity: [AffinityTerm]
    package let requiredAntiAffinity: [AffinityTerm]
    package let preferredAffinity: [AffinityTerm]
    package let preferredAntiAffinity: [AffinityTerm]

    package init(_ affinity: Affinity?) {
        requiredAffinity = Self.required(affinity?.podAffinity)
        requiredAntiAffinity = Self.required(affinity?.podAntiAffinity)
        preferredAffinity = Self.preferred(affinity?.podAffinity)
        preferredAntiAffinity = Self.preferred(affinity?.podAntiAffinity)
    }

    /// Whether there is no term at all.
    package var isEmpty: Bool {
        requiredAffinity.isEmpty && requiredAntiAffinity.isEmpty && preferredAffinity.isEmpty
            && preferredAntiAffinity.isEmpty
    }

    /// Whether the pod asks for something that a node can fail.
    package var hasRequired: Bool { !requiredAffinity.isEmpty || !requiredAntiAffinity.isEmpty }
    package var hasPreferred: Bool { !preferredAffinity.isEmpty || !preferredAntiAffinity.isEmpty }

    private static func required(_ rules: PodAffinityRules?) -> [AffinityTerm] {
        rules?.required.map { AffinityTerm($0) } ?? []
    }

    private static func preferred(_ rules: PodAffinityRules?) -> [AffinityTerm] {
        rules?.preferred.map { AffinityTerm($0.term, weight: $0.weight) } ?? []
    }
}
