// Kubernetes counterpart: pkg/controller/cronjob (v1.36).
// Deliberate differences: jobs in `status.active` are known by their names, which a schedule makes unique; time zones
// are those that Chronology knows.

package import ControlPlane
package import KubernetesAPI
import Chronology

/// Starts jobs on a schedule, and clears away those that ended long ago.
package struct CronJobReconciler: Reconciler {
    package static let name = "cronjob-controller"
    package static let settings = ReconcilerSettings(workers: 5)
    package static let interest = ChangeInterest([.cronJob, .job])

    /// The schedule that was last seen of a cron job: a new one counts from its next run on.
    private struct Schedule: Hashable {
        var uid: UID
        var text: String
        var zone: String?
    }

    /// With what comes of reading its text.
    private struct Read {
        var schedule: Schedule
        var parsed: Result<CronSchedule, TimeParsingError>
    }

    private var schedules: [ObjectKey: Read] = [:]
    private var events: [ObjectKey: [EventRecord]] = [:]
    /// The statuses that were written last; only looked up.
    private var written: [ObjectKey: CronJob] = [:]

    package init() {}

    package func keys(for change: WatchEvent, in view: any ClusterView) -> [ObjectKey] {
        switch change.object {
        case .cronJob: return [change.object.key]
        case .job(let job):
            var keys: [ObjectKey] = []
            if let key = job.metadata.controllerKey(.cronJob) { keys.append(key) }
            if let key = change.previous?.metadata.controllerKey(.cronJob), !keys.contains(key) { keys.append(key) }
            return keys
        case .namespace, .node, .pod, .replicaSet, .deployment, .statefulSet, .daemonSet, .service,
            .podDisruptionBudget, .priorityClass, .persistentVolume, .persistentVolumeClaim, .storageClass,
            .horizontalPodAutoscaler, .verticalPodAutoscaler, .resourceQuota, .limitRange, .replicationController,
            .controllerRevision,
            .lease, .endpoints, .endpointSlice, .csiNode, .other:
            return []
        }
    }

    package mutating func reconcile(_ key: ObjectKey, in view: any ClusterView) -> ReconcileResult {
        guard case .cronJob(let cronJob)? = view.object(key) else {
            schedules[key] = nil
            written[key] = nil
            return ReconcileResult(events: events.removeValue(forKey: key) ?? [])
        }
        var result: ReconcileResult
        if let wait = rescheduling(key, cronJob, in: view) {
            result = ReconcileResult(recheckAfter: wait)
        } else {
            var jobs: [Job] = []
            for case .job(let job) in view.dependents(of: cronJob.metadata.uid)
            where job.metadata.controllerKey(.cronJob) == key {
                jobs.append(job)
            }
            var plan = CronJobPlan(
                cronJob, written: unseenStatus(of: cronJob, key), schedule: schedules[key]?.parsed, jobs: jobs,
                now: view.now, startDate: view.startDate)
            plan.run { view.job(namespace: $0.namespace, name: $0.name) }
            result = plan.result
        }
        if let earlier = events.removeValue(forKey: key) { result.events = earlier + result.events }
        return result
    }

    /// Returns the status that was written last, as long as the cache may not show it.
    private func unseenStatus(of cronJob: CronJob, _ key: ObjectKey) -> CronJob? {
        guard let last = written[key], last.metadata.uid == cronJob.metadata.uid,
            last.metadata.resourceVersion >= cronJob.metadata.resourceVersion
        else { return nil }
        return last
    }

    package mutating func observe(_ action: Action, error: ActionError?) {
        if case .updateStatus(.cronJob(let cronJob)) = action, error == nil {
            written[ObjectKey(.cronJob, namespace: cronJob.metadata.namespace, name: cronJob.metadata.name)] = cronJob
        }
        guard case .create(.job(let job)) = action, let key = job.metadata.controllerKey(.cronJob) else { return }
        if let error {
            events[key, default: []].append(
                EventRecord(key, .warning, reason: "FailedCreate", message: "Error creating job: \(error)"))
        } else {
            events[key, default: []].append(
                EventRecord(key, reason: "SuccessfulCreate", message: "Created job \(job.metadata.name)"))
        }
    }

    /// Returns the time until the next run when the schedule has just changed: runs that it missed are not made up for.
    private mutating func rescheduling(
        _ key: ObjectKey, _ cronJob: CronJob, in view: any ClusterView
    ) -> Duration? {
        let present = Schedule(
            uid: cronJob.metadata.uid, text: cronJob.spec.schedule, zone: cronJob.spec.timeZone)
        let before = schedules[key]
        if let before, before.schedule == present { return nil }
        let parsed = before?.schedule.text == present.text ? before?.parsed : nil
        let read = Read(schedule: present, parsed: parsed ?? CronJobPlan.parsed(present.text))
        schedules[key] = read
        guard let before, before.schedule.uid == present.uid,
            let clock = WallClock(startDate: view.startDate, zone: present.zone ?? ""),
            case .success(let schedule) = read.parsed
        else { return nil }
        return CronJobTimes(cronJob: cronJob, schedule: schedule, clock: clock, now: view.now).untilNext()
    }
}
