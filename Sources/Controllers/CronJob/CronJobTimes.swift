import Chronology
import KubernetesAPI

/// When a cron job's jobs are due (`mostRecentScheduleTime` and `nextScheduleTimeDuration` upstream).
struct CronJobTimes: Sendable {
    /// What is added to the time of the next run, against clocks that differ (`nextScheduleDelta`).
    static let padding = Duration.milliseconds(100)
    /// The number of missed runs beyond which a warning is due.
    static let missedMax: Int64 = 100

    /// The last run that is due, as seen from some time.
    struct Latest: Sendable {
        /// The time from which runs are looked for.
        var earliest: Instant
        /// The last due run, or nil when none is.
        var time: Instant?
        /// Runs that were missed, estimated from the distance of the first two.
        var missed: Int64 = 0
    }

    private(set) var cronJob: CronJob
    let schedule: CronSchedule
    let clock: WallClock
    let now: Instant

    init(cronJob: CronJob, schedule: CronSchedule, clock: WallClock, now: Instant) {
        self.cronJob = cronJob
        self.schedule = schedule
        self.clock = clock
        self.now = now
    }

    /// Takes note that the run of `time` is started.
    mutating func note(_ time: Instant) { cronJob.lastScheduleTime = time }

    /// Returns the last run that is due by now, or nil when the schedule makes no sense, as on the 30th of February.
    ///
    /// With `heedingDeadline` runs are not looked for before the deadline for starting them.
    func latest(heedingDeadline: Bool) -> Latest? {
        var earliest = (cronJob.lastScheduleTime ?? cronJob.metadata.creationTimestamp).wholeSecond
        if heedingDeadline, let deadline = cronJob.spec.startingDeadlineSeconds {
            earliest = max(earliest, now - .seconds(deadline))
        }
        guard let first = schedule.next(after: earliest, on: clock) else { return nil }
        if now < first { return Latest(earliest: earliest) }
        guard let second = schedule.next(after: first, on: clock) else { return nil }
        if now < second { return Latest(earliest: earliest, time: first) }
        let step = (second - first).wholeSeconds
        guard step >= 1 else { return nil }
        let missed = (now - first).wholeSeconds / step + 1
        // Steps may differ in length: from one step before the estimate on, the schedule is followed run by run.
        var time: Instant?
        var next = schedule.next(after: first + .seconds((missed - 2) * step), on: clock)
        while let run = next, run <= now {
            time = run
            next = schedule.next(after: run, on: clock)
        }
        return Latest(earliest: earliest, time: time, missed: missed)
    }

    /// Returns the time until the run after the last one that is due.
    func untilNext() -> Duration? {
        var from = now
        if let latest = latest(heedingDeadline: false) {
            from = latest.time ?? (latest.missed == 0 ? latest.earliest : now)
        }
        return schedule.next(after: from, on: clock).map { $0 + Self.padding - now }
    }
}
