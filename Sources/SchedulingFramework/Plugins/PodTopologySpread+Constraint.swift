package import KubernetesAPI

extension PodTopologySpread {
    /// A spread constraint made ready: defaults filled in, the selector complete (`topologySpreadConstraint`).
    package struct Constraint: Hashable, Sendable {
        /// At least 1.
        package let maxSkew: Int64
        package let topologyKey: String
        /// Whether every node is a domain of its own when nodes are ranked.
        package let isHostname: Bool
        /// With fewer domains than this, the emptiest counts as empty; at least 1.
        package let minDomains: Int64
        /// Whether nodes that the pod's selector or required affinity rules out are left out of account.
        package let honorsNodeAffinity: Bool
        /// Whether nodes with taints that the pod does not tolerate are left out of account.
        package let honorsTaints: Bool
        /// Which pods are spread: nil none, an empty one all that it is asked about, but in counts none.
        package var selector: LabelSelector?
        /// Labels whose values in the pod the selector asks for too.
        private let matchLabelKeys: [String]

        init(_ constraint: TopologySpreadConstraint) {
            maxSkew = constraint.maxSkew
            topologyKey = constraint.topologyKey
            isHostname = constraint.topologyKey == hostnameKey
            minDomains = constraint.minDomains ?? 1
            honorsNodeAffinity = constraint.nodeAffinityPolicy != .ignore
            honorsTaints = constraint.nodeTaintsPolicy == .honor
            selector = constraint.labelSelector
            matchLabelKeys = constraint.matchLabelKeys
        }
    }
}

// MARK: - Making

extension PodTopologySpread.Constraint {
    static func all(of list: [TopologySpreadConstraint], _ action: TopologySpreadConstraint.WhenUnsatisfiable) -> [Self]
    {
        list.filter { $0.whenUnsatisfiable == action }.map { Self($0) }
    }

    /// Returns `list` with the pod's own values of `matchLabelKeys` in the selectors.
    ///
    /// The API server has put them there on create; then this costs a look.
    static func resolved(_ list: [Self], for pod: PodInfo) -> [Self] {
        for constraint in list where !constraint.matchLabelKeys.isEmpty {
            return list.map { $0.resolved(pod.pod.metadata.labels) }
        }
        return list
    }

    private func resolved(_ labels: StringMap) -> Self {
        guard var selector else { return self }
        for key in matchLabelKeys {
            guard let value = labels[key] else { continue }
            let requirement = LabelSelector.Requirement(key: key, operator: .in, values: [value])
            if !selector.matchExpressions.contains(requirement) { selector.matchExpressions.append(requirement) }
        }
        var copy = self
        copy.selector = selector
        return copy
    }
}

// MARK: - Questions

extension PodTopologySpread.Constraint {
    /// Returns whether a pod with `labels` is among those that are spread; its namespace must be the incoming pod's.
    package func selects(_ labels: StringMap) -> Bool { selector?.matches(labels) ?? false }

    /// Whether no pod can ever be counted: an empty selector selects the incoming pod, but counts nobody.
    package var countsNobody: Bool { selector?.isEmpty ?? true }

    /// Returns how many pods of `node` count: selected, of the namespace, and not on their way out.
    package func count(in namespace: String, on node: NodeInfo) -> Int64 {
        guard let selector, !selector.isEmpty else { return 0 }
        var count: Int64 = 0
        for other in node.pods where other.pod.counts(in: namespace) && selector.matches(other.pod.metadata.labels) {
            count += 1
        }
        return count
    }

    /// Returns whether the pods of `node`, and its domain, are taken into account for pods of `shape`
    /// (`matchNodeInclusionPolicies`). That the node has all topology keys is a question of its own.
    package func includes(_ node: NodeInfo, for shape: PodShape) -> Bool {
        if honorsNodeAffinity && !NodeAffinity.fits(shape.spec, name: node.name, labels: node.labels) { return false }
        return !honorsTaints || node.taints.isEmpty
            || !TaintToleration.isKeptOff(by: node.taints, shape.spec.tolerations)
    }
}

extension Pod {
    /// Whether spreading sees the pod at all.
    fileprivate func counts(in namespace: String) -> Bool { !isTerminating && metadata.namespace == namespace }
}

extension [PodTopologySpread.Constraint] {
    /// Returns whether `labels` have the topology keys of all constraints.
    package func haveKeys(in labels: StringMap) -> Bool {
        for index in indices where labels[self[index].topologyKey] == nil { return false }
        return true
    }

    /// For each constraint the first with the same selector: their counts on a node are the same.
    var twins: [Int] { indices.map { index in firstIndex { $0.selector == self[index].selector } ?? index } }
}
