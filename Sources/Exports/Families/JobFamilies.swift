import Chronology
import KubernetesAPI

/// What kube-state-metrics tells of Jobs and CronJobs.
enum JobFamilies {
    static let jobs: [ObjectFamily<Job>] = [
        .facts("kube_job_info", "A Job.") { _ in [] },
        .time("kube_job_created", "When a Job was created.") { $0.metadata.creationTimestamp },
        .facts("kube_job_labels", "The labels of a Job.") { $0.metadata.labelPairs },
        .gauge("kube_job_owner", "An owner of a Job.") { $0.metadata.ownerSamples },
        .number("kube_job_spec_parallelism", "Pods of a Job that may run at once.") { $0.spec.parallelism },
        .number("kube_job_spec_completions", "Pods of a Job that are to succeed.") { $0.spec.completions },
        .number("kube_job_spec_active_deadline_seconds", "Seconds after which a Job is ended.") {
            $0.spec.activeDeadlineSeconds
        },
        .number("kube_job_status_active", "Pods that are neither over nor going.") { $0.status.active },
        .number("kube_job_status_ready", "Pods that are ready.") { $0.status.ready ?? 0 },
        .number("kube_job_status_succeeded", "Pods that succeeded.") { $0.status.succeeded },
        .gauge("kube_job_status_failed", "Pods that failed; once the Job has, why it did.", failed),
        .time("kube_job_status_start_time", "When a Job was begun.") { $0.status.startTime },
        .time("kube_job_status_completion_time", "When a Job was completed.") { $0.status.completionTime },
        .gauge("kube_job_status_suspended", "Whether a Job is suspended.") { job in
            job.status.conditions.named("Suspended").map { [MetricSample([], $0.status == .true ? 1 : 0)] } ?? []
        },
        .gauge("kube_job_complete", "Whether a Job is complete.") { condition($0, "Complete") },
        .gauge("kube_job_failed", "Whether a Job has failed.") { condition($0, "Failed") },
    ]

    static let cronJobs: [ObjectFamily<CronJob>] = [
        .facts("kube_cronjob_info", "A CronJob and its schedule.") {
            [
                ("schedule", $0.spec.schedule), ("concurrency_policy", $0.spec.concurrencyPolicy.rawValue),
                ("timezone", $0.spec.timeZone ?? "local"),
            ]
        },
        .time("kube_cronjob_created", "When a CronJob was created.") { $0.metadata.creationTimestamp },
        .facts("kube_cronjob_labels", "The labels of a CronJob.") { $0.metadata.labelPairs },
        .number("kube_cronjob_spec_suspend", "Whether a CronJob is suspended.") { $0.spec.suspend ? 1 : 0 },
        .number("kube_cronjob_spec_starting_deadline_seconds", "Seconds by which a run may be late.") {
            $0.spec.startingDeadlineSeconds
        },
        .number("kube_cronjob_spec_successful_job_history_limit", "Completed Jobs that are kept.") {
            $0.spec.successfulJobsHistoryLimit
        },
        .number("kube_cronjob_spec_failed_job_history_limit", "Failed Jobs that are kept.") {
            $0.spec.failedJobsHistoryLimit
        },
        .number("kube_cronjob_status_active", "Jobs that are under way.") { Int64($0.active.count) },
        .time("kube_cronjob_status_last_schedule_time", "When a Job was last due.") { $0.lastScheduleTime },
        .time("kube_cronjob_status_last_successful_time", "When a Job last succeeded.") { $0.lastSuccessfulTime },
    ]

    private static func condition(_ job: Job, _ type: ConditionType) -> [MetricSample] {
        guard let condition = job.status.conditions.named(type) else { return [] }
        return MetricSample.statuses(condition.status.rawValue, label: "condition")
    }

    // The reasons that kube-state-metrics knows.
    private static let knownReasons = ["BackoffLimitExceeded", "DeadlineExceeded", "Evicted"]

    @Sendable private static func failed(_ job: Job) -> [MetricSample] {
        guard job.status.failed > 0 else { return [MetricSample([], 0)] }
        let reason = job.status.conditions.named("Failed")?.reason
        guard let reason, knownReasons.contains(reason) else { return [MetricSample([], Double(job.status.failed))] }
        return knownReasons.map { MetricSample([("reason", $0)], $0 == reason ? 1 : 0) }
    }
}
