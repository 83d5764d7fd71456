// Kubernetes counterpart: pkg/controller/job (v1.36).
// Deliberate differences: podFailurePolicy, successPolicy and backoffLimitPerIndex are not acted on yet.

package import ControlPlane
package import KubernetesAPI
package import Chronology

/// Runs a job's pods until enough of them succeeded or too many failed.
package struct JobReconciler: Reconciler {
    package static let name = "job-controller"
    package static let settings = ReconcilerSettings(workers: 5)
    package static let interest = ChangeInterest([.job], pods: .all, ofOwner: .job)
    /// How long changes of pods are gathered before they are looked at (`syncJobBatchPeriod`).
    package static let batchPeriod = Duration.seconds(1)

    private struct Memory {
        var uid: UID
        var generation: Int64 = -1
        var isDeleting = false
        /// When gathered changes are due, or a timer of the last step is.
        var due: Instant?
        var timer: Instant?
        var backoff = JobBackoff()
        var backoffPlanned: JobBackoff?
        var hasFailed = false
    }

    private var memories: [ObjectKey: Memory] = [:]
    private var expectations = PodExpectations()
    private var events: [ObjectKey: [EventRecord]] = [:]

    package init() {}

    package mutating func reconcile(_ key: ObjectKey, in view: any ClusterView) -> ReconcileResult {
        let now = view.now
        guard let job = view.job(namespace: key.namespace, name: key.name) else {
            let uid = memories.removeValue(forKey: key)?.uid
            expectations.forget(key)
            events[key] = nil
            return Self.release(
                uid.map { view.pods(controlledBy: $0) }
                    ?? view.pods(inNamespace: key.namespace).filter { $0.metadata.controllerKey(.job) == key })
        }
        var memory = memories[key] ?? Memory(uid: job.metadata.uid)
        defer { memories[key] = memory }
        if let wait = Self.gather(job, &memory, now: now) { return ReconcileResult(recheckAfter: wait) }
        guard job.finishedCondition == nil else {
            return Self.release(view.pods(controlledBy: job.metadata.uid))
        }

        let owned = view.pods(controlledBy: job.metadata.uid)
        let claim = PodClaim(
            owner: job.metadata, kind: .job, selector: job.spec.selector, owned: owned,
            orphans: job.spec.selector == nil ? [] : view.orphanPods(inNamespace: key.namespace),
            includesInactive: true)
        var plan = JobPlan(job, pods: claim.all, backoff: memory.backoff, now: now)
        plan.run(mayManage: expectations.areMet(key, pods: owned, now: now))
        memory.backoffPlanned = plan.backoff
        if plan.created > 0 || !plan.deleted.isEmpty {
            expectations.plan(key, pods: owned, deleting: plan.deleted, now: now)
        }
        var result = plan.result
        result.actions = claim.changes + result.actions
        result.events = (events.removeValue(forKey: key) ?? []) + result.events
        memory.timer = result.recheckAfter.map { now + $0 }
        return result
    }

    package mutating func observe(_ action: Action, error: ActionError?) {
        switch action {
        case .create(.pod(let pod)):
            guard let key = pod.metadata.controllerKey(.job) else { return }
            if let error {
                memories[key]?.hasFailed = true
                events[key, default: []].append(
                    EventRecord(key, .warning, reason: "FailedCreate", message: "Error creating: \(error)"))
            } else {
                expectations.created(pod.metadata.uid, for: key)
                if !pod.metadata.name.isEmpty {
                    events[key, default: []].append(
                        EventRecord(key, reason: "SuccessfulCreate", message: "Created pod: \(pod.metadata.name)"))
                }
            }
        case .updateStatus(.job(let job)):
            let key = ObjectKey(.job, namespace: job.metadata.namespace, name: job.metadata.name)
            guard memories[key] != nil else { return }
            if error != nil {
                memories[key]?.hasFailed = true
            } else if let backoff = memories[key]?.backoffPlanned {
                memories[key]?.backoff = backoff
                memories[key]?.backoffPlanned = nil
            }
        case .update(.pod(let pod)):
            if error != nil, let key = pod.metadata.controllerKey(.job) { memories[key]?.hasFailed = true }
        case .delete(_, let uid?, _, _): expectations.deleted(uid, error: error)
        case .create, .update, .updateStatus, .delete, .bind, .evict, .patchPodStatus, .patchNodeTaints,
            .patchNodeConditions:
            break
        }
    }

    package func keys(for change: WatchEvent, in view: any ClusterView) -> [ObjectKey] {
        let object = change.object
        switch object {
        case .job: return [object.key]
        case .pod(let pod):
            return PodOwners.keys(.job, pod: pod, change: change) {
                view.objects(of: .job, namespace: pod.metadata.namespace).filter { candidate in
                    guard case .job(let job) = candidate else { return false }
                    return job.spec.selector?.matches(pod.metadata.labels) ?? false
                }
            }
        case .namespace, .node, .replicaSet, .deployment, .statefulSet, .daemonSet, .cronJob, .service,
            .podDisruptionBudget, .priorityClass, .persistentVolume, .persistentVolumeClaim, .storageClass,
            .horizontalPodAutoscaler, .resourceQuota, .limitRange, .replicationController, .controllerRevision,
            .lease, .endpoints, .csiNode, .other:
            return []
        }
    }

    /// Returns how long to wait for more changes, or nil when the job is to be looked at now.
    ///
    /// A change of the job itself is looked at at once; changes of pods and of the status are gathered.
    private static func gather(_ job: Job, _ memory: inout Memory, now: Instant) -> Duration? {
        let isDeleting = job.metadata.isDeleting
        let isDue = memory.due.map { $0 <= now } ?? false
        let isTime = memory.timer.map { $0 <= now } ?? false
        if memory.generation != job.metadata.generation || memory.isDeleting != isDeleting || isDue || isTime
            || memory.hasFailed
        {
            memory.generation = job.metadata.generation
            memory.isDeleting = isDeleting
            memory.due = nil
            memory.timer = nil
            memory.hasFailed = false
            return nil
        }
        let due = memory.due ?? now + batchPeriod
        memory.due = due
        return min(due, memory.timer ?? due) - now
    }

    /// Takes the finalizer off pods that a finished or deleted job left behind.
    private static func release(_ pods: [Pod]) -> ReconcileResult {
        var result = ReconcileResult()
        for pod in pods where pod.hasTrackingFinalizer {
            var released = pod
            released.metadata = pod.metadata.removingFinalizer(JobPlan.finalizer)
            result.actions.append(.update(.pod(released)))
        }
        return result
    }
}
