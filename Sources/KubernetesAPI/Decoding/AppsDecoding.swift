import Chronology

// Counterpart: apps/v1 with pkg/apis/apps/v1/defaults.go, and v1.ReplicationController.

extension FieldReader {
    /// Reads the `spec` of a workload, which must be there.
    func requiredSpec(_ body: (FieldReader) -> Void) {
        if !has("spec") { error("spec", "a value is required") }
        object("spec", body)
    }

    /// Reads the selector of a workload, which must be there.
    func requiredSelector() -> LabelSelector? {
        if !has("selector") { error("selector", "a value is required") }
        return object("selector") { LabelSelector(reading: $0) }
    }

    /// Reads the pod template of a workload, which must be there.
    func requiredTemplate() -> PodTemplateSpec {
        if !has("template") { error("template", "a value is required") }
        return object("template") { PodTemplateSpec(reading: $0) } ?? PodTemplateSpec()
    }
}

/// How a StatefulSet or DaemonSet replaces its pods.
private enum UpdateType: String, CaseIterable {
    case rollingUpdate = "RollingUpdate"
    case onDelete = "OnDelete"
}

// MARK: - Deployment

extension Deployment {
    private enum StrategyType: String, CaseIterable {
        case rollingUpdate = "RollingUpdate"
        case recreate = "Recreate"
    }

    init(reading reader: FieldReader, metadata: ObjectMeta) {
        self.init(metadata: metadata, spec: Spec())
        reader.requiredSpec { reader in
            spec.replicas = reader.count("replicas") ?? 1
            spec.selector = reader.requiredSelector()
            spec.template = reader.requiredTemplate()
            spec.minReadySeconds = reader.count("minReadySeconds") ?? 0
            spec.revisionHistoryLimit = reader.count("revisionHistoryLimit") ?? 10
            spec.paused = reader.bool("paused") ?? false
            let deadline = reader.count("progressDeadlineSeconds") ?? 600
            // The largest value says "no deadline" upstream.
            spec.progressDeadlineSeconds = deadline == Int64(Int32.max) ? nil : deadline
            if let strategy = reader.object("strategy", { Self.strategy($0) }) { spec.strategy = strategy }
        }
        status = reader.object("status") { Status(reading: $0) } ?? Status()
    }

    private static func strategy(_ reader: FieldReader) -> Strategy {
        let type: StrategyType = reader.optionalChoice("type") ?? .rollingUpdate
        var unavailable: IntOrPercent?
        var surge: IntOrPercent?
        reader.object("rollingUpdate") { reader in
            unavailable = reader.intOrPercent("maxUnavailable")
            surge = reader.intOrPercent("maxSurge")
        }
        switch type {
        case .recreate:
            if reader.has("rollingUpdate") { reader.error("rollingUpdate", "not allowed when the type is Recreate") }
            return .recreate
        case .rollingUpdate:
            return .rollingUpdate(maxUnavailable: unavailable ?? .percent(25), maxSurge: surge ?? .percent(25))
        }
    }
}

extension Deployment.Status {
    init(reading reader: FieldReader) {
        self.init()
        observedGeneration = reader.int64("observedGeneration") ?? 0
        replicas = reader.count("replicas") ?? 0
        updatedReplicas = reader.count("updatedReplicas") ?? 0
        readyReplicas = reader.count("readyReplicas") ?? 0
        availableReplicas = reader.count("availableReplicas") ?? 0
        unavailableReplicas = reader.count("unavailableReplicas") ?? 0
        terminatingReplicas = reader.count("terminatingReplicas")
        collisionCount = reader.count("collisionCount")
        conditions = reader.objects("conditions") { Condition(reading: $0) }
    }
}

// MARK: - ReplicaSet

extension ReplicaSet {
    init(reading reader: FieldReader, metadata: ObjectMeta) {
        self.init(metadata: metadata, spec: Spec())
        reader.requiredSpec { reader in
            spec.replicas = reader.count("replicas") ?? 1
            spec.selector = reader.requiredSelector()
            spec.template =
                reader.object("template") { PodTemplateSpec(reading: $0) } ?? PodTemplateSpec()
            spec.minReadySeconds = reader.count("minReadySeconds") ?? 0
        }
        status = reader.object("status") { Status(reading: $0) } ?? Status()
    }
}

extension ReplicaSet.Status {
    init(reading reader: FieldReader) {
        self.init()
        observedGeneration = reader.int64("observedGeneration") ?? 0
        replicas = reader.count("replicas") ?? 0
        fullyLabeledReplicas = reader.count("fullyLabeledReplicas") ?? 0
        readyReplicas = reader.count("readyReplicas") ?? 0
        availableReplicas = reader.count("availableReplicas") ?? 0
        terminatingReplicas = reader.count("terminatingReplicas")
        conditions = reader.objects("conditions") { Condition(reading: $0) }
    }
}

extension ReplicationController {
    init(reading reader: FieldReader, metadata: ObjectMeta) {
        self.init(metadata: metadata, spec: ReplicaSet.Spec())
        reader.requiredSpec { reader in
            spec.replicas = reader.count("replicas") ?? 1
            spec.template = reader.requiredTemplate()
            spec.minReadySeconds = reader.count("minReadySeconds") ?? 0
            let selector = reader.stringMap("selector")
            spec.selector = LabelSelector(matchLabels: selector.isEmpty ? spec.template.labels : selector)
        }
        if self.metadata.labels.isEmpty { self.metadata.labels = spec.template.labels }
        status = reader.object("status") { ReplicaSet.Status(reading: $0) } ?? ReplicaSet.Status()
    }
}

// MARK: - StatefulSet

extension StatefulSet {
    private enum PodManagement: String, CaseIterable {
        case orderedReady = "OrderedReady"
        case parallel = "Parallel"
    }

    init(reading reader: FieldReader, metadata: ObjectMeta) {
        self.init(metadata: metadata, spec: Spec())
        reader.requiredSpec { reader in
            spec.replicas = reader.count("replicas") ?? 1
            spec.selector = reader.requiredSelector()
            spec.template = reader.requiredTemplate()
            spec.volumeClaimTemplates = reader.objects("volumeClaimTemplates") { reader in
                reader.inert(["apiVersion", "kind"])
                let metadata = reader.object("metadata") { ObjectMeta(reading: $0) } ?? ObjectMeta()
                return PersistentVolumeClaim(reading: reader, metadata: metadata)
            }
            spec.serviceName = reader.string("serviceName") ?? ""
            spec.isParallel = reader.optionalChoice("podManagementPolicy") == PodManagement.parallel
            if let strategy = reader.object("updateStrategy", { Self.updateStrategy($0) }) {
                spec.updateStrategy = strategy
            }
            spec.minReadySeconds = reader.count("minReadySeconds") ?? 0
            // A negative one keeps all: the API server only warns of it, for this kind.
            spec.revisionHistoryLimit =
                reader.int64("revisionHistoryLimit", in: Int64(Int32.min)...Int64(Int32.max)) ?? 10
            spec.ordinalsStart = reader.object("ordinals") { $0.count("start") ?? 0 } ?? 0
            reader.object("persistentVolumeClaimRetentionPolicy") { reader in
                spec.whenDeleted = reader.optionalChoice("whenDeleted") ?? .retain
                spec.whenScaled = reader.optionalChoice("whenScaled") ?? .retain
            }
        }
        status = reader.object("status") { Status(reading: $0) } ?? Status()
    }

    private static func updateStrategy(_ reader: FieldReader) -> UpdateStrategy {
        let type: UpdateType? = reader.optionalChoice("type")
        var partition: Int64? = type == nil ? 0 : nil
        var unavailable: IntOrPercent?
        reader.object("rollingUpdate") { reader in
            partition = reader.count("partition") ?? 0
            unavailable = reader.intOrPercent("maxUnavailable")
        }
        switch type ?? .rollingUpdate {
        case .onDelete:
            if reader.has("rollingUpdate") {
                reader.error("rollingUpdate", "only for the strategy RollingUpdate", expected: "no value")
            }
            return .onDelete
        case .rollingUpdate: return .rollingUpdate(partition: partition, maxUnavailable: unavailable)
        }
    }
}

extension StatefulSet.Status {
    init(reading reader: FieldReader) {
        self.init()
        observedGeneration = reader.int64("observedGeneration") ?? 0
        replicas = reader.count("replicas") ?? 0
        readyReplicas = reader.count("readyReplicas") ?? 0
        availableReplicas = reader.count("availableReplicas") ?? 0
        currentReplicas = reader.count("currentReplicas") ?? 0
        updatedReplicas = reader.count("updatedReplicas") ?? 0
        currentRevision = reader.string("currentRevision") ?? ""
        updateRevision = reader.string("updateRevision") ?? ""
        collisionCount = reader.count("collisionCount")
        reader.inert(["conditions"])
    }
}

// MARK: - DaemonSet

extension DaemonSet {
    init(reading reader: FieldReader, metadata: ObjectMeta) {
        self.init(metadata: metadata, spec: Spec())
        reader.requiredSpec { reader in
            spec.selector = reader.requiredSelector()
            spec.template = reader.requiredTemplate()
            if let strategy = reader.object("updateStrategy", { Self.updateStrategy($0) }) {
                spec.updateStrategy = strategy
            }
            spec.minReadySeconds = reader.count("minReadySeconds") ?? 0
            spec.revisionHistoryLimit = reader.count("revisionHistoryLimit") ?? 10
        }
        status = reader.object("status") { Status(reading: $0) } ?? Status()
    }

    private static func updateStrategy(_ reader: FieldReader) -> UpdateStrategy {
        let type: UpdateType = reader.optionalChoice("type") ?? .rollingUpdate
        var unavailable: IntOrPercent?
        var surge: IntOrPercent?
        reader.object("rollingUpdate") { reader in
            unavailable = reader.intOrPercent("maxUnavailable")
            surge = reader.intOrPercent("maxSurge")
        }
        switch type {
        case .onDelete: return .onDelete
        case .rollingUpdate:
            return .rollingUpdate(maxUnavailable: unavailable ?? .number(1), maxSurge: surge ?? .number(0))
        }
    }
}

extension DaemonSet.Status {
    init(reading reader: FieldReader) {
        self.init()
        observedGeneration = reader.int64("observedGeneration") ?? 0
        desiredNumberScheduled = reader.count("desiredNumberScheduled") ?? 0
        currentNumberScheduled = reader.count("currentNumberScheduled") ?? 0
        updatedNumberScheduled = reader.count("updatedNumberScheduled") ?? 0
        numberReady = reader.count("numberReady") ?? 0
        numberAvailable = reader.count("numberAvailable") ?? 0
        numberUnavailable = reader.count("numberUnavailable") ?? 0
        numberMisscheduled = reader.count("numberMisscheduled") ?? 0
        collisionCount = reader.count("collisionCount")
        reader.inert(["conditions"])
    }
}

// MARK: - ControllerRevision

extension ControllerRevision {
    init(reading reader: FieldReader, metadata: ObjectMeta) {
        if !reader.has("revision") { reader.error("revision", "a value is required") }
        let revision = reader.int64("revision", in: 0...Int64.max) ?? 0
        // The data is a patch of the owner's spec that replaces the template.
        let template = reader.object("data") { reader in
            let template = reader.object("spec") { reader in
                let template = reader.object("template") { reader in
                    reader.inert(["$patch"])
                    return PodTemplateSpec(reading: reader)
                }
                reader.restIsInert()
                return template
            }
            reader.restIsInert()
            return (template ?? nil) ?? PodTemplateSpec()
        }
        self.init(metadata: metadata, revision: revision, template: template ?? PodTemplateSpec())
    }
}
