import Chronology
import ControlPlane
import KubernetesAPI

// Which pods a step makes and deletes (`manageJob`).

extension JobPlan {
    /// Brings the number of active pods toward what the job wants.
    mutating func manage(mayCreate: Bool) {
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

        let missing = wanted - active - (job.replacesOnlyFailed ? terminating : 0)
        guard missing > 0, mayCreate else { return }
        if job.spec.backoffLimitPerIndex == nil {
            let wait = backoff.remaining(now: now)
            if wait > .zero { return postpone(by: wait) }
        }
        create(min(missing, Self.podsPerStep))
    }

    private mutating func create(_ count: Int64) {
        guard let indexes else {
            for _ in 0..<count { result.actions.append(.create(.pod(job.pod(index: nil)))) }
            created = count
            active += count
            return
        }
        var free = indexes.pending(count, of: job, active: activePods, pods: pods)
        if job.spec.backoffLimitPerIndex != nil {
            let waits = free.map { indexes.wait(for: $0, now: now) }
            let due = zip(free, waits).filter { $0.1 == .zero }.map(\.0)
            if due.isEmpty, let shortest = waits.min() { return postpone(by: shortest) }
            free = due
        }
        for index in free {
            result.actions.append(.create(.pod(job.pod(index: index, replacing: indexes.delayed[index]))))
        }
        created = Int64(free.count)
        active += created
    }

    private mutating func postpone(by wait: Duration) {
        recheck(after: max(wait, JobReconciler.batchPeriod))
    }

    /// Active pods to remove: those without a place of their own first, then the least advanced.
    private func forRemoval(atLeast count: Int64) -> [Pod] {
        var removed: [Pod] = []
        var left = activePods
        if job.spec.indexed {
            left = []
            var groups: [(index: Int64, rank: JobPodRank, pod: Pod)] = []
            for pod in activePods {
                if let index = job.validIndex(of: pod) {
                    groups.append((index, JobPodRank(pod), pod))
                } else {
                    removed.append(pod)
                }
            }
            // Of the pods of one index the most advanced stays.
            let sorted = groups.sorted { $0.index != $1.index ? $0.index < $1.index : $0.rank < $1.rank }
            for (place, entry) in sorted.enumerated() {
                if place + 1 < sorted.count, sorted[place + 1].index == entry.index {
                    removed.append(entry.pod)
                } else {
                    left.append(entry.pod)
                }
            }
        }
        let more = Int(count) - removed.count
        return more > 0 ? removed + JobPodRank.first(more, of: left) : removed
    }

    /// Deletes `pods`; with `removingFinalizer` they go uncounted.
    mutating func delete(_ pods: [Pod], removingFinalizer: Bool) {
        for pod in pods {
            if removingFinalizer, pod.hasTrackingFinalizer {
                result.actions.append(Self.release(pod))
                releasedOnDeletion.insert(pod.metadata.uid)
            }
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

    /// A merge of one list upstream; here an update without a version, because the kubelet may have written meanwhile.
    static func release(_ pod: Pod) -> Action {
        var released = pod
        released.metadata = pod.metadata.removingFinalizer(finalizer)
        released.metadata.resourceVersion = 0
        return .update(.pod(released))
    }
}
