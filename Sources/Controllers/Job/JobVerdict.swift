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

    /// Returns what the status already says, or a failure that `pods` and `now` give, or nil when the job goes on.
    ///
    /// `failed` counts all failed pods, whether in the status or not.
    package init?(_ job: Job, pods: [Pod], failed: Int64, now: Instant) {
        for (type, isSuccess) in [("SuccessCriteriaMet", true), ("FailureTarget", false)] {
            guard let known = job.status.conditions.named(type), known.status == .true else { continue }
            self.init(isSuccess: isSuccess, reason: known.reason, message: known.message)
            return
        }
        if failed > job.spec.backoffLimit || Self.restartsExceed(job, pods) {
            self.init(
                isSuccess: false, reason: "BackoffLimitExceeded", message: "Job has reached the specified backoff limit"
            )
        } else if let deadline = job.spec.activeDeadlineSeconds, let start = job.status.startTime, !job.spec.suspend,
            now - start >= .seconds(deadline)
        {
            self.init(
                isSuccess: false, reason: "DeadlineExceeded",
                message: "Job was active longer than specified deadline")
        } else {
            return nil
        }
    }

    /// The condition that is set while pods go.
    var interim: String { isSuccess ? "SuccessCriteriaMet" : "FailureTarget" }
    /// The condition that ends the job.
    var final: String { isSuccess ? "Complete" : "Failed" }

    func condition(_ type: String, now: Instant) -> Condition {
        Condition(type, .true, reason: reason, message: message, at: now.wholeSecond)
    }

    // With OnFailure pods are restarted in place, and their restarts count against the limit.
    private static func restartsExceed(_ job: Job, _ pods: [Pod]) -> Bool {
        guard job.spec.template.spec.restartPolicy == .onFailure else { return false }
        var restarts: Int64 = 0
        for pod in pods where pod.status.phase == .running || pod.status.phase == .pending {
            for container in pod.status.initContainerStatuses { restarts += Int64(container.restartCount) }
            for container in pod.status.containerStatuses { restarts += Int64(container.restartCount) }
        }
        return job.spec.backoffLimit == 0 ? restarts > 0 : restarts >= job.spec.backoffLimit
    }
}
