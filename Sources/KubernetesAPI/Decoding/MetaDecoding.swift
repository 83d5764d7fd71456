import Chronology

// Counterpart: k8s.io/apimachinery/pkg/apis/meta/v1.

extension ObjectMeta {
    /// Reads `metadata`.
    init(reading reader: FieldReader) {
        self.init(name: reader.string("name") ?? "", namespace: reader.string("namespace") ?? "")
        generateName = reader.string("generateName") ?? ""
        uid = reader.string("uid").map { $0.isEmpty ? UID.none : UID(text: $0) } ?? .none
        // Opaque upstream: versions of other stores may be no numbers.
        resourceVersion = reader.string("resourceVersion").flatMap { Int64($0) } ?? 0
        generation = reader.int64("generation") ?? 0
        creationTimestamp = reader.timestamp("creationTimestamp") ?? .start
        deletionTimestamp = reader.timestamp("deletionTimestamp")
        deletionGracePeriodSeconds = reader.int64("deletionGracePeriodSeconds")
        labels = reader.stringMap("labels")
        annotations = reader.stringMap("annotations")
        ownerReferences = reader.objects("ownerReferences") { OwnerReference(reading: $0) }
        finalizers = reader.strings("finalizers")
        reader.inert(["managedFields", "selfLink"])
    }
}

extension OwnerReference {
    init(reading reader: FieldReader) {
        self.init(
            apiVersion: reader.string("apiVersion") ?? "", kind: reader.requiredString("kind"),
            name: reader.requiredString("name"),
            uid: reader.string("uid").map { $0.isEmpty ? UID.none : UID(text: $0) } ?? .none,
            controller: reader.bool("controller") ?? false,
            blockOwnerDeletion: reader.bool("blockOwnerDeletion") ?? false)
    }
}

extension Condition {
    /// Reads a condition of a node, a pod, a workload or a budget; nil when type or status is wrong.
    init?(reading reader: FieldReader) {
        let type = reader.requiredString("type")
        let status: ConditionStatus? = reader.requiredChoice("status")
        let transition = reader.timestamp("lastTransitionTime")
        let update = reader.timestamp("lastUpdateTime")
        let reason = reader.string("reason") ?? ""
        let message = reader.string("message") ?? ""
        reader.inert(["lastProbeTime", "lastHeartbeatTime", "observedGeneration"])
        guard let status, !type.isEmpty else { return nil }
        self.init(ConditionType(type), status, reason: reason, message: message, at: transition ?? .start)
        if let update { lastUpdateTime = update }
    }
}

// MARK: - Selectors

extension LabelSelector {
    init(reading reader: FieldReader) {
        self.init(
            matchLabels: reader.stringMap("matchLabels"),
            matchExpressions: reader.objects("matchExpressions") { Requirement(reading: $0) })
    }
}

extension LabelSelector.Requirement {
    init?(reading reader: FieldReader) {
        let key = reader.requiredString("key")
        let values = reader.strings("values")
        guard let `operator`: Operator = reader.requiredChoice("operator") else { return nil }
        self.init(key: key, operator: `operator`, values: values)
    }
}

extension NodeSelector {
    init(reading reader: FieldReader) {
        self.init(terms: reader.objects("nodeSelectorTerms") { NodeSelectorTerm(reading: $0) })
        if terms.isEmpty { reader.error("nodeSelectorTerms", "at least one term is required") }
    }
}

extension NodeSelectorTerm {
    init(reading reader: FieldReader) {
        self.init(
            matchExpressions: reader.objects("matchExpressions") { NodeSelectorRequirement(reading: $0) },
            matchFields: reader.objects("matchFields") { NodeSelectorRequirement(reading: $0) })
    }
}

extension NodeSelectorRequirement {
    init?(reading reader: FieldReader) {
        let key = reader.requiredString("key")
        let values = reader.strings("values")
        guard let `operator`: Operator = reader.requiredChoice("operator") else { return nil }
        self.init(key: key, operator: `operator`, values: values)
    }
}
