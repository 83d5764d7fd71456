import Chronology
import KubernetesAPI

/// What is known of the indexes of an indexed job: which succeeded, which failed, which wait for a new pod.
struct JobIndexes: Sendable {
    /// The annotation that counts the failures of an index before this pod.
    static let failuresAnnotation = "batch.kubernetes.io/job-index-failure-count"
    /// The annotation that counts those failures that a rule of the job ignored.
    static let ignoredAnnotation = "batch.kubernetes.io/job-index-ignored-failure-count"

    /// Those that the status lists as completed.
    let counted: IndexIntervals
    /// Those that succeeded, whether the status lists them or not.
    let succeeded: IndexIntervals
    /// Those that failed for good; nil unless the job limits failures per index.
    let failed: IndexIntervals?
    /// By index the failed pod whose successor is to be made: it stays until then, to hand on its count of failures.
    let delayed: [Int64: Pod]

    init(_ job: Job, pods: [Pod], active: [Pod], releasing: Set<UID>) {
        let limit = job.spec.completions ?? 0
        counted = IndexIntervals(parsing: job.status.completedIndexes, limit: limit)
        var done = counted
        for pod in pods where pod.status.phase == .succeeded && pod.hasTrackingFinalizer {
            if let index = job.validIndex(of: pod) { done.insert(index) }
        }
        succeeded = done
        guard let perIndex = job.spec.backoffLimitPerIndex else {
            failed = nil
            delayed = [:]
            return
        }
        var lost = IndexIntervals(parsing: job.status.failedIndexes ?? "", limit: limit)
        for pod in pods where pod.hasTrackingFinalizer && Self.endsIndex(pod, of: job, limit: perIndex) {
            if let index = job.validIndex(of: pod) { lost.insert(index) }
        }
        failed = lost
        var busy = IndexIntervals()
        for pod in active { if let index = pod.completionIndex { busy.insert(index) } }
        var waiting: [Int64: Pod] = [:]
        for pod in pods where pod.isTracked(releasing) && job.considersFailed(pod) {
            guard let index = job.validIndex(of: pod), !done.contains(index), !lost.contains(index),
                !busy.contains(index)
            else { continue }
            if let other = waiting[index], !Self.isLater(pod, than: other) { continue }
            waiting[index] = pod
        }
        delayed = waiting
    }

    private static func endsIndex(_ pod: Pod, of job: Job, limit: Int64) -> Bool {
        guard job.considersFailed(pod) else { return false }
        let match = job.failureMatch(of: pod)
        return match.failsIndex || match.isCounted && pod.indexFailures >= limit
    }

    private static func isLater(_ pod: Pod, than other: Pod) -> Bool {
        other.allIndexFailures <= pod.allIndexFailures
            && JobBackoff.finishTime(of: pod) >= JobBackoff.finishTime(of: other)
    }

    /// Returns the lowest indexes, at most `count`, that neither ended nor have a pod.
    func pending(_ count: Int64, of job: Job, active: [Pod], pods: [Pod]) -> [Int64] {
        var taken = succeeded
        for pod in active { if let index = pod.completionIndex { taken.insert(index) } }
        if job.replacesOnlyFailed {
            for pod in pods where pod.isEnding { if let index = pod.completionIndex { taken.insert(index) } }
        }
        if let failed { taken.formUnion(failed) }
        return taken.firstMissing(count, below: job.spec.completions ?? 0)
    }

    /// Returns how long the next pod of `index` has to wait for the failures of the last one.
    func wait(for index: Int64, now: Instant) -> Duration {
        guard let last = delayed[index] else { return .zero }
        return JobBackoff.remaining(
            failures: last.allIndexFailures + 1, since: JobBackoff.finishTime(of: last), now: now)
    }
}

extension Pod {
    /// How often this pod's index failed before it, as far as failures count.
    var indexFailures: Int64 { failureCount(JobIndexes.failuresAnnotation) }

    /// How often this pod's index failed before it, ignored failures included.
    var allIndexFailures: Int64 { indexFailures + ignoredIndexFailures }

    var ignoredIndexFailures: Int64 { failureCount(JobIndexes.ignoredAnnotation) }

    private func failureCount(_ annotation: String) -> Int64 {
        guard let text = metadata.annotations[annotation], let count = Int32(text), count >= 0 else { return 0 }
        return Int64(count)
    }
}
