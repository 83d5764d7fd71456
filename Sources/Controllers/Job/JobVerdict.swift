package import Chronology
package import KubernetesAPI

/// That a job is over, and why; pods may still have to go before it counts as finished.
package struct JobVerdict: Hashable, Sendable {
    /// Whether the job completed rather than failed.
    package var isSuccess: Bool
    /// The reason in the conditions.
    package var reason: String
    /// The message in the conditions.
    package var message: String

    /// All completions were reached.
    package static let success = JobVerdict(
        isSuccess: true, reason: "CompletionsReached", message: "Reached expected number of succeeded pods")

    private init(isSuccess: Bool, reason: String, message: String) {
        self.isSuccess = isSuccess
        self.reason = reason
        self.message = message
    }

    /// Returns what the status already says, or an end that `pods` and `now` give, or nil when the job goes on.
    ///
    /// `failed` counts all failed pods, whether in the status or not. What was decided before stands; after it,
    /// failures go before the success policy.
    init?(_ job: Job, pods: [Pod], failed: Int64, indexes: JobIndexes?, now: Instant) {
        if let known = Self.known(job) {
            self = known
        } else if let message = Self.fatalFailure(job, pods) {
            self.init(isSuccess: false, reason: "PodFailurePolicy", message: message)
        } else if failed > job.spec.backoffLimit || Self.restartsExceed(job, pods) {
            self.init(
                isSuccess: false, reason: "BackoffLimitExceeded", message: "Job has reached the specified backoff limit"
            )
        } else if let deadline = job.spec.activeDeadlineSeconds, let start = job.status.startTime, !job.spec.suspend,
            now - start >= .seconds(deadline)
        {
            self.init(
                isSuccess: false, reason: "DeadlineExceeded",
                message: "Job was active longer than specified deadline")
        } else if let indexes, let verdict = Self.failure(job, indexes) ?? Self.policySuccess(job, indexes.succeeded) {
            self = verdict
        } else {
            return nil
        }
    }

    /// The condition that is set while pods go.
    var interim: ConditionType { isSuccess ? "SuccessCriteriaMet" : "FailureTarget" }
    /// The condition that ends the job.
    var final: ConditionType { isSuccess ? "Complete" : "Failed" }

    func condition(_ type: ConditionType, now: Instant) -> Condition {
        Condition(type, .true, reason: reason, message: message, at: now.wholeSecond)
    }
}

// MARK: - Rules

extension JobVerdict {
    private static func known(_ job: Job) -> JobVerdict? {
        for (type, isSuccess): (ConditionType, Bool) in [("SuccessCriteriaMet", true), ("FailureTarget", false)] {
            guard let known = job.status.conditions.named(type), known.status == .true else { continue }
            return JobVerdict(isSuccess: isSuccess, reason: known.reason, message: known.message)
        }
        return nil
    }

    private static func fatalFailure(_ job: Job, _ pods: [Pod]) -> String? {
        guard let rules = job.spec.podFailurePolicy, !rules.isEmpty else { return nil }
        for pod in pods where job.considersFailed(pod) {
            if let message = job.failureMatch(of: pod).failsJob { return message }
        }
        return nil
    }

    /// With `OnFailure` pods are restarted in place, and their restarts count against the limit.
    private static func restartsExceed(_ job: Job, _ pods: [Pod]) -> Bool {
        guard job.spec.template.spec.restartPolicy == .onFailure else { return false }
        var restarts: Int64 = 0
        for pod in pods where pod.status.phase == .running || pod.status.phase == .pending {
            for container in pod.status.initContainerStatuses { restarts += Int64(container.restartCount) }
            for container in pod.status.containerStatuses { restarts += Int64(container.restartCount) }
        }
        return job.spec.backoffLimit == 0 ? restarts > 0 : restarts >= job.spec.backoffLimit
    }

    private static func failure(_ job: Job, _ indexes: JobIndexes) -> JobVerdict? {
        guard let failed = indexes.failed?.total, failed > 0 else { return nil }
        if let most = job.spec.maxFailedIndexes, failed > most {
            return JobVerdict(
                isSuccess: false, reason: "MaxFailedIndexesExceeded",
                message: "Job has exceeded the specified maximal number of failed indexes")
        }
        guard failed + indexes.succeeded.total >= job.spec.completions ?? 0 else { return nil }
        return JobVerdict(isSuccess: false, reason: "FailedIndexes", message: "Job has failed indexes")
    }

    private static func policySuccess(_ job: Job, _ succeeded: IndexIntervals) -> JobVerdict? {
        guard succeeded.total > 0 else { return nil }
        for (place, rule) in job.spec.successPolicy.enumerated() {
            let isMet: Bool
            if let text = rule.succeededIndexes {
                let wanted = IndexIntervals(parsing: text, limit: job.spec.completions ?? 0)
                let reached = wanted.overlap(with: succeeded)
                let isEnough = reached == wanted.total || rule.succeededCount.map { reached >= $0 } == true
                isMet = wanted.total > 0 && isEnough
            } else {
                isMet = rule.succeededCount.map { succeeded.total >= $0 } ?? false
            }
            if isMet {
                return JobVerdict(
                    isSuccess: true, reason: "SuccessPolicy", message: "Matched rules at index \(place)")
            }
        }
        return nil
    }
}
