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
    package private(set) var result = ReconcileResult()
    /// The back-off to remember once the pods of this step are in the status.
    package private(set) var backoff: JobBackoff
    /// The pods that the step deletes.
    package private(set) var deleted: [Pod] = []
    /// The number of pods that the step creates.
    package private(set) var created: Int64 = 0

    private let job: Job
    private let key: ObjectKey
    private let now: Instant
    private let pods: [Pod]
    private let activePods: [Pod]
    private var status: Job.Status

    private var active: Int64
    private var ready: Int64
    private var terminating: Int64
    private var succeeded: Int64
    private var indexes = IndexIntervals()
    private let countedIndexes: IndexIntervals
    private var verdict: JobVerdict?

    /// Creates the step for `job`, which claims `pods`.
    package init(_ job: Job, pods: [Pod], backoff: JobBackoff, now: Instant) {
        self.job = job
        self.now = now
        self.pods = pods
        key = ObjectKey(.job, namespace: job.metadata.namespace, name: job.metadata.name)
        status = job.status
        activePods = pods.filter(\.isActive)
        active = Int64(activePods.count)
        ready = Int64(activePods.filter(\.isReady).count)
        terminating = Int64(pods.filter(\.isEnding).count)
        countedIndexes = IndexIntervals(parsing: job.status.completedIndexes, limit: job.spec.completions ?? 0)
        let fresh = Self.uncounted(job, pods)
        succeeded =
            job.status.succeeded + Int64(job.status.uncountedSucceeded.count) + Int64(fresh.succeeded.count)
        self.backoff = backoff.adding(succeeded: fresh.succeeded, failed: fresh.failed)
        if job.spec.indexed {
            indexes = countedIndexes
            for pod in pods where pod.status.phase == .succeeded && pod.hasTrackingFinalizer {
                if let index = job.validIndex(of: pod) { indexes.insert(index) }
            }
            succeeded = indexes.total
        }
        let failed = job.status.failed + Int64(job.status.uncountedFailed.count) + Int64(fresh.failed.count)
        verdict = JobVerdict(job, pods: pods, failed: failed, now: now)
    }

    /// Works the step out; without `mayManage` no pod is made or deleted, because the view lags behind.
    package mutating func run(mayManage: Bool) {
        var changed = false
        if status.startTime == nil, !job.spec.suspend {
            status.startTime = now.wholeSecond
            changed = true
        }
        if verdict != nil {
            delete(activePods, removingFinalizer: false)
        } else {
            let managed = mayManage && !job.metadata.isDeleting
            if managed { manage() }
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
        if let deadline = job.spec.activeDeadlineSeconds, verdict == nil, !job.spec.suspend,
            let start = status.startTime
        {
            recheck(after: max(.zero, start + .seconds(deadline) - now))
        }
    }

    // MARK: - Pods to make and to delete

    private mutating func manage() {
        if job.spec.suspend {
            return delete(forRemoval(atLeast: active), removingFinalizer: true)
        }
        let wanted: Int64
        if let completions = job.spec.completions {
            wanted = max(0, min(completions - succeeded, job.spec.parallelism))
        } else {
            wanted = succeeded > 0 ? active : job.spec.parallelism
        }
        let surplus = forRemoval(atLeast: max(0, active - wanted)).prefix(Int(Self.podsPerStep))
        if !surplus.isEmpty { return delete(Array(surplus), removingFinalizer: true) }

        var missing = wanted - active - (job.replacesOnlyFailed ? terminating : 0)
        guard missing > 0 else { return }
        let wait = backoff.remaining(now: now)
        guard wait == .zero else {
            // Upstream reports no active pods while it waits, whatever still runs.
            active = 0
            return recheck(after: wait)
        }
        missing = min(missing, Self.podsPerStep)
        if job.spec.indexed {
            let free = pendingIndexes(missing)
            for index in free { result.actions.append(.create(.pod(job.pod(index: index)))) }
            missing = Int64(free.count)
        } else {
            for _ in 0..<missing { result.actions.append(.create(.pod(job.pod(index: nil)))) }
        }
        created = missing
        active += missing
    }

    private func pendingIndexes(_ count: Int64) -> [Int64] {
        var taken = indexes
        for pod in activePods { if let index = job.validIndex(of: pod) { taken.insert(index) } }
        if job.replacesOnlyFailed {
            for pod in pods where pod.isEnding { if let index = job.validIndex(of: pod) { taken.insert(index) } }
        }
        var free: [Int64] = []
        var index: Int64 = 0
        while free.count < count, index < job.spec.completions ?? 0 {
            if !taken.contains(index) { free.append(index) }
            index += 1
        }
        return free
    }

    /// Active pods to remove: those without a place of their own first, then the least advanced.
    private func forRemoval(atLeast count: Int64) -> [Pod] {
        var removed: [Pod] = []
        var left = activePods
        if job.spec.indexed {
            left = []
            var groups: [(index: Int64, pod: Pod)] = []
            for pod in activePods {
                if let index = job.validIndex(of: pod) { groups.append((index, pod)) } else { removed.append(pod) }
            }
            // Of the pods of one index the most advanced stays.
            let sorted = groups.map { (rank: PodRank($0.pod, now: now), index: $0.index, pod: $0.pod) }
                .sorted { $0.index != $1.index ? $0.index < $1.index : $0.rank < $1.rank }
            for (place, entry) in sorted.enumerated() {
                if place + 1 < sorted.count, sorted[place + 1].index == entry.index {
                    removed.append(entry.pod)
                } else {
                    left.append(entry.pod)
                }
            }
        }
        let more = Int(count) - removed.count
        return more > 0 ? removed + left.firstToDelete(min(more, left.count), now: now) : removed
    }

    private mutating func delete(_ pods: [Pod], removingFinalizer: Bool) {
        for pod in pods {
            if removingFinalizer, pod.hasTrackingFinalizer { result.actions.append(Self.release(pod)) }
            result.actions.append(
                .delete(pod.key, uid: pod.metadata.uid, gracePeriodSeconds: nil, propagation: .background))
            result.events.append(
                EventRecord(key, reason: "SuccessfulDelete", message: "Deleted pod: \(pod.metadata.name)"))
            active -= 1
            terminating += 1
            if pod.isReady { ready -= 1 }
        }
        deleted += pods
    }

    // A merge of one list upstream; here an update without a version, because the kubelet may have written meanwhile.
    private static func release(_ pod: Pod) -> Action {
        var released = pod
        released.metadata = pod.metadata.removingFinalizer(finalizer)
        released.metadata.resourceVersion = 0
        return .update(.pod(released))
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
            return true
        }
        guard let present, present.status != .false else { return false }
        status.conditions.set(
            Condition("Suspended", .false, reason: "JobResumed", message: "Job resumed", at: now.wholeSecond))
        status.startTime = now.wholeSecond
        result.events.append(EventRecord(key, reason: "Resumed", message: "Job resumed"))
        return true
    }

    private mutating func recheck(after wait: Duration) {
        result.recheckAfter = result.recheckAfter.map { min($0, wait) } ?? wait
    }

    // MARK: - Counting

    /// Lists ended pods in the status, takes their finalizers off, then counts them: two writes around the removals.
    private mutating func track(changed: Bool) {
        var needsWrite = changed
        var tracked: [UID] = []
        for pod in pods where pod.hasTrackingFinalizer { tracked.append(pod.metadata.uid) }
        if count(except: Set(tracked)) { needsWrite = true }

        var released: [Pod] = []
        var isFull = false
        for pod in job.spec.indexed ? pods.sorted(by: isEarlierIndex) : pods where pod.hasTrackingFinalizer {
            let hasFailed = job.considersFailed(pod)
            guard job.metadata.isDeleting || verdict != nil || pod.status.phase == .succeeded || hasFailed else {
                continue
            }
            released.append(pod)
            let uid = pod.metadata.uid
            if pod.status.phase == .succeeded, !status.uncountedFailed.contains(uid) {
                if !job.spec.indexed, !status.uncountedSucceeded.contains(uid) {
                    status.uncountedSucceeded.append(uid)
                    needsWrite = true
                }
            } else if hasFailed || (verdict.map { !$0.isSuccess } ?? false) {
                if !status.uncountedFailed.contains(uid), !job.spec.indexed || job.validIndex(of: pod) != nil {
                    status.uncountedFailed.append(uid)
                    needsWrite = true
                }
            }
            if status.uncountedSucceeded.count + status.uncountedFailed.count >= Self.uncountedMax {
                isFull = true
                break
            }
        }
        if job.spec.indexed {
            let text = indexes.description
            if text != status.completedIndexes || status.succeeded != indexes.total { needsWrite = true }
            status.completedIndexes = text
            status.succeeded = indexes.total
        }
        if let verdict, status.conditions.named(verdict.interim)?.status != .true {
            status.conditions.append(verdict.condition(verdict.interim, now: now))
            needsWrite = true
        }
        if needsWrite { write(version: job.metadata.resourceVersion) }

        for pod in released where !isReleased(pod) { result.actions.append(Self.release(pod)) }
        let kept = Set(tracked).subtracting(released.map(\.metadata.uid))
        var needsSecond = count(except: kept)
        if let verdict, !isFull, status.uncountedSucceeded.isEmpty, status.uncountedFailed.isEmpty, terminating == 0 {
            finish(verdict)
            needsSecond = true
        }
        if needsSecond { write(version: needsWrite ? 0 : job.metadata.resourceVersion) }
    }

    private func isEarlierIndex(_ left: Pod, _ right: Pod) -> Bool {
        let leftIndex = left.completionIndex ?? -1
        let rightIndex = right.completionIndex ?? -1
        return leftIndex != rightIndex ? leftIndex < rightIndex : left.metadata.uid < right.metadata.uid
    }

    private func isReleased(_ pod: Pod) -> Bool {
        result.actions.contains {
            if case .update(.pod(let other)) = $0 { other.metadata.uid == pod.metadata.uid } else { false }
        }
    }

    /// Moves listed pods whose finalizer is off into the counts; returns whether there were any.
    private mutating func count(except tracked: Set<UID>) -> Bool {
        let succeeded = status.uncountedSucceeded.filter { tracked.contains($0) }
        let failed = status.uncountedFailed.filter { tracked.contains($0) }
        let newSucceeded = status.uncountedSucceeded.count - succeeded.count
        let newFailed = status.uncountedFailed.count - failed.count
        guard newSucceeded + newFailed > 0 else { return false }
        status.succeeded += Int64(newSucceeded)
        status.failed += Int64(newFailed)
        status.uncountedSucceeded = succeeded
        status.uncountedFailed = failed
        return true
    }

    private mutating func finish(_ verdict: JobVerdict) {
        status.conditions.append(verdict.condition(verdict.final, now: now))
        if verdict.isSuccess {
            status.completionTime = now.wholeSecond
            if let completions = job.spec.completions, status.succeeded > completions {
                result.events.append(
                    EventRecord(
                        key, .warning, reason: "TooManySucceededPods",
                        message: "Too many succeeded pods running after completion count reached"))
            }
            result.events.append(EventRecord(key, reason: "Completed", message: "Job completed"))
        } else {
            result.events.append(EventRecord(key, .warning, reason: verdict.reason, message: verdict.message))
        }
    }

    private mutating func write(version: Int64) {
        var next = job
        next.status = status
        next.metadata.resourceVersion = version
        result.actions.append(.updateStatus(.job(next)))
    }

    /// The pods that ended and stand neither in the counts nor in the lists of the status.
    private static func uncounted(_ job: Job, _ pods: [Pod]) -> (succeeded: [Pod], failed: [Pod]) {
        var succeeded: [Pod] = []
        var failed: [Pod] = []
        for pod in pods where pod.hasTrackingFinalizer && (!job.spec.indexed || job.validIndex(of: pod) != nil) {
            if pod.status.phase == .succeeded {
                if !job.status.uncountedSucceeded.contains(pod.metadata.uid) { succeeded.append(pod) }
            } else if job.considersFailed(pod), !job.status.uncountedFailed.contains(pod.metadata.uid) {
                failed.append(pod)
            }
        }
        return (succeeded, failed)
    }
}
