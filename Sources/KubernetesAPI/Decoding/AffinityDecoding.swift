// Counterpart: v1.Affinity, v1.TopologySpreadConstraint, v1.Toleration and v1.Taint.

extension Affinity {
    init(reading reader: FieldReader) {
        self.init(
            nodeAffinity: reader.object("nodeAffinity") { NodeAffinityRules(reading: $0) },
            podAffinity: reader.object("podAffinity") { PodAffinityRules(reading: $0) },
            podAntiAffinity: reader.object("podAntiAffinity") { PodAffinityRules(reading: $0) })
    }
}

extension NodeAffinityRules {
    /// Reads a `v1.NodeAffinity`.
    package init(reading reader: FieldReader) {
        self.init(
            required: reader.object("requiredDuringSchedulingIgnoredDuringExecution") { NodeSelector(reading: $0) },
            preferred: reader.objects("preferredDuringSchedulingIgnoredDuringExecution") {
                PreferredSchedulingTerm(
                    weight: $0.requiredWeight(),
                    preference: $0.object("preference") { NodeSelectorTerm(reading: $0) } ?? NodeSelectorTerm())
            })
    }
}

extension PodAffinityRules {
    init(reading reader: FieldReader) {
        self.init(
            required: reader.objects("requiredDuringSchedulingIgnoredDuringExecution") {
                PodAffinityTerm(reading: $0)
            },
            preferred: reader.objects("preferredDuringSchedulingIgnoredDuringExecution") { reader in
                let weight = reader.requiredWeight()
                if !reader.has("podAffinityTerm") { reader.error("podAffinityTerm", "a value is required") }
                return reader.object("podAffinityTerm") { PodAffinityTerm(reading: $0) }
                    .map { WeightedPodAffinityTerm(weight: weight, term: $0) }
            })
    }
}

extension FieldReader {
    /// Returns the weight of a preference, 1 to 100; 1 after recording an error.
    fileprivate func requiredWeight() -> Int64 {
        if !has("weight") { error("weight", "a value is required", expected: "a whole number from 1 to 100") }
        return int64("weight", in: 1...100) ?? 1
    }
}

extension PodAffinityTerm {
    init(reading reader: FieldReader) {
        self.init(
            labelSelector: reader.object("labelSelector") { LabelSelector(reading: $0) },
            topologyKey: reader.requiredString("topologyKey"), namespaces: reader.strings("namespaces"),
            namespaceSelector: reader.object("namespaceSelector") { LabelSelector(reading: $0) },
            matchLabelKeys: reader.strings("matchLabelKeys"), mismatchLabelKeys: reader.strings("mismatchLabelKeys"))
    }
}

extension TopologySpreadConstraint {
    /// Reads a `v1.TopologySpreadConstraint`; nil when it cannot say what to do with pods that do not fit.
    package init?(reading reader: FieldReader) {
        if !reader.has("maxSkew") { reader.error("maxSkew", "a value is required") }
        let maxSkew = reader.int64("maxSkew", in: 1...Int64(Int32.max)) ?? 1
        let topologyKey = reader.requiredString("topologyKey")
        let when: WhenUnsatisfiable? = reader.requiredChoice("whenUnsatisfiable")
        let selector = reader.object("labelSelector") { LabelSelector(reading: $0) }
        let minDomains = reader.int64("minDomains", in: 1...Int64(Int32.max))
        let affinityPolicy: InclusionPolicy? = reader.choice("nodeAffinityPolicy")
        let taintsPolicy: InclusionPolicy? = reader.choice("nodeTaintsPolicy")
        let matchLabelKeys = reader.strings("matchLabelKeys")
        guard let when else { return nil }
        self.init(
            maxSkew: maxSkew, topologyKey: topologyKey, whenUnsatisfiable: when, labelSelector: selector,
            minDomains: minDomains, nodeAffinityPolicy: affinityPolicy, nodeTaintsPolicy: taintsPolicy,
            matchLabelKeys: matchLabelKeys)
    }
}

extension Toleration {
    init(reading reader: FieldReader) {
        self.init(
            key: reader.string("key") ?? "", operator: reader.optionalChoice("operator") ?? .equal,
            value: reader.string("value") ?? "", effect: reader.optionalChoice("effect"),
            tolerationSeconds: reader.int64("tolerationSeconds"))
    }
}

extension Taint {
    init?(reading reader: FieldReader) {
        let key = reader.requiredString("key")
        let value = reader.string("value") ?? ""
        let timeAdded = reader.timestamp("timeAdded")
        guard let effect: TaintEffect = reader.requiredChoice("effect") else { return nil }
        self.init(key: key, value: value, effect: effect, timeAdded: timeAdded)
    }
}

extension FieldReader {
    /// Returns a choice for which the empty text says the same as leaving the field out.
    func optionalChoice<Choice>(_ name: String) -> Choice?
    where Choice: RawRepresentable & CaseIterable, Choice.RawValue == String {
        if let value = value(name), value.string == "" { return nil }
        return choice(name)
    }
}
