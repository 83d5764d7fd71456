package import Chronology
package import ControlPlane
package import KubernetesAPI

/// One synchronisation of one job, worked out from its pods; pure, so that tables can test it.
package struct JobPlan {
    /// The finalizer that keeps a pod until the job has counted it.
    package static let finalizer = "batch.kubernetes.io/job-tracking"
    /// The annotation, and label, that holds a pod's completion index.
    package static let indexAnnotation = "batch.kubernetes.io/job-completion-index"
    /// The most pods that one step makes or deletes (`MaxPodCreateDeletePerSync`).
    static let podsPerStep: Int64 = 500
    /// The most uncounted pods that the status lists (`MaxUncountedPods`).
    static let uncountedMax = 500

    /// What the step asks for.
    package internal(set) var result = ReconcileResult()
    /// The back-off to remember once the pods of this step are in the status.
    package private(set) var backoff: JobBackoff
    /// The pods that the step deletes.
    package internal(set) var deleted: [Pod] = []
    /// The number of pods that the step creates.
    package internal(set) var created: Int64 = 0

    let job: Job
    let key: ObjectKey
    let now: Instant
    let pods: [Pod]
    let activePods: [Pod]
    // Pods whose finalizer was taken off before, though the view does not show it yet.
    let releasing: Set<UID>
    var status: Job.Status

    var active: Int64
    var ready: Int64
    var terminating: Int64
    var succeeded: Int64
    var indexes: JobIndexes?
    var verdict: JobVerdict?
    // Pods that this step takes the finalizer off while it deletes them.
    var releasedOnDeletion: Set<UID> = []

    /// Creates the step for `job`, which claims `pods`; of those in `releasing` the finalizer is off already.
    package init(_ job: Job, pods: [Pod], backoff: JobBackoff, releasing: Set<UID> = [], now: Instant) {
        self.job = job
        self.now = now
        self.pods = pods
        self.releasing = releasing
        key = ObjectKey(.job, namespace: job.metadata.namespace, name: job.metadata.name)
        status = job.status
        activePods = pods.filter(\.isActive)
        active = Int64(activePods.count)
        ready = Int64(activePods.filter(\.isReady).count)
        terminating = Int64(pods.filter(\.isEnding).count)
        let fresh = Self.uncounted(job, pods, releasing)
        succeeded =
            job.status.succeeded + Int64(job.status.uncountedSucceeded.count) + Int64(fresh.succeeded.count)
        self.backoff = backoff.adding(succeeded: fresh.succeeded, failed: fresh.failed)
        let counted = fresh.failed.filter { job.failureMatch(of: $0).isCounted }
        let failed = job.status.failed + Int64(job.status.uncountedFailed.count) + Int64(counted.count)
        // The deadline counts from the start that this step sets.
        if status.startTime == nil, !job.spec.suspend { status.startTime = now.wholeSecond }
        if job.spec.indexed {
            let known = JobIndexes(job, pods: pods, active: activePods, releasing: releasing)
            succeeded = known.succeeded.total
            indexes = known
        }
        var started = job
        started.status.startTime = status.startTime
        verdict = JobVerdict(started, pods: pods, failed: failed, indexes: indexes, now: now)
    }

    /// Works the step out; without `mayManage` no pod is made or deleted, because the view lags behind.
    ///
    /// Without `mayCreate` the step only reports: creating pods failed a moment ago.
    package mutating func run(mayManage: Bool, mayCreate: Bool = true) {
        var changed = false
        if verdict != nil {
            delete(activePods, removingFinalizer: false)
            // There may be pods that the view does not show, with finalizers to remove.
            if !mayManage { verdict = nil }
        } else {
            noteDeadline()
            let managed = mayManage && !job.metadata.isDeleting
            if managed { manage(mayCreate: mayCreate) }
            if isComplete {
                verdict = .success
            } else if managed, noteSuspension() {
                changed = true
            }
        }
        changed =
            changed || active != job.status.active || ready != job.status.ready
            || terminating != job.status.terminating
        status.active = active
        status.ready = ready
        status.terminating = terminating
        track(changed: changed)
    }

    private mutating func noteDeadline() {
        guard let deadline = job.spec.activeDeadlineSeconds, !job.spec.suspend, let start = status.startTime else {
            return
        }
        recheck(after: max(.zero, start + .seconds(deadline) - now))
    }

    private var isComplete: Bool {
        guard active == 0 else { return false }
        if let completions = job.spec.completions { return succeeded >= completions }
        return succeeded > 0
    }

    private mutating func noteSuspension() -> Bool {
        let present = status.conditions.named("Suspended")
        if job.spec.suspend {
            guard present?.status != .true else { return false }
            status.conditions.set(
                Condition("Suspended", .true, reason: "JobSuspended", message: "Job suspended", at: now.wholeSecond))
            result.events.append(EventRecord(key, reason: "Suspended", message: "Job suspended"))
            status.startTime = nil
            return true
        }
        guard let present, present.status != .false else { return false }
        status.conditions.set(
            Condition("Suspended", .false, reason: "JobResumed", message: "Job resumed", at: now.wholeSecond))
        status.startTime = now.wholeSecond
        result.events.append(EventRecord(key, reason: "Resumed", message: "Job resumed"))
        return true
    }

    mutating func recheck(after wait: Duration) {
        result.recheckAfter = result.recheckAfter.map { min($0, wait) } ?? wait
    }

    /// The pods that ended and stand neither in the counts nor in the lists of the status.
    private static func uncounted(
        _ job: Job, _ pods: [Pod], _ releasing: Set<UID>
    ) -> (succeeded: [Pod], failed: [Pod]) {
        var succeeded: [Pod] = []
        var failed: [Pod] = []
        let listed = (succeeded: Set(job.status.uncountedSucceeded), failed: Set(job.status.uncountedFailed))
        for pod in pods
        where pod.isTracked(releasing) && (!job.spec.indexed || job.validIndex(of: pod) != nil) {
            if pod.status.phase == .succeeded {
                if !listed.succeeded.contains(pod.metadata.uid) { succeeded.append(pod) }
            } else if job.considersFailed(pod), !listed.failed.contains(pod.metadata.uid) {
                failed.append(pod)
            }
        }
        return (succeeded, failed)
    }
}
