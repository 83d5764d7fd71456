public import Chronology

/// Work that ends (`batch/v1.Job`).
@usableFromInline
package struct Job: Hashable, Sendable {
    @usableFromInline
    package struct Spec: Hashable, Sendable {
        package var parallelism: Int64 = 1
        /// nil makes a work queue: any success ends the job.
        package var completions: Int64?
        package var activeDeadlineSeconds: Int64?
        package var backoffLimit: Int64 = 6
        package var backoffLimitPerIndex: Int64?
        package var maxFailedIndexes: Int64?
        package var ttlSecondsAfterFinished: Int64?
        package var indexed = false
        package var suspend = false
        package var manualSelector = false
        package var selector: LabelSelector?
        package var template = PodTemplateSpec()
        /// nil is no policy; a policy without rules has effects of its own.
        package var podFailurePolicy: [PodFailureRule]?
        package var successPolicy: [SuccessRule] = []
        package var podReplacementPolicy: PodReplacementPolicy?
        /// The controller that runs the job; nil is the one of the control plane.
        package var managedBy: String?

        package init() {}
    }

    @usableFromInline
    package enum PodReplacementPolicy: String, Hashable, Sendable, CaseIterable {
        case terminatingOrFailed = "TerminatingOrFailed"
        case failed = "Failed"
    }

    /// One rule of `spec.podFailurePolicy`.
    @usableFromInline
    package struct PodFailureRule: Hashable, Sendable {
        @usableFromInline
        package enum Action: String, Hashable, Sendable, CaseIterable {
            case failJob = "FailJob"
            case failIndex = "FailIndex"
            case ignore = "Ignore"
            case count = "Count"
        }

        @usableFromInline
        package enum Condition: Hashable, Sendable {
            case onExitCodes(container: String?, in: Bool, values: [Int32])
            case onPodConditions([(type: String, status: ConditionStatus)])

            @usableFromInline package static func == (left: Condition, right: Condition) -> Bool {
                switch (left, right) {
                case (.onExitCodes(let a, let b, let c), .onExitCodes(let d, let e, let f)): a == d && b == e && c == f
                case (.onPodConditions(let a), .onPodConditions(let b)):
                    a.elementsEqual(b) { $0.type == $1.type && $0.status == $1.status }
                case (.onExitCodes, .onPodConditions), (.onPodConditions, .onExitCodes): false
                }
            }

            @usableFromInline package func hash(into hasher: inout Hasher) {
                switch self {
                case .onExitCodes(_, _, let values): hasher.combine(values)
                case .onPodConditions(let patterns): hasher.combine(patterns.count)
                }
            }
        }

        package var action: Action
        package var condition: Condition

        package init(action: Action, condition: Condition) {
            self.action = action
            self.condition = condition
        }
    }

    /// One rule of `spec.successPolicy`.
    @usableFromInline
    package struct SuccessRule: Hashable, Sendable {
        package var succeededIndexes: String?
        package var succeededCount: Int64?

        package init(succeededIndexes: String?, succeededCount: Int64?) {
            self.succeededIndexes = succeededIndexes
            self.succeededCount = succeededCount
        }
    }

    @usableFromInline
    package struct Status: Hashable, Sendable {
        package var conditions: [KubernetesAPI.Condition] = []
        package var startTime: Instant?
        package var completionTime: Instant?
        package var active: Int64 = 0
        package var ready: Int64?
        package var terminating: Int64?
        package var succeeded: Int64 = 0
        package var failed: Int64 = 0
        package var completedIndexes: String = ""
        package var failedIndexes: String?
        package var uncountedSucceeded: [UID] = []
        package var uncountedFailed: [UID] = []

        package init() {}
    }

    package var metadata: ObjectMeta
    package var spec: Spec
    package var status = Status()

    package init(metadata: ObjectMeta, spec: Spec) {
        self.metadata = metadata
        self.spec = spec
    }

    /// The condition that ended the job (`Complete` or `Failed`), if any is true.
    package var finishedCondition: KubernetesAPI.Condition? {
        status.conditions.first { ($0.type == "Complete" || $0.type == "Failed") && $0.status == .true }
    }
}

/// Jobs on a schedule (`batch/v1.CronJob`).
@usableFromInline
package struct CronJob: Hashable, Sendable {
    @usableFromInline
    package enum ConcurrencyPolicy: String, Hashable, Sendable, CaseIterable {
        case allow = "Allow"
        case forbid = "Forbid"
        case replace = "Replace"
    }

    @usableFromInline
    package struct Spec: Hashable, Sendable {
        package var schedule: String = ""
        package var timeZone: String?
        package var startingDeadlineSeconds: Int64?
        package var concurrencyPolicy: ConcurrencyPolicy = .allow
        package var suspend = false
        package var jobLabels = StringMap()
        package var jobAnnotations = StringMap()
        package var jobTemplate = Job.Spec()
        package var successfulJobsHistoryLimit: Int64 = 3
        package var failedJobsHistoryLimit: Int64 = 1

        package init() {}
    }

    package var metadata: ObjectMeta
    package var spec: Spec
    package var active: [ObjectKey] = []
    package var lastScheduleTime: Instant?
    package var lastSuccessfulTime: Instant?

    package init(metadata: ObjectMeta, spec: Spec) {
        self.metadata = metadata
        self.spec = spec
    }
}
