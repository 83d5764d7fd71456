import Chronology

// Counterpart: batch/v1 with pkg/apis/batch/v1/defaults.go.

extension Job {
    init(reading reader: FieldReader, metadata: ObjectMeta) {
        self.init(metadata: metadata, spec: Spec())
        if !reader.has("spec") { reader.error("spec", "a value is required") }
        if let spec = reader.object("spec", { Spec(reading: $0) }) { self.spec = spec }
        if self.metadata.labels.isEmpty { self.metadata.labels = spec.template.labels }
        status = reader.object("status") { Status(reading: $0) } ?? Status()
    }
}

extension Job.Spec {
    private enum CompletionMode: String, CaseIterable {
        case nonIndexed = "NonIndexed"
        case indexed = "Indexed"
    }

    init(reading reader: FieldReader) {
        self.init()
        completions = reader.count("completions")
        let parallelism = reader.count("parallelism")
        if completions == nil, parallelism == nil { completions = 1 }
        self.parallelism = parallelism ?? 1
        activeDeadlineSeconds = reader.int64("activeDeadlineSeconds", in: 0...Int64.max)
        backoffLimitPerIndex = reader.count("backoffLimitPerIndex")
        // With a limit per index, the one for the whole job bounds nothing.
        backoffLimit = reader.count("backoffLimit") ?? (backoffLimitPerIndex == nil ? 6 : Int64(Int32.max))
        maxFailedIndexes = reader.count("maxFailedIndexes")
        ttlSecondsAfterFinished = reader.count("ttlSecondsAfterFinished")
        indexed = reader.optionalChoice("completionMode") == CompletionMode.indexed
        suspend = reader.bool("suspend") ?? false
        manualSelector = reader.bool("manualSelector") ?? false
        selector = reader.object("selector") { LabelSelector(reading: $0) }
        template = reader.requiredTemplate()
        podFailurePolicy = reader.object("podFailurePolicy") { reader in
            reader.objects("rules") { Job.PodFailureRule(reading: $0) }
        }
        successPolicy =
            reader.object("successPolicy") { reader in
                let rules = reader.objects("rules") {
                    Job.SuccessRule(
                        succeededIndexes: $0.string("succeededIndexes"), succeededCount: $0.count("succeededCount"))
                }
                if rules.isEmpty { reader.error("rules", "at least one rule is required") }
                return rules
            } ?? []
        podReplacementPolicy =
            reader.optionalChoice("podReplacementPolicy")
            ?? (reader.has("podFailurePolicy") ? .failed : .terminatingOrFailed)
        managedBy = reader.string("managedBy")
    }
}

extension Job.PodFailureRule {
    private enum ExitCodeOperator: String, CaseIterable {
        case `in` = "In"
        case notIn = "NotIn"
    }

    init?(reading reader: FieldReader) {
        let action: Action? = reader.requiredChoice("action")
        let exitCodes = reader.object("onExitCodes") { reader in
            let container = reader.string("containerName")
            let values = reader.integers("values")
            let `operator`: ExitCodeOperator? = reader.requiredChoice("operator")
            return Condition.onExitCodes(
                container: container, in: `operator` != ExitCodeOperator.notIn, values: values)
        }
        let patterns = reader.objects("onPodConditions") { reader in
            (
                type: reader.requiredString("type"),
                status: reader.optionalChoice("status") ?? ConditionStatus.true
            )
        }
        guard let action else { return nil }
        if exitCodes != nil, !patterns.isEmpty {
            reader.error("onPodConditions", "not allowed together with onExitCodes")
        }
        if exitCodes == nil, patterns.isEmpty {
            reader.error("onExitCodes", "one of onExitCodes and onPodConditions is required")
        }
        self.init(action: action, condition: exitCodes ?? .onPodConditions(patterns))
    }
}

extension FieldReader {
    /// Returns a list of whole numbers of 32 bits.
    func integers(_ name: String) -> [Int32] {
        scalars(name, expected: "a whole number") { element in
            guard case .scalar(.integer(let text)) = element.value else { return nil }
            return Int32(text)
        }
    }
}

extension Job.Status {
    init(reading reader: FieldReader) {
        self.init()
        conditions = reader.objects("conditions") { Condition(reading: $0) }
        startTime = reader.timestamp("startTime")
        completionTime = reader.timestamp("completionTime")
        active = reader.count("active") ?? 0
        ready = reader.count("ready")
        terminating = reader.count("terminating")
        succeeded = reader.count("succeeded") ?? 0
        failed = reader.count("failed") ?? 0
        completedIndexes = reader.string("completedIndexes") ?? ""
        failedIndexes = reader.string("failedIndexes")
        reader.object("uncountedTerminatedPods") { reader in
            uncountedSucceeded = reader.strings("succeeded").map { UID(text: $0) }
            uncountedFailed = reader.strings("failed").map { UID(text: $0) }
        }
    }
}

// MARK: - CronJob

extension CronJob {
    init(reading reader: FieldReader, metadata: ObjectMeta) {
        self.init(metadata: metadata, spec: Spec())
        reader.requiredSpec { reader in
            spec.schedule = reader.requiredString("schedule")
            spec.timeZone = reader.string("timeZone")
            spec.startingDeadlineSeconds = reader.int64("startingDeadlineSeconds", in: 0...Int64.max)
            spec.concurrencyPolicy = reader.optionalChoice("concurrencyPolicy") ?? .allow
            spec.suspend = reader.bool("suspend") ?? false
            spec.successfulJobsHistoryLimit = reader.count("successfulJobsHistoryLimit") ?? 3
            spec.failedJobsHistoryLimit = reader.count("failedJobsHistoryLimit") ?? 1
            if !reader.has("jobTemplate") { reader.error("jobTemplate", "a value is required") }
            reader.object("jobTemplate") { reader in
                let metadata = reader.object("metadata") { ObjectMeta(reading: $0) } ?? ObjectMeta()
                spec.jobLabels = metadata.labels
                spec.jobAnnotations = metadata.annotations
                if !reader.has("spec") { reader.error("spec", "a value is required") }
                if let template = reader.object("spec", { Job.Spec(reading: $0) }) { spec.jobTemplate = template }
            }
        }
        reader.object("status") { reader in
            active = reader.objects("active") { reader in
                reader.inert(["apiVersion", "kind", "uid", "resourceVersion", "fieldPath"])
                return ObjectKey(
                    .job, namespace: reader.string("namespace") ?? metadata.namespace,
                    name: reader.requiredString("name"))
            }
            lastScheduleTime = reader.timestamp("lastScheduleTime")
            lastSuccessfulTime = reader.timestamp("lastSuccessfulTime")
        }
    }
}
