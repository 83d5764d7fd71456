package import KubernetesAPI

// Kubernetes counterpart: fwk.AffinityTerm, fwk.WeightedAffinityTerm (v1.36).
// Deliberate difference: namespace names stay as written; whose own namespace is meant is said when the term is matched.

/// A term of pod (anti-)affinity as the scheduler matches it; the same for all pods of a template.
package struct AffinityTerm: Hashable, Sendable {
    package let topologyKey: String
    /// The pods that are meant; nil stands for none.
    package let selector: LabelSelector?
    /// Namespaces that are meant by name.
    package let namespaces: [String]
    /// Namespaces that are meant by their labels; nil stands for none.
    package let namespaceSelector: LabelSelector?
    /// Whether the pods of the carrier's own namespace are meant, as when neither names nor a selector are given.
    package let isAboutOwnNamespace: Bool
    /// Whether the namespace selector chooses a namespace without labels.
    package let choosesUnlabelled: Bool
    /// 1 to 100; 0 when the term is required.
    package let weight: Int64

    package init(_ term: PodAffinityTerm, weight: Int64 = 0) {
        topologyKey = term.topologyKey
        selector = term.labelSelector
        namespaces = term.namespaces
        namespaceSelector = term.namespaceSelector
        isAboutOwnNamespace = term.namespaces.isEmpty && term.namespaceSelector == nil
        choosesUnlabelled = term.namespaceSelector?.matches(StringMap()) ?? false
        self.weight = weight
    }

    /// Returns whether pods with `labels` are meant.
    package func selects(_ labels: StringMap) -> Bool { selector?.matches(labels) ?? false }

    /// Returns whether the term of a pod in the namespace `carrier` means `namespace` by its name.
    package func names(_ namespace: String, carrier: String) -> Bool {
        isAboutOwnNamespace ? namespace == carrier : namespaces.contains(namespace)
    }

    /// Returns whether the term of a pod on a node means `namespace`, which has `labels`; none when it is not known.
    package func covers(_ namespace: String, labels: StringMap, carrier: String) -> Bool {
        names(namespace, carrier: carrier) || namespaceSelector?.matches(labels) ?? false
    }

    /// Returns whether the term of the pod that is being scheduled means `namespace`; `labels` is nil when no such
    /// namespace is known.
    ///
    /// Upstream resolves the selector to names, but goes on to match it, without the namespace's labels: so a selector
    /// that chooses what has no labels chooses every namespace.
    package func coversIncoming(_ namespace: String, labels: StringMap?, carrier: String) -> Bool {
        if names(namespace, carrier: carrier) || choosesUnlabelled { return true }
        guard let labels, let namespaceSelector else { return false }
        return namespaceSelector.matches(labels)
    }
}
