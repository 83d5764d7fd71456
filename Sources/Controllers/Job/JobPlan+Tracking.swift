import Chronology
import ControlPlane
import KubernetesAPI

// How ended pods come into the status (`trackJobStatusAndRemoveFinalizers`).

extension JobPlan {
    /// Lists ended pods in the status, takes their finalizers off, then counts them: two writes around the removals.
    mutating func track(changed: Bool) {
        var needsWrite = changed
        var tracked: Set<UID> = []
        for pod in pods where pod.isTracked(releasing) { tracked.insert(pod.metadata.uid) }
        if count(except: tracked) { needsWrite = true }

        var released: [Pod] = []
        let isFull = list(&released, &needsWrite)
        if let indexes {
            let completed = indexes.succeeded.description
            if completed != status.completedIndexes { needsWrite = true }
            status.succeeded = indexes.succeeded.total
            status.completedIndexes = completed
            let failed = indexes.failed?.description
            if failed != status.failedIndexes { needsWrite = true }
            status.failedIndexes = failed
        }
        if let verdict, status.conditions.named(verdict.interim)?.status != .true {
            status.conditions.append(verdict.condition(verdict.interim, now: now))
            needsWrite = true
        }
        if needsWrite { write(version: job.metadata.resourceVersion) }

        for pod in released where !releasedOnDeletion.contains(pod.metadata.uid) {
            result.actions.append(Self.release(pod))
        }
        var needsSecond = count(except: tracked.subtracting(released.map(\.metadata.uid)))
        if let verdict, !isFull, status.uncountedSucceeded.isEmpty, status.uncountedFailed.isEmpty, terminating == 0 {
            finish(verdict)
            needsSecond = true
        }
        if needsSecond { write(version: needsWrite ? 0 : job.metadata.resourceVersion) }
    }

    /// Lists pods that ended, up to the limit, and collects those to release; returns whether the limit was reached.
    private mutating func list(_ released: inout [Pod], _ needsWrite: inout Bool) -> Bool {
        let listed = (succeeded: Set(status.uncountedSucceeded), failed: Set(status.uncountedFailed))
        var newIndexes = 0
        for pod in job.spec.indexed ? pods.sorted(by: Self.isEarlierIndex) : pods where pod.isTracked(releasing) {
            let hasFailed = job.considersFailed(pod)
            guard mayRelease(pod, hasFailed: hasFailed) else { continue }
            released.append(pod)
            let uid = pod.metadata.uid
            let hasPlace = !job.spec.indexed || job.validIndex(of: pod) != nil
            if pod.status.phase == .succeeded, !listed.failed.contains(uid) {
                if let indexes {
                    if let index = job.validIndex(of: pod), !indexes.counted.contains(index) {
                        newIndexes += 1
                        needsWrite = true
                    }
                } else if !listed.succeeded.contains(uid) {
                    status.uncountedSucceeded.append(uid)
                    needsWrite = true
                }
            } else if hasFailed || (verdict.map { !$0.isSuccess } ?? false) {
                if !listed.failed.contains(uid), hasPlace, job.failureMatch(of: pod).isCounted {
                    status.uncountedFailed.append(uid)
                    needsWrite = true
                }
            }
            if newIndexes + status.uncountedSucceeded.count + status.uncountedFailed.count >= Self.uncountedMax {
                return true
            }
        }
        return false
    }

    /// Whether the pod may go: not while its successor has to learn from it how often its index failed.
    private func mayRelease(_ pod: Pod, hasFailed: Bool) -> Bool {
        if job.metadata.isDeleting || verdict != nil || pod.status.phase == .succeeded { return true }
        guard hasFailed else { return false }
        guard job.spec.backoffLimitPerIndex != nil, let index = pod.completionIndex else { return true }
        return indexes?.delayed[index]?.metadata.uid != pod.metadata.uid
    }

    private static func isEarlierIndex(_ left: Pod, _ right: Pod) -> Bool {
        let leftIndex = left.completionIndex ?? -1
        let rightIndex = right.completionIndex ?? -1
        return leftIndex != rightIndex ? leftIndex < rightIndex : left.metadata.uid < right.metadata.uid
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
}
