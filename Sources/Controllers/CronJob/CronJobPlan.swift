import Chronology
import ControlPlane
import KubernetesAPI

/// One synchronisation of one cron job, worked out from its jobs; pure, so that tables can test it.
struct CronJobPlan {
    /// The annotation with the time for which a job was made.
    static let scheduledAnnotation = "batch.kubernetes.io/cronjob-scheduled-timestamp"

    /// What the step asks for.
    private(set) var result = ReconcileResult()

    private var cronJob: CronJob
    /// Its status as it was written last, where that may be newer than what is seen of it.
    private let written: CronJob?
    private let schedule: Result<CronSchedule, TimeParsingError>
    private let key: ObjectKey
    private let jobs: [Job]
    private let now: Instant
    private let startDate: StartDate
    private var statusChanged = false

    /// Creates the step for `cronJob`, which controls `jobs`; `written` is what was written of it last, if it may not show,
    /// and `schedule` what its schedule reads as, if that is known.
    init(
        _ cronJob: CronJob, written: CronJob? = nil, schedule: Result<CronSchedule, TimeParsingError>? = nil,
        jobs: [Job], now: Instant, startDate: StartDate
    ) {
        self.cronJob = cronJob
        self.written = written
        self.schedule = schedule ?? Self.parsed(cronJob.spec.schedule)
        self.jobs = jobs
        self.now = now
        self.startDate = startDate
        key = ObjectKey(.cronJob, namespace: cronJob.metadata.namespace, name: cronJob.metadata.name)
    }

    /// Returns the schedule that a text stands for, or what is wrong with it.
    static func parsed(_ text: String) -> Result<CronSchedule, TimeParsingError> {
        Result { () throws(TimeParsingError) in try CronSchedule(parsing: text) }
    }

    /// Works the step out; `job` looks up a job by its key.
    mutating func run(job: (ObjectKey) -> Job?) {
        trimHistory()
        noteJobs(job)
        if cronJob.metadata.deletionTimestamp == nil { schedule(job) }
        guard statusChanged else { return }
        result.actions.append(.updateStatus(.cronJob(cronJob)))
    }

    private mutating func tell(_ reason: String, _ message: String) {
        result.events.append(EventRecord(key, reason: reason, message: message))
    }

    private mutating func warn(_ reason: String, _ message: String) {
        result.events.append(EventRecord(key, .warning, reason: reason, message: message))
    }
}

// MARK: - Jobs there are

extension CronJobPlan {
    private mutating func trimHistory() {
        let complete = jobs.filter { $0.finishedCondition?.type == "Complete" }
        let failed = jobs.filter { $0.finishedCondition?.type == "Failed" }
        remove(complete, beyond: cronJob.spec.successfulJobsHistoryLimit)
        remove(failed, beyond: cronJob.spec.failedJobsHistoryLimit)
    }

    private mutating func remove(_ ended: [Job], beyond limit: Int64) {
        guard ended.count > limit else { return }
        let oldestFirst = ended.sorted {
            let left = $0.status.startTime ?? .never
            let right = $1.status.startTime ?? .never
            return left != right ? left < right : $0.metadata.name < $1.metadata.name
        }
        for job in oldestFirst.prefix(ended.count - Int(limit)) { delete(job) }
    }

    private mutating func delete(_ job: Job) {
        let jobKey = job.key
        result.actions.append(
            .delete(jobKey, uid: job.metadata.uid, gracePeriodSeconds: nil, propagation: .background))
        cronJob.active.removeAll { $0 == jobKey }
        tell("SuccessfulDelete", "Deleted job \(job.metadata.name)")
        statusChanged = true
    }

    /// Takes note of jobs that ended, and of those that it should know and does not find.
    private mutating func noteJobs(_ lookUp: (ObjectKey) -> Job?) {
        for job in jobs {
            let isActive = cronJob.active.contains(job.key)
            guard let end = job.finishedCondition else {
                if !isActive, let written, written.active.contains(job.key) {
                    // Upstream asks the API server, which knows what the cache does not show yet.
                    cronJob.active = written.active
                    cronJob.lastScheduleTime = written.lastScheduleTime
                    cronJob.lastSuccessfulTime = written.lastSuccessfulTime
                } else if !isActive {
                    warn(
                        "UnexpectedJob",
                        "Saw a job that the controller did not create or forgot: \(job.metadata.name)")
                }
                continue
            }
            if isActive {
                cronJob.active.removeAll { $0 == job.key }
                tell("SawCompletedJob", "Saw completed job: \(job.metadata.name), condition: \(end.type)")
                statusChanged = true
            }
            if end.type == "Complete", let time = job.status.completionTime,
                cronJob.lastSuccessfulTime.map({ $0 < time }) ?? true
            {
                cronJob.lastSuccessfulTime = time
                statusChanged = true
            }
        }
        let known = Set(jobs.map(\.key))
        for missing in cronJob.active where !known.contains(missing) && lookUp(missing) == nil {
            tell("MissingJob", "Active job went missing: \(missing.name)")
            cronJob.active.removeAll { $0 == missing }
            statusChanged = true
        }
    }
}

// MARK: - The next job

extension CronJobPlan {
    private mutating func schedule(_ lookUp: (ObjectKey) -> Job?) {
        let zone = cronJob.spec.timeZone ?? ""
        guard let clock = WallClock(startDate: startDate, zone: zone) else {
            return warn("UnknownTimeZone", "invalid timeZone: \"\(zone)\": unknown time zone \(zone)")
        }
        if cronJob.spec.suspend { return }
        let text = cronJob.spec.schedule
        let schedule: CronSchedule
        do throws(TimeParsingError) {
            schedule = try self.schedule.get()
        } catch {
            return warn("UnparseableSchedule", "unparseable schedule: \"\(text)\" : \(error)")
        }
        let times = CronJobTimes(cronJob: cronJob, schedule: schedule, clock: clock, now: now)
        guard let latest = times.latest(heedingDeadline: true) else {
            return warn(
                "InvalidSchedule",
                "invalid schedule: \(text) : time difference between two schedules is less than 1 second")
        }
        // What is started below does not change when the next run is due, but what is already started does.
        guard let due = latest.time else {
            result.recheckAfter = times.untilNext()
            return
        }
        if latest.missed > CronJobTimes.missedMax {
            warn(
                "TooManyMissedTimes",
                "too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew")
        }
        result.recheckAfter = times.untilNext()
        if let deadline = cronJob.spec.startingDeadlineSeconds, due + .seconds(deadline) < now {
            let time = startDate.unixTime(of: due).rfc1123
            return warn("MissSchedule", "Missed scheduled time to start a job: \(time)")
        }
        start(at: due, clock: clock, times: times, lookUp)
    }

    private mutating func start(
        at due: Instant, clock: WallClock, times: CronJobTimes, _ lookUp: (ObjectKey) -> Job?
    ) {
        let job = job(for: due, clock: clock)
        if cronJob.active.contains(job.key) || cronJob.lastScheduleTime == due { return }
        switch cronJob.spec.concurrencyPolicy {
        case .allow: break
        case .forbid:
            if !cronJob.active.isEmpty {
                return tell(
                    "JobAlreadyActive",
                    "Not starting job because prior execution is running and concurrency policy is Forbid")
            }
        case .replace:
            for running in cronJob.active { if let running = lookUp(running) { delete(running) } }
        }
        if let present = lookUp(job.key) {
            // It was made before, without a note of it in the status; or somebody else's job has the name.
            guard present.metadata.controllerReference?.uid == cronJob.metadata.uid else {
                result.recheckAfter = nil
                return
            }
        } else {
            result.actions.append(.create(.job(job)))
        }
        cronJob.active.append(job.key)
        cronJob.lastScheduleTime = due
        statusChanged = true
        var next = times
        next.note(due)
        result.recheckAfter = next.untilNext()
    }

    private func job(for due: Instant, clock: WallClock) -> Job {
        let minutes = startDate.unixTime(of: due).seconds / 60
        var metadata = ObjectMeta(
            name: "\(cronJob.metadata.name)-\(minutes)", namespace: cronJob.metadata.namespace,
            labels: cronJob.spec.jobLabels.isEmpty ? cronJob.spec.jobTemplate.template.labels : cronJob.spec.jobLabels)
        metadata.annotations = cronJob.spec.jobAnnotations
        metadata.annotations[Self.scheduledAnnotation] = clock.text(of: due, decimals: .none)
        metadata.ownerReferences = [OwnerReference(controller: cronJob.metadata, kind: .cronJob)]
        return Job(metadata: metadata, spec: cronJob.spec.jobTemplate)
    }
}

extension Job {
    var key: ObjectKey { ObjectKey(.job, namespace: metadata.namespace, name: metadata.name) }
}
