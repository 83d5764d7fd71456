// Counterpart: validateAffinity, ValidateTolerations, validateTopologySpreadConstraints, validateNodeTaints.

extension ValidationCheck {
    mutating func affinity(_ affinity: Affinity, at path: FieldPath) {
        let required = "requiredDuringSchedulingIgnoredDuringExecution"
        let preferred = "preferredDuringSchedulingIgnoredDuringExecution"
        if let rules = affinity.nodeAffinity { nodeAffinity(rules, at: path.field("nodeAffinity")) }
        for (name, rules) in [("podAffinity", affinity.podAffinity), ("podAntiAffinity", affinity.podAntiAffinity)] {
            guard let rules else { continue }
            let place = path.field(name)
            for (index, term) in rules.required.enumerated() {
                podAffinityTerm(term, at: place.field(required).index(index))
            }
            for (index, term) in rules.preferred.enumerated() {
                let place = place.field(preferred).index(index)
                weight(term.weight, at: place)
                podAffinityTerm(term.term, at: place.field("podAffinityTerm"))
            }
        }
    }

    mutating func nodeAffinity(_ rules: NodeAffinityRules, at place: FieldPath) {
        let required = place.field("requiredDuringSchedulingIgnoredDuringExecution")
        for (index, term) in (rules.required?.terms ?? []).enumerated() {
            nodeSelectorTerm(term, at: required.field("nodeSelectorTerms").index(index))
        }
        for (index, term) in rules.preferred.enumerated() {
            let place = place.field("preferredDuringSchedulingIgnoredDuringExecution").index(index)
            weight(term.weight, at: place)
            nodeSelectorTerm(term.preference, at: place.field("preference"))
        }
    }

    private mutating func weight(_ weight: Int64, at path: FieldPath) {
        require((1...100).contains(weight), path.field("weight"), "out of range", expected: "1 to 100")
    }

    private mutating func podAffinityTerm(_ term: PodAffinityTerm, at path: FieldPath) {
        topologyKey(term.topologyKey, at: path)
        if let selector = term.labelSelector { labelSelector(selector, at: path.field("labelSelector")) }
        if let selector = term.namespaceSelector { labelSelector(selector, at: path.field("namespaceSelector")) }
        for (index, name) in term.namespaces.enumerated() {
            require(
                NameRules.isDNSLabel(name), path.field("namespaces").index(index), "not a valid name of a namespace")
        }
        require(
            term.labelSelector != nil || term.matchLabelKeys.isEmpty && term.mismatchLabelKeys.isEmpty,
            path.field("labelSelector"), "required together with matchLabelKeys and mismatchLabelKeys")
        for (index, key) in term.matchLabelKeys.enumerated() {
            require(
                !term.mismatchLabelKeys.contains(key), path.field("matchLabelKeys").index(index),
                "stands in mismatchLabelKeys too")
        }
    }

    private mutating func topologyKey(_ key: String, at path: FieldPath) {
        require(
            NameRules.isQualifiedName(key), path.field("topologyKey"), "not a valid key of a label",
            expected: "such as kubernetes.io/hostname")
    }

    /// Checks constraints of pods with `labels`.
    mutating func spreadConstraints(
        _ constraints: [TopologySpreadConstraint], labels: StringMap, at path: FieldPath
    ) {
        var seen = Set<String>()
        for (index, constraint) in constraints.enumerated() {
            let place = path.index(index)
            require(constraint.maxSkew > 0, place.field("maxSkew"), "must be at least 1")
            require(
                constraint.minDomains == nil || constraint.whenUnsatisfiable == .doNotSchedule,
                place.field("minDomains"), "allowed only with whenUnsatisfiable: DoNotSchedule")
            let pair = "\(constraint.topologyKey) \(constraint.whenUnsatisfiable.rawValue)"
            require(
                seen.insert(pair).inserted, place,
                "another constraint has the same topologyKey and whenUnsatisfiable")
            if let selector = constraint.labelSelector { labelSelector(selector, at: place.field("labelSelector")) }
            require(
                constraint.labelSelector != nil || constraint.matchLabelKeys.isEmpty, place.field("matchLabelKeys"),
                "needs a labelSelector")
            for (index, key) in constraint.matchLabelKeys.enumerated() {
                let place = place.field("matchLabelKeys").index(index)
                require(NameRules.isQualifiedName(key), place, "not a valid key of a label")
                // A key that the pods do not have adds nothing to the selector.
                let isTwice = labels[key] != nil && constraint.labelSelector?.matchLabels[key] != nil
                require(!isTwice, place, "stands in labelSelector too")
            }
        }
    }

    mutating func toleration(_ toleration: Toleration, at path: FieldPath) {
        if toleration.key.isEmpty {
            require(
                toleration.operator == .exists, path.field("operator"), "without a key, only Exists is allowed",
                expected: "Exists")
        } else {
            require(NameRules.isQualifiedName(toleration.key), path.field("key"), "not a valid key of a taint")
        }
        switch toleration.operator {
        case .equal:
            require(NameRules.isLabelValue(toleration.value), path.field("value"), "not a valid value of a taint")
        case .exists: require(toleration.value.isEmpty, path.field("value"), "must be empty with Exists")
        case .lessThan, .greaterThan:
            add(
                path.field("operator"),
                "Lt and Gt need the feature gate TaintTolerationComparisonOperators, which is off in v1.36",
                expected: "Equal or Exists")
        }
        require(
            toleration.tolerationSeconds == nil || toleration.effect == .noExecute, path.field("effect"),
            "tolerationSeconds needs the effect NoExecute", expected: "NoExecute")
    }

    mutating func taints(_ taints: [Taint], at path: FieldPath) {
        var seen = Set<String>()
        for (index, taint) in taints.enumerated() {
            let place = path.index(index)
            require(NameRules.isQualifiedName(taint.key), place.field("key"), "not a valid key of a taint")
            require(NameRules.isLabelValue(taint.value), place.field("value"), "not a valid value of a taint")
            require(
                seen.insert("\(taint.key) \(taint.effect.rawValue)").inserted, place,
                "another taint has the same key and effect")
        }
    }
}
